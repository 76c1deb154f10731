// SPDX-License-Identifier: Apache-2.0
#include "tests/support/temp_directory.h"

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <mutex>
#include <sstream>
#include <system_error>

namespace pgrepl::test {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

std::optional<Account> find_account(const std::string& name) {
  static std::mutex mutex;  // getpwnam() answers in a buffer that all threads share
  const std::lock_guard lock{mutex};
  const passwd* account = getpwnam(name.c_str());
  if (account == nullptr) return std::nullopt;
  return Account{.uid = account->pw_uid, .gid = account->pw_gid};
}

std::string server_user() {
  if (geteuid() != 0) return "";
  // where PostgreSQL is only unpacked, nobody has made its account
  return find_account("postgres") ? "postgres" : "nobody";
}

void give_to_server_user(const std::filesystem::path& path) {
  const std::string user = server_user();
  if (user.empty()) return;
  const auto account = find_account(user);
  if (!account) throw std::runtime_error("no account " + user + ": install postgresql");
  if (chown(path.c_str(), account->uid, account->gid) != 0) fail("chown " + path.string());
}

TempDirectory::TempDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "pgrepl-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) fail("mkdtemp " + name);
  path_ = name;
  std::filesystem::permissions(path_, std::filesystem::perms{0755});
  give_to_server_user(path_);
}

TempDirectory::~TempDirectory() {
  std::error_code
      ignored;  // a directory that cannot be removed must not hide the test's own result
  std::filesystem::remove_all(path_, ignored);
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

void write_file(const std::filesystem::path& path, std::string_view content,
                std::filesystem::perms mode) {
  const bool is_new = !std::filesystem::exists(path);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << content;
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path.string());
  if (is_new) std::filesystem::permissions(path, mode);
}

}  // namespace pgrepl::test
