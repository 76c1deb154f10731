// SPDX-License-Identifier: Apache-2.0
#include "tests/support/tiny_disk.h"

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace pgrepl::test {
namespace {

bool tell(const char* kernel, const std::string& text) {
  return (std::ofstream{kernel} << text << std::flush).good();
}

/// "1000 1000 1": inside as outside.  Whom the namespace does not know may own no file there, and
/// as root no PostgreSQL would start.
std::string as_before(unsigned id) { return std::to_string(id) + " " + std::to_string(id) + " 1"; }

/// Gives this process mounts of its own.
bool part_from_others() {
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  if (user == 0) return ::unshare(CLONE_NEWNS) == 0;
  if (::unshare(CLONE_NEWNS | CLONE_NEWUSER) != 0) return false;
  return tell("/proc/self/setgroups", "deny") && tell("/proc/self/uid_map", as_before(user)) &&
         tell("/proc/self/gid_map", as_before(group));
}

}  // namespace

bool lay_tiny_disk_over(const std::filesystem::path& directory, int kilobytes) {
  const std::string size = "size=" + std::to_string(kilobytes) + "k";
  return part_from_others() && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount("none", directory.c_str(), "tmpfs", 0, size.c_str()) == 0;
}

}  // namespace pgrepl::test
