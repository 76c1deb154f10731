// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "exporter/config/config.h"
#include "exporter/config/problems.h"
#include "exporter/config/table_reader.h"

namespace pgrepl {

/// Reads conninfo, password_file, password_env and passfile of a [[cluster.node]].  Relative paths
/// begin at `directory`.  Opens the files that it names.
ConnectionConfig read_connection(TableReader& node, const std::string& directory);

/// Reads user, password_file, password_env and passfile of [cluster.replication].
ConnectionConfig read_login(const Value& table, const std::string& directory, Problems& problems);

}  // namespace pgrepl
