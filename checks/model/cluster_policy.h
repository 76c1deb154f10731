// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "checks/base/time.h"
#include "checks/model/host_snapshot.h"
#include "checks/model/maintenance.h"

namespace pgrepl {

/// Whether a synchronous standby must be there.  `automatic`: required once one has been seen.
enum class ExpectSync { required, off, automatic };

/// What the configuration says of one node, as far as judging needs it.
struct NodePolicy {
  std::string name;  ///< also the application_name that is expected on the primary
  std::vector<std::string>
      addresses;  ///< host names and addresses of the conninfo, to know its walsender by
  std::string port = "5432";  ///< of the conninfo
  std::string user;           ///< of the conninfo; empty: libpq chooses
  bool host_configured = false;
  bool exporter_is_local =
      false;  ///< this exporter runs on that node: its round trips are the pair's
};

/// What the configuration says of a cluster, as far as judging needs it.
struct ClusterPolicy {
  std::string name;
  std::vector<NodePolicy> nodes;
  std::string replication_user = "replicator";  ///< as configured, else as the guide calls it
  ExpectSync expect_sync = ExpectSync::automatic;
  std::optional<Maintenance> maintenance;  ///< may be over; see maintenance_at()
  Seconds poll_interval{5};
  Seconds poll_timeout{3};

  /// The maintenance that lasts at `now`; absent: none does.
  std::optional<Maintenance> maintenance_at(WallTime now) const {
    return in_force(maintenance, std::nullopt, now);
  }

  /// How long a report may be believed: the larger of 3 intervals and interval + 2 time-outs.
  Seconds freshness_limit() const {
    return std::max(3 * poll_interval, poll_interval + 2 * poll_timeout);
  }
};

}  // namespace pgrepl
