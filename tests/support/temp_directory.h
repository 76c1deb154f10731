// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace pgrepl::test {

struct Account {
  uid_t uid;
  gid_t gid;
};

/// Absent: the machine has no such account.  Thread-safe.
std::optional<Account> find_account(const std::string& name);

/// The account that servers run as when we are root, because PostgreSQL refuses root: `postgres`,
/// or `nobody` where that is missing.  Otherwise empty, which means our own.
std::string server_user();

/// A fresh directory under TMPDIR that server_user() owns and everybody may enter.  Removed with
/// all it holds at the end of the object's life.
class TempDirectory {
 public:
  TempDirectory();
  ~TempDirectory();
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The whole file, or "" where there is none.
std::string read_file(const std::filesystem::path& path);

/// Replaces the file's content.  The mode of a file that exists is kept; a new one gets `mode`.
void write_file(const std::filesystem::path& path, std::string_view content,
                std::filesystem::perms mode = std::filesystem::perms{0644});

/// Gives the path to server_user().
void give_to_server_user(const std::filesystem::path& path);

}  // namespace pgrepl::test
