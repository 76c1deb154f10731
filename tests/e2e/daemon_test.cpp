// SPDX-License-Identifier: Apache-2.0
// The daemon's life: what stops it from starting, how it takes a new configuration, how it ends.
// Its one node is a port on which nothing listens, which is enough for that.
#include <gtest/gtest.h>

#include "tests/support/exporter_process.h"
#include "tests/support/ports.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

using std::chrono::seconds;

std::string config_named(const std::string& cluster) {
  return "[exporter]\npoll_interval = \"1s\"\npoll_timeout = \"1s\"\n[[cluster]]\nname = \"" +
         cluster + "\"\n[[cluster.node]]\nname = \"a1\"\nconninfo = \"host=127.0.0.1 port=" +
         std::to_string(free_port()) + " user=x dbname=postgres\"\n";
}

/// Runs a daemon that is expected to refuse its start.
ProgramResult refused(const std::string& config, const std::string& address) {
  const TempDirectory directory;
  write_file(directory.path() / "pgrepl.toml", config);
  return run_program({.argv = {exporter_program(), "--web.listen-address", address, "--config.file",
                               (directory.path() / "pgrepl.toml").string()}},
                     seconds(20));
}

TEST(Daemon, RefusesAWrongConfigurationWithAllItsMistakes) {
  const ProgramResult result =
      refused("[exporter]\npoll_intervall = \"5s\"\n" + config_named("x") + "nmae = 1\n",
              "127.0.0.1:" + std::to_string(free_port()));
  EXPECT_EQ(result.exit_code, 2);
  const std::string said = result.out + result.err;
  EXPECT_EQ(said.find("serving"), std::string::npos) << said;
  EXPECT_NE(said.find("pgrepl.toml:"), std::string::npos) << said;
}

TEST(Daemon, NamesAPortThatIsTaken) {
  ExporterProcess first({.config = config_named("x")});
  const ProgramResult result =
      refused(config_named("x"), "127.0.0.1:" + std::to_string(first.port()));
  EXPECT_EQ(result.exit_code, 1);
  const std::string said = result.out + result.err;
  EXPECT_NE(said.find(std::to_string(first.port())), std::string::npos) << said;
}

TEST(Daemon, NamesAConfigurationFileThatIsNotThere) {
  const ProgramResult result =
      run_program({.argv = {exporter_program(), "--config.file", "/nonexistent/pgrepl.toml"}});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE((result.out + result.err).find("/nonexistent/pgrepl.toml"), std::string::npos);
}

TEST(Daemon, TakesANewConfigurationOnHangup) {
  ExporterProcess exporter({.config = config_named("before")});
  exporter.reload(config_named("after"));
  const auto changed = [&] {
    const MetricsPage page = exporter.metrics();
    return page.value("pgrepl_node_up", {{"cluster", "after"}}).has_value() &&
           !page.value("pgrepl_node_up", {{"cluster", "before"}}).has_value();
  };
  EXPECT_TRUE(wait_until(changed, seconds(30))) << exporter.log();
  EXPECT_EQ(exporter.metrics().value("pgrepl_config_last_reload_successful"), 1);
}

TEST(Daemon, NamesWhatAReloadCannotTakeOver) {
  ExporterProcess exporter({.config = config_named("x")});
  const auto logs = [&](const char* words) {
    return wait_until([&] { return exporter.log().find(words) != std::string::npos; }, seconds(30));
  };
  exporter.reload(config_named("y"));
  EXPECT_TRUE(logs("the configuration was read again")) << exporter.log();
  EXPECT_EQ(exporter.log().find("restart"), std::string::npos) << "nothing here needs one";
  exporter.reload("[exporter]\ntelemetry_path = \"/other\"\nhttp_threads = 7\n" +
                  config_named("x").substr(std::string("[exporter]\n").size()));
  EXPECT_TRUE(logs("telemetry_path, http_threads: changed, in force only after a restart"))
      << exporter.log();
  EXPECT_EQ(exporter.get("/metrics").status, 200);
}

TEST(Daemon, KeepsTheOldConfigurationWhenTheNewOneIsWrong) {
  ExporterProcess exporter({.config = config_named("kept")});
  exporter.reload("this is not TOML");
  const auto refuses = [&] {
    return exporter.metrics().value("pgrepl_config_last_reload_successful") == 0;
  };
  EXPECT_TRUE(wait_until(refuses, seconds(30))) << exporter.log();
  EXPECT_TRUE(exporter.metrics().value("pgrepl_node_up", {{"cluster", "kept"}}).has_value());
  exporter.reload(config_named("kept"));
  EXPECT_TRUE(wait_until([&] { return !refuses(); }, seconds(30))) << exporter.log();
}

TEST(Daemon, EndsAtOnceAndWellWhenToldTo) {
  const TempDirectory directory;
  write_file(directory.path() / "pgrepl.toml", config_named("x"));
  Process daemon({.argv = {exporter_program(), "--web.listen-address",
                           "127.0.0.1:" + std::to_string(free_port()), "--config.file",
                           (directory.path() / "pgrepl.toml").string()}},
                 {directory.path() / "log", directory.path() / "log"});
  const auto serves = [&] {
    return read_file(directory.path() / "log").find("serving") != std::string::npos;
  };
  ASSERT_TRUE(wait_until(serves, seconds(30)));
  EXPECT_EQ(daemon.stop(seconds(10)), 0);
}

TEST(Plugin, SaysCriticalWhenNoDaemonAnswers) {
  const ProgramResult result = run_program(
      {.argv = {plugin_program(), "-u", "http://127.0.0.1:" + std::to_string(free_port())}});
  EXPECT_EQ(result.exit_code, 2) << result.out;
}

TEST(Plugin, ListsWhatThereIsWhenAskedForSomethingUnknown) {
  ExporterProcess exporter({.config = config_named("x")});
  const ProgramResult result = exporter.check({"no_such_check"});
  EXPECT_EQ(result.exit_code, 3) << result.out;
  EXPECT_NE(result.out.find("replay_lag"), std::string::npos) << result.out;
}

}  // namespace
}  // namespace pgrepl::test
