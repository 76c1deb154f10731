// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/host/local_filesystem.h"

#include <grp.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/temp_directory.h"

namespace pgrepl {
namespace {

namespace fs = std::filesystem;

TEST(LocalFilesystem, TellsTheNumbersOfStatvfs) {
  const test::TempDirectory directory;
  const auto filesystem = local_filesystem(directory.path().string());
  ASSERT_TRUE(filesystem);
  const fs::space_info space = fs::space(directory.path());
  EXPECT_DOUBLE_EQ(filesystem->size, static_cast<double>(space.capacity));
  EXPECT_NEAR(filesystem->available, static_cast<double>(space.available), filesystem->size / 100);
  EXPECT_GE(filesystem->free, filesystem->available);
  EXPECT_GT(filesystem->used(), 0);
}

TEST(LocalFilesystem, NamesAPathThatDoesNotExist) {
  const test::TempDirectory directory;
  const std::string path = (directory.path() / "nowhere").string();
  const auto filesystem = local_filesystem(path);
  ASSERT_FALSE(filesystem);
  EXPECT_EQ(filesystem.error().reason, FailureClass::other);
  EXPECT_EQ(filesystem.error().message, "filesystem of " + path + ": no such file or directory");
}

/// What a process without privileges is told: 0 if it is the class permission with the path.
int ask_without_privileges(const std::string& path) {
  if (::geteuid() == 0) {
    const passwd* nobody = ::getpwnam("nobody");
    if (nobody == nullptr || ::setgroups(0, nullptr) != 0 || ::setgid(nobody->pw_gid) != 0 ||
        ::setuid(nobody->pw_uid) != 0) {
      return 2;
    }
  }
  const auto filesystem = local_filesystem(path);
  const bool told = !filesystem && filesystem.error().reason == FailureClass::permission &&
                    filesystem.error().message == "filesystem of " + path + ": permission denied";
  return told ? 0 : 1;
}

TEST(LocalFilesystem, NeverTakesTheParentOfAPathThatMayNotBeEntered) {
  const test::TempDirectory directory;
  const fs::path closed = directory.path() / "data";
  fs::create_directories(closed / "pg_wal");
  fs::permissions(closed, fs::perms::none);
  const pid_t child = ::fork();
  if (child == 0) ::_exit(ask_without_privileges((closed / "pg_wal").string()));
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  fs::permissions(closed, fs::perms::owner_all);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace pgrepl
