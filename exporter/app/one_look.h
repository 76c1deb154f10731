// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "checks/analysis/memory.h"
#include "checks/judge/judge.h"
#include "exporter/config/config.h"

namespace pgrepl {

/// What a command saw of all clusters, in the order of the configuration.
struct OneLook {
  std::vector<ClusterReport> reports;
  std::vector<ClusterMemory> memories;  ///< after the look; parallel to `reports`
  std::vector<std::string> notes;       ///< sentences on what the look had to do without
};

/// Polls every cluster, all at the same time, and judges with the memory that the daemon's store
/// holds, which is only read.  A cluster of which nothing recent is remembered is looked at a
/// second time, a second later.  Takes at most about three time-outs.
OneLook look_once(const Config& config);

/// Looks again and again, over sessions that stay open, at the pace of the daemon, until `stop`.
/// `on_round` gets the newest reports, on the caller's thread, whenever every cluster has been
/// polled anew.
void keep_looking(const Config& config, const std::stop_token& stop,
                  const std::function<void(const OneLook&)>& on_round);

}  // namespace pgrepl
