// SPDX-License-Identifier: Apache-2.0
// `pgrepl_exporter maintenance`: what it says and refuses.  No daemon runs.
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
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

constexpr const char* kUntil = "[0-9]+-[0-9]+-[0-9]+ [0-9]+:[0-9]+:[0-9]+ UTC";

std::string cluster(const std::string& name, const std::string& keys = "") {
  return "[[cluster]]\nname = \"" + name + "\"\n" + keys + "[[cluster.node]]\nname = \"" + name +
         "-a1\"\nconninfo = \"host=127.0.0.1 port=1\"\n";
}

class MaintenanceCommand : public testing::Test {
 protected:
  MaintenanceCommand() { write_config(cluster("wallix") + cluster("other")); }

  void write_config(const std::string& clusters) const {
    write_file(config(), "[exporter]\nlisten_address = \"192.0.2.1:10187\"\nstore_path = \"" +
                             store().string() + "\"\n" + clusters);
  }
  /// An address that is none of this machine: what begins to serve makes its store, and ends.
  void make_store() const {
    fs::create_directories(store().parent_path());
    run_program({.argv = {PGREPL_EXPORTER_PROGRAM, "--config.file", config()}});
    ASSERT_TRUE(fs::exists(store()));
  }
  std::vector<std::string> command(const std::vector<std::string>& arguments,
                                   const std::string& program = PGREPL_EXPORTER_PROGRAM) const {
    std::vector<std::string> argv{program, "maintenance", "--config.file", config()};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return argv;
  }
  ProgramResult run(const std::vector<std::string>& arguments) const {
    return run_program({.argv = command(arguments)});
  }
  /// What a refused command says, in one line.
  std::string refusal(const std::vector<std::string>& arguments, int exit_code) const {
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.exit_code, exit_code) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
    return result.err;
  }

  fs::path config() const { return directory_.path() / "pgrepl.toml"; }
  fs::path store() const { return directory_.path() / "state" / "memory.sqlite"; }

  TempDirectory directory_;
};

TEST_F(MaintenanceCommand, AnnouncesShowsAndEnds) {
  make_store();
  const ProgramResult begun =
      run({"--cluster", "wallix", "--for", "2h", "--reason", "kernel\nupdate"});
  EXPECT_EQ(begun.exit_code, 0) << begun.err;
  EXPECT_THAT(begun.out, AllOf(StartsWith("wallix: maintenance until "),
                               EndsWith("; a running exporter takes it over within seconds\n")));
  const ProgramResult shown = run({});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_THAT(shown.out, MatchesRegex(std::string("wallix: maintenance until ") + kUntil +
                                      ", for another (2 h|1 h 59 min): kernel update\n"
                                      "other: no maintenance\n"));
  EXPECT_EQ(run({"--cluster", "other"}).out, "other: no maintenance\n");
  EXPECT_EQ(run({"--cluster", "wallix", "--end"}).out, "wallix: maintenance ended\n");
  EXPECT_EQ(run({}).out, "wallix: no maintenance\nother: no maintenance\n");
  EXPECT_EQ(run({"--cluster", "wallix", "--end"}).out, "wallix: no announced maintenance lasts\n");
}

TEST_F(MaintenanceCommand, SaysThatTheConfigurationsEndIsTheLaterOne) {
  write_config(cluster("wallix", "maintenance_until = 2999-01-01T00:00:00Z\n"));
  make_store();
  const std::string holds =
      "wallix: maintenance_until of the configuration holds on, until 2999-01-01 00:00:00 UTC\n";
  EXPECT_THAT(run({"--cluster", "wallix", "--for", "1h"}).out, EndsWith(holds));
  EXPECT_EQ(run({"--cluster", "wallix", "--end"}).out, "wallix: maintenance ended\n" + holds);
  EXPECT_THAT(run({}).out, StartsWith("wallix: maintenance until 2999-01-01 00:00:00 UTC, "));
}

