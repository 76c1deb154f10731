// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "checks/base/result.h"
#include "checks/model/failure.h"
#include "checks/model/host_snapshot.h"

namespace pgrepl {

/// The filesystem that holds `path` on this machine, by statvfs().  A path that may not be entered
/// is a failure of class permission that names it; the filesystem of a parent is never taken
/// instead. May hang for as long as a filesystem hangs (a dead NFS server): call it where that does
/// no harm. Thread-safe.
Result<Filesystem, Failure> local_filesystem(const std::string& path);

}  // namespace pgrepl
