// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "checks/base/result.h"
#include "checks/model/failure.h"
#include "checks/model/host_snapshot.h"

namespace pgrepl {

/// What a node_exporter tells of one mount point.  Unit: bytes; absent: not on the page.
struct MountNumbers {
  std::optional<double> size, free, available;
};

/// By mount point.
using MountTable = std::map<std::string, MountNumbers>;

/// Reads the node_filesystem_* series of a node_exporter's page.  A mount point that stands in any
/// of them is in the table, so that a mount without numbers (its statfs failed, or the page broke
/// off) is not mistaken for a plain directory of the filesystem above it.  Pure.
Result<MountTable, Failure> parse_mounts(std::string_view page);

/// The filesystem that holds `path`: the longest mount point that is a beginning of it.  Mount
/// points that node_exporter leaves out by its own configuration, and symbolic links, cannot be
/// known.  Pure.
Result<Filesystem, Failure> filesystem_of(const std::string& path, const MountTable& mounts);

}  // namespace pgrepl
