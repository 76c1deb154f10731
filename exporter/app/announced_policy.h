// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/model/cluster_policy.h"
#include "exporter/store/announcement.h"

namespace pgrepl {

/// A configured policy with what has been announced laid over it, as it is in force at `now`. Pure.
inline ClusterPolicy with_announced(ClusterPolicy policy, const Announcements& announced,
                                    WallTime now) {
  if (const auto known = announced.find(policy.name); known != announced.end()) {
    policy.maintenance = in_force(policy.maintenance, known->second, now);
  }
  return policy;
}

}  // namespace pgrepl
