// SPDX-License-Identifier: Apache-2.0
// `pgrepl_exporter status` on a real pair, healthy and broken, beside a daemon and without one.
#include <gmock/gmock.h>

#include <regex>
#include <sstream>

#include <csignal>
#include <nlohmann/json.hpp>

#include "exporter/store/memory_store.h"
#include "tests/cluster/watch.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

class Status : public testing::Test {
 protected:
  static void SetUpTestSuite() { pair_ = new PostgresPair; }
  static void TearDownTestSuite() { delete pair_; }
  void TearDown() override { pair_->make_whole(); }

  std::string config_file() const {
    const auto passfile = write_passfile(directory_.path());
    const auto node = [&](const char* name, const PostgresServer& server) {
      return std::string("[[cluster.node]]\nname = \"") + name +
             "\"\nconninfo = \"host=127.0.0.1 port=" + std::to_string(server.port()) +
             " user=" + kMonitorRole + " dbname=postgres passfile=" + passfile.string() +
             "\"\nhost = { source = \"local\" }\n";
    };
    const auto path = directory_.path() / "pgrepl.toml";
    write_file(path, "[exporter]\npoll_interval = \"2s\"\npoll_timeout = \"2s\"\nstore_path = \"" +
                         store() + "\"\n[[cluster]]\nname = \"wallix\"\n" +
                         node(kPrimaryName, pair_->primary()) +
                         node(kStandbyName, pair_->standby()));
    return path.string();
  }
  std::string store() const { return (directory_.path() / "store.sqlite").string(); }

  Program status(const std::vector<std::string>& arguments = {}) const {
    Program program{.argv = {exporter_program(), "status", "--config.file", config_file()}};
    program.argv.insert(program.argv.end(), arguments.begin(), arguments.end());
    return program;
  }

  static inline PostgresPair* pair_ = nullptr;
  TempDirectory directory_;
};

TEST_F(Status, ShowsAHealthyPairAndWhereItsDisksStand) {
  const ProgramResult result = run_program(status());
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("wallix, healthy"), HasSubstr("primary wallix-a1, all "),
                    HasSubstr("wallix-a2  yes  standby"), HasSubstr("caught_up"),
                    HasSubstr("wallix_a2_slot  wallix-a1  wallix-a2  yes"), HasSubstr("DISK OF"),
                    HasSubstr("wallix-a1  data"), HasSubstr("wallix-a1/data/pg_wal\n")));
  EXPECT_THAT(result.out, ContainsRegex("judged[ \n]without"));
  EXPECT_THAT(result.out, Not(HasSubstr("\x1b")));
  EXPECT_FALSE(std::filesystem::exists(store()));
}

TEST_F(Status, HasColourOnATerminalAlone) {
  EXPECT_THAT(run_program(status()).out, Not(HasSubstr("\x1b")));
  // script(1) is a terminal to what it runs
  const std::string command =
      exporter_program() + " status --config.file " + config_file() + " 2>&1";
  const ProgramResult shown = run_program(
      {.argv = {"/usr/bin/script", "--quiet", "--return", "--command", command, "/dev/null"},
       .environment = {{"TERM", "xterm"}}});
  EXPECT_EQ(shown.exit_code, 0) << shown.out << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("\x1b[32mOK\x1b[0m"));
}

/// Rows that a frame takes on a screen of that width.
std::size_t rows_of(const std::string& frame, std::size_t columns) {
  std::istringstream lines(std::regex_replace(frame, std::regex("\x1b\\[[0-9;]*[A-Za-z]|\r"), ""));
  std::size_t rows = 0;
  for (std::string line; std::getline(lines, line);)
    rows += std::max<std::size_t>(1, (line.size() + columns - 1) / columns);
  return rows;
}

TEST_F(Status, WatchesWithinAScreenThatIsTooSmallForAll) {
  const std::string command = "stty rows 20 cols 60; timeout --foreground -s INT 5 " +
                              exporter_program() + " status --watch --config.file " + config_file();
  const ProgramResult result =
      run_program({.argv = {"/usr/bin/script", "--quiet", "--command", command, "/dev/null"},
                   .environment = {{"TERM", "xterm"}}});
  const auto begin = result.out.rfind("\x1b[H");
  ASSERT_NE(begin, std::string::npos) << result.out << result.err;
  const std::string frame = result.out.substr(begin, result.out.find("\x1b[J", begin) - begin);
  EXPECT_THAT(frame, AllOf(HasSubstr(", healthy, "), HasSubstr("\n... and more: ")));
  EXPECT_LT(rows_of(frame, 60), 20U) << frame;
}

TEST_F(Status, NamesAStoppedStandbyAtOnceAndHowToMendIt) {
  pair_->standby().stop();
  const ProgramResult result = run_program(status());
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("CRITICAL  node_up on wallix-a2: wallix-a2 does not answer"),
                    HasSubstr("> systemctl status 'postgresql@*'"), HasSubstr("was ")));
}

TEST_F(Status, GivesTheSameAsJson) {
  const ProgramResult result = run_program(status({"--output", "json"}));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const json cluster = json::parse(result.out)["clusters"][0];
  EXPECT_EQ(cluster["state"], "OK");
  EXPECT_EQ(cluster["primary"], kPrimaryName);
  EXPECT_EQ(cluster["nodes"][1]["replay_lag"]["state"], "caught_up");
  EXPECT_TRUE(cluster["wal_generation_rate_bytes_per_second"].is_number());
  EXPECT_GT(cluster["nodes"][0]["filesystems"][0]["size_bytes"], 0);
}

TEST_F(Status, JudgesWithWhatTheDaemonRemembersAndLeavesItsStoreAlone) {
  const std::string config = read_file(config_file());
  {
    ExporterProcess daemon({.config = config});
    pair_->standby().stop();
    ASSERT_TRUE(wait_until(
        [&] {
          return daemon.metrics().value("pgrepl_check_status",
                                        {{"check", "replication"}, {"node", kStandbyName}}) == 2;
        },
        std::chrono::seconds(60)));
  }
  const auto stored = [&] { return MemoryStore::open(store())->load("wallix").value(); };
  const auto before = stored();
  const ProgramResult result = run_program(status({"--output", "json"}));
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(json::parse(result.out)["notes"], json::array());
  EXPECT_GT(json::parse(result.out)["clusters"][0]["root_cause"]["for_seconds"], 1);
  EXPECT_THAT(run_program(status()).out, HasSubstr(" UTC node_lost of wallix-a2: refused"));
  EXPECT_EQ(stored(), before);
}

TEST_F(Status, WatchesUntilItIsInterrupted) {
  const ProgramFiles files{directory_.path() / "out", directory_.path() / "err"};
  Process watching(status({"--watch", "--output", "json"}), files);
  const auto lines = [&] {
    const std::string out = read_file(files.out);
    return std::count(out.begin(), out.end(), '\n');
  };
  ASSERT_TRUE(wait_until([&] { return lines() >= 2; }, std::chrono::seconds(30)));
  pair_->standby().stop();
  const auto sees_it = [&] {
    return read_file(files.out).find("\"state\":\"CRITICAL\"") != std::string::npos;
  };
  EXPECT_TRUE(wait_until(sees_it, std::chrono::seconds(30))) << read_file(files.err);
  watching.signal(SIGINT);
  EXPECT_EQ(watching.wait(std::chrono::seconds(20)), 2);
}

}  // namespace
}  // namespace pgrepl::test
