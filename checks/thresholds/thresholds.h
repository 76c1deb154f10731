// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "checks/base/range.h"

namespace pgrepl {

/// The two limits of one measure.  Absent: this severity is never reached.
struct Limits {
  std::optional<Range> warning, critical;

  bool operator==(const Limits&) const = default;
};

/// What a configuration level says of one measure; an absent limit leaves the level above in force.
using LimitOverride = Limits;

/// The overrides of one level (all clusters, one cluster, one node), by (check id, measure id).
using ThresholdLevel = std::map<std::pair<std::string, std::string>, LimitOverride, std::less<>>;

/// All configured thresholds that apply to one cluster.  A value; resolution is pure.
class Thresholds {
 public:
  Thresholds() = default;
  Thresholds(ThresholdLevel everywhere, ThresholdLevel cluster,
             std::map<std::string, ThresholdLevel> nodes)
      : everywhere_(std::move(everywhere)),
        cluster_(std::move(cluster)),
        nodes_(std::move(nodes)) {}

  /// The limits in force for one measure on one node: the nearest level that names a limit wins
  /// (node, cluster, everywhere, then `defaults`), for warning and critical separately.
  Limits resolve(std::string_view check, std::string_view measure, std::string_view node,
                 const Limits& defaults) const;

  /// The levels themselves, for telling where a limit comes from.
  const ThresholdLevel& everywhere() const { return everywhere_; }
  const ThresholdLevel& cluster() const { return cluster_; }
  const std::map<std::string, ThresholdLevel>& nodes() const { return nodes_; }

 private:
  ThresholdLevel everywhere_, cluster_;
  std::map<std::string, ThresholdLevel> nodes_;
};

}  // namespace pgrepl
