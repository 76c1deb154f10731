// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "checks/model/host_snapshot.h"
#include "exporter/config/config.h"

namespace pgrepl {

/// A directory whose filesystem is asked for.
struct Directory {
  DirectoryPurpose purpose = DirectoryPurpose::data;
  std::string path;

  bool operator==(const Directory&) const = default;
};

/// Which directories of a node are known: data as configured, else as the server says
/// (`data_directory`, empty if it has not said yet); WAL as configured, else pg_wal in the former;
/// the archive only if it is configured.  On a remote machine a pg_wal that is a symbolic link
/// cannot be seen to be one: there, wal_path must be given.  Pure.
std::vector<Directory> directories_of(const HostConfig& host, const std::string& data_directory);

}  // namespace pgrepl
