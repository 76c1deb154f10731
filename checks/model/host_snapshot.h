// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/base/result.h"
#include "checks/model/failure.h"

namespace pgrepl {

/// Where the facts of a node's machine come from.
enum class HostSource { local, node_exporter };

constexpr std::string_view to_string(HostSource source) {
  return source == HostSource::local ? "local" : "node_exporter";
}

/// What a directory is for.  Published as label `directory` and as a check's object.
enum class DirectoryPurpose { data, wal, archive };

inline constexpr std::array kDirectoryPurposes{DirectoryPurpose::data, DirectoryPurpose::wal,
                                               DirectoryPurpose::archive};

constexpr std::string_view to_string(DirectoryPurpose purpose) {
  switch (purpose) {
    case DirectoryPurpose::data:
      return "data";
    case DirectoryPurpose::wal:
      return "wal";
    case DirectoryPurpose::archive:
      return "archive";
  }
  return "data";
}

/// The filesystem that holds a directory.  Unit: bytes.
struct Filesystem {
  std::string mountpoint;  ///< empty if the source does not tell
  double size = 0;
  double free = 0;       ///< also what only root may use
  double available = 0;  ///< what PostgreSQL may still write
  double used() const { return size - free; }

  bool operator==(const Filesystem&) const = default;
};

/// One directory of a node, and the filesystem it lies on or why that is not known.
struct DirectorySpace {
  DirectoryPurpose purpose = DirectoryPurpose::data;
  std::string path;
  Result<Filesystem, Failure> filesystem;

  bool operator==(const DirectorySpace&) const = default;
};

/// What is known of a node's machine.  Only directories that are configured, or that the server
/// names, are listed.
struct HostSnapshot {
  HostSource source = HostSource::local;
  std::vector<DirectorySpace> directories;

  bool operator==(const HostSnapshot&) const = default;
};

}  // namespace pgrepl
