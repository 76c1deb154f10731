// SPDX-License-Identifier: Apache-2.0
// A password is given in one of several ways, and comes out in none: a canary of its own for each
// way is searched for wherever the exporter writes or shows anything, while it gets in and while it
// does not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cluster/echoing_server.h"
#include "tests/cluster/watch.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

namespace fs = std::filesystem;

/// A way of giving a password; the cluster is named after it, and so is its role where it has one.
struct Way {
  std::string name, canary;
};
const Way kByPassfile{"by-passfile", "canary-in-passfile-1a"};
const Way kByEnvironment{"by-environment", "canary-in-environment-2b"};
const Way kByFile{"by-file", "canary-in-file-3c"};
const Way kByConninfo{"by-conninfo", "canary-in-conninfo-4d"};
const Way kByUri{"by-uri", "canary/in@uri-7g"};
const Way kEchoed{"echoed", "canary-echoed-5e"};
const std::vector<Way> kWays{kByPassfile, kByEnvironment, kByFile, kByConninfo, kByUri};
/// libpq's own variable, which counts for every node that has no other way, and before a passfile.
const Way kByLibpq{"by-libpq", "canary-in-pgpassword-8h"};

/// As it must stand in a URI.
constexpr const char* kEscapedInUri = "canary%2Fin%40uri-7g";

/// Of the role that standbys log in with.
constexpr const char* kOfReplication = "canary-of-replication-6f";

std::string quoted(const fs::path& path) { return '"' + path.string() + '"'; }

class Secrets : public ::testing::Test {
 protected:
  Secrets() {
    write_passfile(directory_.path(), kByPassfile.canary);
    write_private("password", kByFile.canary);
    write_private("replication", kReplicatorPassword);
  }

  void write_private(const char* name, const std::string& password) const {
    write_file(directory_.path() / name, password + "\n", fs::perms{0600});
  }
  fs::path store() const { return directory_.path() / "store.sqlite"; }

  std::string exporter_table() const {
    return "[exporter]\npoll_interval = \"2s\"\npoll_timeout = \"2s\"\nslow_interval = \"2s\"\n"
           "store_path = " +
           quoted(store()) + "\n";
  }

  /// A node whose password is given in that way.
  std::string node(const Way& way, const std::string& name, int port,
                   const std::string& user) const {
    std::string conninfo = "host=127.0.0.1 port=" + std::to_string(port) + " user=" + user +
                           " dbname=postgres sslmode=disable";
    std::string key;
    if (way.name == kByPassfile.name) {
      conninfo += " passfile=" + (directory_.path() / "passfile").string();
    } else if (way.name == kByEnvironment.name) {
      key = "password_env = \"PGREPL_TEST_PASSWORD\"\n";
    } else if (way.name == kByFile.name) {
      key = "password_file = " + quoted(directory_.path() / "password") + "\n";
    } else if (way.name == kByUri.name) {
      conninfo = "postgresql://" + user + ":" + kEscapedInUri +
                 "@127.0.0.1:" + std::to_string(port) + "/postgres?sslmode=disable";
    } else if (way.name != kByLibpq.name) {
      conninfo += " password=" + way.canary;
    }
    return "[[cluster.node]]\nname = \"" + name + "\"\nconninfo = \"" + conninfo + "\"\n" + key;
  }

  ExporterStart start_with(const std::string& config) const {
    return {.config = config, .environment = environment_, .arguments = {"--log.level", "debug"}};
  }

  /// All that a command of the exporter prints.
  std::string printed(const ExporterProcess& exporter, std::vector<std::string> command,
                      int exit_code) const {
    command.insert(command.begin(), exporter_program());
    command.insert(command.end(), {"--config.file", exporter.config_file().string()});
    auto environment = environment_;
    environment["PGREPL_REPLICATION_PASSWORD"] = kOfReplication;
    const ProgramResult result = run_program({.argv = command, .environment = environment});
    EXPECT_EQ(result.exit_code, exit_code) << command[1] << ": " << result.out << result.err;
    return result.out + result.err;
  }

  /// Everything that came out of the exporter, by where it came out.
  std::map<std::string, std::string> outlets(ExporterProcess& exporter, int state,
                                             const std::vector<std::string>& doctor) const {
    std::map<std::string, std::string> all;
    for (const char* page : {"/metrics", "/", "/check", "/check?check=node_up", "/runbook"}) {
      const RawReply reply = exporter.get(page);
      EXPECT_EQ(reply.status, 200) << page;
      all[page] = reply.body;
    }
    all["/nowhere"] = exporter.get("/nowhere").body;
    all["argv"] = read_file("/proc/" + std::to_string(exporter.pid()) + "/cmdline");
    const ProgramResult plugin = exporter.check({"-vv", "health"});
    all["check_pgrepl"] = plugin.out + plugin.err;
    all["check-config"] = printed(exporter, {"check-config"}, 0);
    all["status"] = printed(exporter, {"status"}, state);
    all["status as JSON"] = printed(exporter, {"status", "--output", "json"}, state);
    all["doctor"] = printed(exporter, doctor, state);
    exporter.restart();  // which stores all that is remembered
    all["log"] = exporter.log();
    all["store"] = stored();
    return all;
  }

  /// The store with its journal.
  std::string stored() const {
    EXPECT_GT(fs::file_size(store()), 0U);
    std::string text;
    for (const auto& file : fs::directory_iterator(directory_.path()))
      if (file.path().filename().string().starts_with("store.sqlite"))
        text += read_file(file.path());
    // readable as it lies there: what is not found is not there
    for (const Way& way : ways_) EXPECT_THAT(text, testing::HasSubstr(way.name));
    return text;
  }

