// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/host/local_filesystem.h"

#include <sys/statvfs.h>

#include <cctype>
#include <cerrno>
#include <system_error>

namespace pgrepl {
namespace {

Failure failure_of(const std::string& path, int code) {
  const bool forbidden = code == EACCES || code == EPERM;
  std::string words = std::system_category().message(code);
  words.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(words.front())));
  return {.reason = forbidden ? FailureClass::permission : FailureClass::other,
          .message = "filesystem of " + path + ": " + words};
}

}  // namespace

Result<Filesystem, Failure> local_filesystem(const std::string& path) {
  struct statvfs status {};
  while (::statvfs(path.c_str(), &status) != 0) {
    if (errno != EINTR) return Failed{failure_of(path, errno)};
  }
  const auto block = static_cast<double>(status.f_frsize);
  return Filesystem{.size = block * static_cast<double>(status.f_blocks),
                    .free = block * static_cast<double>(status.f_bfree),
                    .available = block * static_cast<double>(status.f_bavail)};
}

}  // namespace pgrepl
