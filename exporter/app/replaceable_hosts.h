// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "exporter/collect/host/host_collector.h"

namespace pgrepl {

/// Host facts whose sources a reload replaces while the poller asks.  Thread-safe.
class ReplaceableHosts final : public HostFacts {
 public:
  explicit ReplaceableHosts(const Config& config)
      : collector_(std::make_shared<HostCollector>(config)) {}

  /// The new sources are read at once.  Until that is done, facts of sources that stay the same are
  /// kept; those of others are forgotten.  Throws std::system_error, and changes nothing, when no
  /// thread can be started.
  void replace(const Config& config) {
    auto next = std::make_shared<HostCollector>(config, *current());
    const std::lock_guard lock{mutex_};
    collector_.swap(next);
  }

  std::optional<HostSnapshot> latest(const std::string& cluster, const std::string& node) override {
    return current()->latest(cluster, node);
  }
  void learn(const std::string& cluster, const std::string& node,
             const std::string& data_directory) override {
    current()->learn(cluster, node, data_directory);
  }

 private:
  std::shared_ptr<HostCollector> current() {
    const std::lock_guard lock{mutex_};
    return collector_;
  }

  std::mutex mutex_;
  std::shared_ptr<HostCollector> collector_;
};

}  // namespace pgrepl
