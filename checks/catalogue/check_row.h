// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checks/analysis/cluster_analysis.h"
#include "checks/base/state.h"
#include "checks/base/units.h"
#include "checks/model/cluster_policy.h"
#include "checks/model/cluster_snapshot.h"
#include "checks/thresholds/thresholds.h"

namespace pgrepl {

/// The question of an operator that a check helps to answer.  Dashboards and reports group by it.
enum class Topic {
  availability,
  role,
  replication,
  lag,
  slots,
  disk,
  archive,
  network,
  settings,
  exporter
};

/// On which side of its limits a measure is bad.
enum class BadSide { above, below };

/// A number that a check judges.
struct MeasureRow {
  std::string_view id;
  Unit unit = Unit::none;
  BadSide bad = BadSide::above;
  std::optional<double> warning, critical;  ///< defaults; absent: never
  std::string_view source;                  ///< where the defaults come from
  /// Check and measure whose warning in force is this one's critical, unless it is configured
  /// itself.
  std::pair<std::string_view, std::string_view> critical_follows;
  /// Check and measure: the reading's value of that measure must be beyond that check's warning in
  /// force, or this one's warning and critical, or its critical alone, do not count.
  std::pair<std::string_view, std::string_view> warning_needs, critical_needs;
};

/// How long a finding must last before it counts: both must have passed.
struct Hold {
  double seconds = 0;
  int polls = 1;
};

/// A probable cause: one of a finite set per check.
struct CauseRow {
  std::string_view id;
  std::optional<State>
      state;  ///< asserted whenever the cause is given; absent: it only explains a bad measure
  std::optional<Hold> hold;  ///< absent: the check's
  std::string_view says;     ///< what it means, one sentence for the runbook
  std::string_view
      fix;  ///< lines of what to look at and to type; {node} {object} {primary} are filled in
  bool destroys_data = false;  ///< each minute costs data: maintenance does not mute it
};

/// A measured value.  A value known only within bounds is graded by them: below `lower` it cannot
/// be.
struct MeasuredValue {
  std::string_view measure;  ///< id of a MeasureRow
  std::optional<double> value, lower, upper;
  std::optional<double> minimum, maximum;  ///< of the scale, for perfdata
  std::optional<Limits>
      scaled_defaults;  ///< replaces the row's defaults where they depend on settings
};

/// What a check found on one node (and object), before thresholds and hold times.
struct Reading {
  std::string node, object;
  std::string_view cause = "none";  ///< id of a CauseRow; "none" if nothing is known to be wrong
  std::string summary;
  std::vector<MeasuredValue> values;
  std::optional<std::string> unknown_because;  ///< set: nothing could be looked at, and why
  /// Further names for {..} in the cause's fix: {slot}, {path} ...
  std::vector<std::pair<std::string, std::string>> names;
  std::string other_node;    ///< see CheckResult::other_node
  std::string other_object;  ///< see CheckResult::other_object
};

/// What a check may look at.
struct CheckFacts {
  const ClusterSnapshot& snapshot;
  const ClusterAnalysis& analysis;
  const ClusterPolicy& policy;
};

/// Why a check gives no reading: an absent status that is not a fault.
struct Absence {
  enum class Kind { not_applicable, not_configured };
  std::string node;
  Kind kind = Kind::not_applicable;
  std::string reason;
};

/// What a check says of a whole cluster.
struct Readings {
  std::vector<Reading> found;
  std::vector<Absence> absent;
};

/// A check, declared once: plugin, /check, status metrics, configuration keys, alert rules,
/// dashboards and runbook derive from it.
struct CheckRow {
  std::string_view id;
  std::string_view title;     ///< what is judged, for people
  std::string_view question;  ///< the operator's question that it answers
  Topic topic = Topic::availability;
  Hold hold;
  std::span<const MeasureRow> measures;
  std::span<const CauseRow> causes;  ///< without "none", which every check has
  std::string_view source;           ///< where the verdict's rule comes from
  Readings (*read)(const CheckFacts&) = nullptr;
};

}  // namespace pgrepl
