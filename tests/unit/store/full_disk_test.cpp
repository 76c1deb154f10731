// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "exporter/store/memory_store.h"
#include "tests/support/temp_directory.h"

namespace pgrepl {
namespace {

constexpr int kTold = 0, kNotTold = 1, kNoNamespace = 2;

/// Lays a filesystem of 256 kB over a directory, for this process alone.
bool lay_tiny_filesystem_over(const std::string& directory) {
  const int wanted = ::geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER;
  return ::unshare(wanted) == 0 &&
         ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
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
  if (WEXITSTATUS(status) == kNoNamespace) GTEST_SKIP() << "mount namespaces are forbidden here";
  EXPECT_EQ(WEXITSTATUS(status), kTold);
}

}  // namespace
}  // namespace pgrepl
