// SPDX-License-Identifier: Apache-2.0
// The program under an account that may not do what it is told to: one sentence that names the file
// or the port.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/process.h"
#include "tests/support/temp_directory.h"
#include "tests/support/without_root.h"

namespace pgrepl::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kCluster =
    "[[cluster]]\n"
    "name = \"wallix\"\n"
    "[[cluster.node]]\n"
    "name = \"wallix-a1\"\n"
    "conninfo = \"host=127.0.0.1 port=1\"\n";

/// Below this port only root listens.
int first_port_for_all() {
  return std::stoi(read_file("/proc/sys/net/ipv4/ip_unprivileged_port_start"));
}

/// All files belong to the account that runs the program, so that only what a test forbids is out
/// of its reach.
class WithoutPermission : public testing::Test {
 protected:
  /// The address is none of this machine: what begins to serve says so, and ends.
  void write_config(const std::string& node_keys = "",
                    const std::string& address = "192.0.2.1:10187") const {
    write_file(config(), "[exporter]\nlisten_address = \"" + address + "\"\nstore_path = \"" +
                             store().string() + "\"\n" + kCluster + node_keys);
  }

  /// What the program says, running as nobody and without the rights on that path.
  ProgramResult run_without(const fs::path& forbidden) const {
    // the tree that it was built in may lie where only its owner can go
    const fs::path program = directory_.path() / "pgrepl_exporter";
    fs::copy_file(PGREPL_EXPORTER_PROGRAM, program);
    give_to_nobody(directory_.path());
    const bool forbids = !forbidden.empty();
    if (forbids) fs::permissions(forbidden, fs::perms::none);
    ProgramResult result = run_program(
        {.argv = {program, "--config.file", config()}, .user = ::geteuid() == 0 ? "nobody" : ""});
    if (forbids) fs::permissions(forbidden, fs::perms{0700});
    return result;
  }

  fs::path config() const { return directory_.path() / "pgrepl.toml"; }
  fs::path state() const { return directory_.path() / "state"; }
  fs::path store() const { return state() / "memory.sqlite"; }

  TempDirectory directory_;
};

TEST_F(WithoutPermission, NamesItsConfiguration) {
  write_config();
  const ProgramResult result = run_without(config());
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err, config().string() + ": permission denied\n");
}

TEST_F(WithoutPermission, NamesItsPasswordFile) {
  write_config("password_file = \"secret\"\n");
  write_file(directory_.path() / "secret", "canary\n", fs::perms{0600});
  const ProgramResult result = run_without(directory_.path() / "secret");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, StartsWith(config().string() + ":9:17: \"password_file\": \"secret\": "));
  EXPECT_THAT(result.err, testing::EndsWith("permission denied\n"));
  EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
}

TEST_F(WithoutPermission, NamesThePortThatOnlyRootMayHave) {
  if (first_port_for_all() <= 1) return;  // this machine, perhaps a container, forbids none
  const std::string address = "127.0.0.1:" + std::to_string(first_port_for_all() - 1);
  fs::create_directory(state());
  write_config("", address);
  const ProgramResult result = run_without("");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("cannot listen on " + address +
                                    ": permission denied; choose a port above 1023 or grant "
                                    "CAP_NET_BIND_SERVICE"));
  EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
}

/// It costs the memory over a restart, not the monitoring: the program goes on to listen.
TEST_F(WithoutPermission, NamesItsStateDirectory) {
  fs::create_directory(state());
  write_config();
  const ProgramResult result = run_without(state());
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("store " + store().string() +
                                    ": Permission denied; monitoring goes on without it"));
  EXPECT_THAT(result.err, HasSubstr("cannot listen on 192.0.2.1:10187"));
  EXPECT_EQ(std::ranges::count(result.err, '\n'), 2) << result.err;
}

}  // namespace
}  // namespace pgrepl::test