TEST_F(MaintenanceCommand, DoesNotTakeAStoreThatCannotBeReadForOneWithoutAnnouncements) {
  write_config(cluster("wallix") + cluster("other", "maintenance_until = 2999-01-01T00:00:00Z\n"));
  const ProgramResult shown = run({});
  EXPECT_EQ(shown.exit_code, 1);
  EXPECT_THAT(shown.out, StartsWith("wallix: not known: the store cannot be read\n"
                                    "other: maintenance until 2999-01-01 00:00:00 UTC, "));
  EXPECT_THAT(shown.err, HasSubstr("does not exist"));
}

TEST_F(MaintenanceCommand, RefusesALengthThatIsNone) {
  const std::vector<std::pair<std::string, std::string>> lengths{
      {"2 weeks", "is no length of time such as 90min, 2h or 1d"},
      {"2", "is no length of time"},
      {"-1h", "is no length of time"},
      {"0", "is no time at all"},
      {"8d", "is longer than 7 days"}};
  for (const auto& [length, said] : lengths) {
    EXPECT_THAT(refusal({"--cluster", "wallix", "--for=" + length}, 2),
                StartsWith("--for: \"" + length + "\" " + said));
  }
}

TEST_F(MaintenanceCommand, RefusesAClusterThatItDoesNotKnow) {
  EXPECT_EQ(refusal({"--cluster", "wallis", "--for", "1h"}, 2),
            "--cluster: there is no cluster \"wallis\"; configured are: wallix, other\n");
}

TEST_F(MaintenanceCommand, RefusesAWishWithoutClusterOrLength) {
  for (const std::vector<std::string>& wish :
       std::vector<std::vector<std::string>>{{"--for", "1h"},
                                             {"--end"},
                                             {"--cluster", "wallix", "--reason", "work"},
                                             {"--cluster", "wallix", "--for", "1h", "--end"}}) {
    const ProgramResult result = run(wish);
    EXPECT_EQ(result.exit_code, 2) << testing::PrintToString(wish);
    EXPECT_NE(result.err, "");
  }
}

TEST_F(MaintenanceCommand, NeedsAStore) {
  write_file(config(), cluster("wallix", "maintenance_until = 2999-01-01T00:00:00Z\n"));
  for (const std::vector<std::string>& wish : std::vector<std::vector<std::string>>{
           {"--cluster", "wallix", "--for", "1h"}, {"--cluster", "wallix", "--end"}}) {
    EXPECT_EQ(refusal(wish, 1), "no store is configured: set store_path in [exporter] of " +
                                    config().string() + ", or maintenance_until of the cluster\n");
  }
  EXPECT_THAT(run({}).out, HasSubstr("until 2999-01-01"));
}

TEST_F(MaintenanceCommand, MakesNoStoreThatTheExporterCouldNotUse) {
  fs::create_directories(store().parent_path());
  EXPECT_EQ(
      refusal({"--cluster", "wallix", "--for", "1h"}, 1),
      "store " + store().string() + ": does not exist; the exporter makes it when it starts\n");
  EXPECT_FALSE(fs::exists(store()));
}

TEST_F(MaintenanceCommand, NamesAStoreThatItMayNotWrite) {
  make_store();
  const fs::path program = directory_.path() / "pgrepl_exporter";
  fs::copy_file(PGREPL_EXPORTER_PROGRAM, program);
  give_to_nobody(directory_.path());
  fs::permissions(store(), fs::perms::owner_read);
  fs::permissions(store().parent_path(), fs::perms::owner_read | fs::perms::owner_exec);
  const ProgramResult result =
      run_program({.argv = command({"--cluster", "wallix", "--for", "1h"}, program.string()),
                   .user = ::geteuid() == 0 ? "nobody" : ""});
  fs::permissions(store().parent_path(), fs::perms::owner_all);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, AllOf(StartsWith("store " + store().string() + ": "),
                                EndsWith("; run this as the user that runs the exporter\n")));
  EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
}

}  // namespace
}  // namespace pgrepl::test