  static void expect_silence(const std::map<std::string, std::string>& outlets) {
    for (const auto& [outlet, text] : outlets) {
      EXPECT_FALSE(text.empty()) << outlet;
      for (const std::string& canary :
           {kByPassfile.canary, kByEnvironment.canary, kByFile.canary, kByConninfo.canary,
            kByUri.canary, std::string(kEscapedInUri), kByLibpq.canary, kEchoed.canary,
            std::string(kOfReplication), std::string(kMonitorPassword),
            std::string(kReplicatorPassword)})
        EXPECT_EQ(text.find(canary), std::string::npos) << canary << " in " << outlet;
    }
  }

  TempDirectory directory_;
  std::vector<Way> ways_ = kWays;  ///< those in the configuration
  std::map<std::string, std::string> environment_{{"PGREPL_TEST_PASSWORD", kByEnvironment.canary}};
};

/// Errors are where secrets leak.  One cluster for every way, since two nodes of one cluster may
/// not be the same server.
TEST_F(Secrets, StayInsideWhenTheyAreWrong) {
  PostgresPair pair;
  EchoingServer echo;
  std::string config = exporter_table();
  for (const Way& way : kWays)
    config += "[[cluster]]\nname = \"" + way.name + "\"\n" +
              node(way, way.name, pair.primary().port(), kMonitorRole);
  config += "[[cluster]]\nname = \"echoed\"\n" + node(kEchoed, "echoed", echo.port(), kMonitorRole);
  ExporterProcess exporter(start_with(config));
  const MetricsPage page = exporter.metrics();
  for (const char* name :
       {"by-passfile", "by-environment", "by-file", "by-conninfo", "by-uri", "echoed"})
    EXPECT_EQ(page.value("pgrepl_node_failure", {{"node", name}, {"reason", "password"}}), 1)
        << name;
  const int echoes = echo.echoes();
  EXPECT_GE(echoes, 1);
  expect_silence(outlets(exporter, 2, {"doctor", "--replication-user", kReplicatorRole}));
  EXPECT_GE(echo.echoes(), echoes + 4) << "by both forms of status, and both logins of doctor";
}

bool all_green(const MetricsPage& page) {
  const std::vector<Series> all = page.series("pgrepl_check_status");
  return !all.empty() && std::ranges::all_of(all, [](const Series& one) { return one.value == 0; });
}

/// Each way has a role and a password of its own, which gets in; doctor gets in as a standby, too.
TEST_F(Secrets, StayInsideWhenTheyAreRight) {
  PostgresPair pair;
  std::string config = exporter_table();
  for (const Way& way : kWays) {
    pair.primary().sql().execute("create role \"" + way.name + "\" login password '" + way.canary +
                                 "'; grant pg_monitor to \"" + way.name + "\"");
    config += "[[cluster]]\nname = \"" + way.name +
              "\"\nreplication = { user = \"replicator\", password_file = " +
              quoted(directory_.path() / "replication") + " }\n" +
              node(way, kPrimaryName, pair.primary().port(), way.name) +
              node(way, kStandbyName, pair.standby().port(), way.name);
  }
  ExporterProcess exporter(start_with(config));
  EXPECT_TRUE(wait_until([&] { return all_green(exporter.metrics()); }, std::chrono::seconds(60)));
  const MetricsPage page = exporter.metrics();
  for (const Way& way : kWays)
    for (const char* name : {kPrimaryName, kStandbyName})
      EXPECT_EQ(page.value("pgrepl_node_up", {{"cluster", way.name}, {"node", name}}), 1)
          << way.name;
  const auto all = outlets(exporter, 0, {"doctor"});
  EXPECT_THAT(all.at("doctor"), testing::HasSubstr("wallix-a1: replicator may replicate"));
  expect_silence(all);
}

/// One that gets in, one that does not, and one that is thrown back.
TEST_F(Secrets, StayInsideWhenLibpqFindsThemInTheEnvironment) {
  PostgresPair pair;
  EchoingServer echo;
  environment_["PGPASSWORD"] = kByLibpq.canary;
  ways_ = {kByLibpq};
  pair.primary().sql().execute("create role right_one login password '" + kByLibpq.canary +
                               "'; grant pg_monitor to right_one");
  const auto cluster = [&](const std::string& name, int port, const std::string& user) {
    return "[[cluster]]\nname = \"" + name + "\"\n" + node(kByLibpq, name, port, user);
  };
  ExporterProcess exporter(start_with(exporter_table() +
                                      cluster("by-libpq", pair.primary().port(), "right_one") +
                                      cluster("wrong", pair.primary().port(), kMonitorRole) +
                                      cluster("echoed", echo.port(), kMonitorRole)));
  const MetricsPage page = exporter.metrics();
  EXPECT_EQ(page.value("pgrepl_node_up", {{"node", "by-libpq"}}), 1);
  for (const char* name : {"wrong", "echoed"})
    EXPECT_EQ(page.value("pgrepl_node_failure", {{"node", name}, {"reason", "password"}}), 1)
        << name;
  EXPECT_GE(echo.echoes(), 1);
  expect_silence(outlets(exporter, 2, {"doctor", "--replication-user", kReplicatorRole}));
}

TEST_F(Secrets, StayInsideWhenTheConfigurationIsWrong) {
  write_file(directory_.path() / "bad.toml",
             "[[cluster]]\nname = \"x\"\n[[cluster.node]]\nname = \"a\"\n"
             "conninfo = \"host=127.0.0.1 passwort=" +
                 kByConninfo.canary + "\"\n");
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
