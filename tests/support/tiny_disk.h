// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace pgrepl::test {

/// Lays a filesystem of so many kilobytes over a directory, seen by this process and what it starts
/// from now on.  Needs no root where the kernel allows namespaces of users; the process stays the
/// user that it is, whose servers start as before.  False: it is forbidden here.  To be called
/// while this process has no other threads.
bool lay_tiny_disk_over(const std::filesystem::path& directory, int kilobytes);

}  // namespace pgrepl::test
