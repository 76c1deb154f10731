// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/base/result.h"
#include "checks/model/failure.h"
#include "checks/model/node_probe.h"
#include "exporter/collect/postgres/connect_options.h"
#include "exporter/config/config.h"

namespace pgrepl {

/// The connection that a standby would open to a node: to the same server with the same TLS, but as
/// the role of `login`, for replication.  Pure.
ConnectionConfig replication_connection(const ConnectionConfig& node,
                                        const ConnectionConfig& login);

/// Logs in for replication and asks IDENTIFY_SYSTEM.  Takes no longer than two time-outs of
/// `limits`; for that moment the server shows one walsender more.  Thread-safe.
Result<SystemIdentity, Failure> identify_system(const ConnectionConfig& connection,
                                                const SessionLimits& limits);

}  // namespace pgrepl
