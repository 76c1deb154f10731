// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "exporter/store/memory_store.h"
#include "tests/support/temp_directory.h"
#include "tests/support/tiny_disk.h"

namespace pgrepl {
namespace {

constexpr int kTold = 0, kNotTold = 1, kNoNamespace = 2;

int fill_the_disk(const std::string& directory) {
  if (!test::lay_tiny_disk_over(directory, 256)) return kNoNamespace;
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
