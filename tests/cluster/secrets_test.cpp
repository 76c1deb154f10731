// SPDX-License-Identifier: Apache-2.0
// A password is given in one of several ways, and comes out in none: a canary of its own for each
// way is searched for wherever the exporter writes or shows anything.
#include <gtest/gtest.h>

#include "tests/cluster/echoing_server.h"
#include "tests/cluster/watch.h"

namespace pgrepl::test {
namespace {

constexpr const char* kInPassfile = "canary-in-passfile-1a";
constexpr const char* kInEnvironment = "canary-in-environment-2b";
constexpr const char* kInFile = "canary-in-file-3c";
constexpr const char* kInConninfo = "canary-in-conninfo-4d";
constexpr const char* kEchoed = "canary-echoed-5e";

/// A cluster of one node: two nodes of one cluster may not be the same server.
std::string cluster(const std::string& name, int port, const std::string& conninfo,
                    const std::string& keys = "") {
  return "[[cluster]]\nname = \"" + name + "\"\n[[cluster.node]]\nname = \"" + name +
         "\"\nconninfo = \"host=127.0.0.1 port=" + std::to_string(port) + " user=" + kMonitorRole +
         " dbname=postgres " + conninfo + "\"\n" + keys;
}

/// One cluster for every way; the canaries are wrong passwords, because errors are where secrets
/// leak.
std::string config_with_canaries(PostgresPair& pair, const EchoingServer& echo,
                                 const std::filesystem::path& directory) {
  const auto quoted = [](const std::filesystem::path& path) { return '"' + path.string() + '"'; };
  const int port = pair.primary().port();
  const auto passfile = write_passfile(directory, kInPassfile);
  write_file(directory / "password", std::string(kInFile) + "\n", std::filesystem::perms{0600});
  return "[exporter]\npoll_interval = \"2s\"\npoll_timeout = \"2s\"\nstore_path = " +
         quoted(directory / "store.sqlite") + "\n" +
         cluster("by-passfile", port, "passfile=" + passfile.string()) +
         cluster("by-environment", port, "", "password_env = \"PGREPL_TEST_PASSWORD\"\n") +
         cluster("by-file", port, "", "password_file = " + quoted(directory / "password") + "\n") +
         cluster("by-conninfo", port, std::string("password=") + kInConninfo) +
         cluster("echoed", echo.port(), std::string("sslmode=disable password=") + kEchoed);
}

class Secrets : public ::testing::Test {
 protected:
  /// Everything that came out of the exporter, by where it came out.
  std::map<std::string, std::string> outlets(ExporterProcess& exporter) {
    std::map<std::string, std::string> all{{"log", exporter.log()}};
    for (const char* page : {"/metrics", "/", "/check?check=health", "/check?check=node_up",
                             "/api/v1/clusters", "/runbook", "/nowhere"})
      all[page] = exporter.get(page).body;
    all["argv"] = read_file("/proc/" + std::to_string(exporter.pid()) + "/cmdline");
    const ProgramResult plugin = exporter.check({"-vv", "health"});
    all["check_pgrepl"] = plugin.out + plugin.err;
    const ProgramResult check =
        run_program({.argv = {exporter_program(), "check-config", "--config.file",
                              exporter.config_file().string()},
                     .environment = {{"PGREPL_TEST_PASSWORD", kInEnvironment}}});
    EXPECT_EQ(check.exit_code, 0) << check.out << check.err;
    all["check-config"] = check.out + check.err;
    for (const auto& file : std::filesystem::directory_iterator(directory_.path()))
      if (file.path().filename().string().starts_with("store"))
        all[file.path().filename()] = read_file(file.path());
    return all;
  }

  void expect_silence(const std::map<std::string, std::string>& outlets) {
    for (const auto& [outlet, text] : outlets) {
      EXPECT_FALSE(text.empty()) << outlet;
      for (const char* canary : {kInPassfile, kInEnvironment, kInFile, kInConninfo, kEchoed,
                                 kMonitorPassword, kReplicatorPassword})
        EXPECT_EQ(text.find(canary), std::string::npos) << canary << " in " << outlet;
    }
  }

  TempDirectory directory_;
};

TEST_F(Secrets, StayInsideWhenTheyAreWrong) {
  PostgresPair pair;
  EchoingServer echo;
  ExporterProcess exporter({.config = config_with_canaries(pair, echo, directory_.path()),
                            .environment = {{"PGREPL_TEST_PASSWORD", kInEnvironment}},
                            .arguments = {"--log.level", "debug"}});
  const MetricsPage page = exporter.metrics();
  for (const char* name : {"by-passfile", "by-environment", "by-file", "by-conninfo", "echoed"})
    EXPECT_EQ(page.value("pgrepl_node_failure", {{"node", name}, {"reason", "password"}}), 1)
        << name;
  EXPECT_GE(echo.echoes(), 1);
  expect_silence(outlets(exporter));
}

TEST_F(Secrets, StayInsideWhenTheConfigurationIsWrong) {
  write_file(directory_.path() / "bad.toml",
             "[[cluster]]\nname = \"x\"\n[[cluster.node]]\nname = \"a\"\n"
             "conninfo = \"host=127.0.0.1 passwort=" +
                 std::string(kInConninfo) + "\"\n");
  const ProgramResult check =
      run_program({.argv = {exporter_program(), "check-config", "--config.file",
                            (directory_.path() / "bad.toml").string()}});
  EXPECT_EQ(check.exit_code, 2);
  expect_silence({{"check-config", check.out + check.err}});
}

/// The server shows the replication password to pg_monitor; we must not ask for it.
TEST_F(Secrets, OfTheServersStayInsideWhenAllIsWell) {
  PostgresPair pair;
  Watch watch(pair, {.exporter = WatchOptions{}.exporter + "log_level = \"debug\"\n"});
  ASSERT_TRUE(watch.all_green());
  expect_silence({{"log", watch.exporter().log()},
                  {"metrics", watch.exporter().get("/metrics").body},
                  {"page", watch.exporter().get("/").body},
                  {"store", read_file(watch.store())}});
}

}  // namespace
}  // namespace pgrepl::test
