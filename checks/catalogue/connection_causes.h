// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "checks/catalogue/check_row.h"

namespace pgrepl {

/// Why one server cannot reach another or is not let in: the five causes that the guide lists under
/// "Replication not starting" (network, port, pg_hba.conf, password, firewall), told apart further
/// where that changes what to do.  `doctor` finds which it is, by trying.  Names in the fixes:
/// {node} {host} {address} {port} {user}.  Thread-safe.
std::span<const CauseRow> connection_causes();

/// The cause of that id, or null.  Thread-safe.
const CauseRow* find_connection_cause(std::string_view id);

}  // namespace pgrepl
