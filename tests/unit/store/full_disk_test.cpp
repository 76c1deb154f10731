// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "exporter/store/memory_store.h"
#include "tests/support/temp_directory.h"

namespace pgrepl {
namespace {

constexpr int kTold = 0, kNotTold = 1, kNoNamespace = 2;

bool tell(const char* kernel, const std::string& text) {
  return (std::ofstream{kernel} << text << std::flush).good();
}

/// Gives this process mounts of its own.  Who is not root becomes it in a namespace of users, which
/// must know him: whom it does not know may own no file there.
bool part_from_others() {
  const std::string user = std::to_string(::geteuid()), group = std::to_string(::getegid());
  if (user == "0") return ::unshare(CLONE_NEWNS) == 0;
  if (::unshare(CLONE_NEWNS | CLONE_NEWUSER) != 0) return false;
  return tell("/proc/self/setgroups", "deny") && tell("/proc/self/uid_map", "0 " + user + " 1") &&
         tell("/proc/self/gid_map", "0 " + group + " 1");
}

/// Lays a filesystem of 256 kB over a directory, for this process alone.
bool lay_tiny_filesystem_over(const std::string& directory) {
  return part_from_others() && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount("none", directory.c_str(), "tmpfs", 0, "size=256k") == 0;
}

int fill_the_disk(const std::string& directory) {
  if (!lay_tiny_filesystem_over(directory)) return kNoNamespace;
  auto store = MemoryStore::open(directory + "/memory.sqlite");
  if (!store || store->save("wallix", "small")) return kNotTold;
  const auto error = store->save("wallix", std::string(1 << 20, 'x'));
  const bool told = error && error->fault == StoreFault::full;
  const auto kept = store->load("wallix");
  return told && kept && *kept == "small" ? kTold : kNotTold;
}

TEST(FullDisk, IsToldAndKeepsWhatWasSaved) {
  const test::TempDirectory directory;
  const pid_t child = ::fork();
  if (child == 0) ::_exit(fill_the_disk(directory.path().string()));
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == kNoNamespace)
    GTEST_SKIP() << "mount namespaces are forbidden here: run it as root";
  EXPECT_EQ(WEXITSTATUS(status), kTold);
}

}  // namespace
}  // namespace pgrepl
