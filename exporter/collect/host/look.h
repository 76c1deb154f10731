// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "checks/model/host_snapshot.h"
#include "exporter/collect/host/directories.h"
#include "exporter/config/config.h"

namespace pgrepl {

/// Asks a host's source for the filesystems of some directories: one answer per directory, in their
/// order.
using Look =
    std::function<std::vector<DirectorySpace>(const HostConfig&, const std::vector<Directory>&)>;

/// The real look: statvfs() or a request to node_exporter.  May hang.  Thread-safe.
std::vector<DirectorySpace> look_at_host(const HostConfig& host,
                                         const std::vector<Directory>& directories);

/// The same failure for each directory.  Pure.
std::vector<DirectorySpace> all_failed(const std::vector<Directory>& directories,
                                       const Failure& failure);

}  // namespace pgrepl
