// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "checks/base/time.h"
#include "exporter/collect/host/look.h"
#include "exporter/collect/host_facts.h"
#include "exporter/config/config.h"

namespace pgrepl {

/// How a HostCollector goes about it.
struct HostCollectorOptions {
  Seconds refresh{10};  ///< from the end of one look to the beginning of the next
  Seconds deadline{5};  ///< a look that takes longer counts as a timeout until it comes back
  Look look = look_at_host;
};

/// Reads the host facts of all nodes that have a source, again and again, in threads of its own.
///
/// Each look runs in a thread that lives for this look alone, because a filesystem may hang for
/// hours and nothing can wake its caller: such a look makes its own directories a timeout and
/// delays nothing else. No source is ever looked at twice at a time, so that threads do not pile
/// up.
class HostCollector final : public HostFacts {
 public:
  explicit HostCollector(const Config& config, const HostCollectorOptions& options = {});
  /// Answers with the facts of `before` until its own looks come back, for nodes whose host is
  /// configured the same.
  HostCollector(const Config& config, const HostCollector& before,
                const HostCollectorOptions& options = {});
  /// Does not wait for looks that go on: they end by themselves and touch nothing of this object.
  ~HostCollector() override;
  HostCollector(const HostCollector&) = delete;
  HostCollector& operator=(const HostCollector&) = delete;

  std::optional<HostSnapshot> latest(const std::string& cluster, const std::string& node) override;
  void learn(const std::string& cluster, const std::string& node,
             const std::string& data_directory) override;

  /// Waits until every directory that is known by now has been looked at once, or has failed to
  /// answer in time.  False: that is not so after `patience`.
  bool settle(Seconds patience);

 private:
  struct Shared;

  HostCollector(const Config& config, const HostCollectorOptions& options,
                const HostCollector* before);

  std::shared_ptr<Shared> shared_;
  std::jthread scheduler_;
};

}  // namespace pgrepl
