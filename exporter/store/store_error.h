// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace pgrepl {

/// Why the store does not serve.
enum class StoreFault {
  missing_directory,  ///< the folder of the file does not exist
  missing,            ///< there is no file to read
  not_ours,           ///< something else lies there: another program's file, a directory
  damaged,            ///< a file of ours whose content is broken
  locked,             ///< another process writes, and did not end in time
  full,               ///< no space left
  read_only,          ///< the file or its folder may not be written
  newer,              ///< made by a newer pgrepl
  other,
};

/// The fault's name for logs.  Pure.
constexpr std::string_view to_string(StoreFault fault) {
  switch (fault) {
    case StoreFault::missing_directory:
      return "missing_directory";
    case StoreFault::missing:
      return "missing";
    case StoreFault::not_ours:
      return "not_ours";
    case StoreFault::damaged:
      return "damaged";
    case StoreFault::locked:
      return "locked";
    case StoreFault::full:
      return "full";
    case StoreFault::read_only:
      return "read_only";
    case StoreFault::newer:
      return "newer";
    case StoreFault::other:
      return "other";
  }
  return "other";
}

/// A fault with one sentence that names the file: lower case, without a final stop.
struct StoreError {
  StoreFault fault = StoreFault::other;
  std::string message;

  bool operator==(const StoreError&) const = default;
};

}  // namespace pgrepl
