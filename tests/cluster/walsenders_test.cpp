// SPDX-License-Identifier: Apache-2.0
// What uses walsenders and slots beside the standby.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/cluster/watch.h"
#include "tests/support/postgres_installation.h"
#include "tests/support/process.h"

namespace pgrepl::test {
namespace {

/// A client program of PostgreSQL that writes to a directory of its own and runs until it is ended.
std::unique_ptr<Process> keep_running(PostgresPair& pair, const std::string& program,
                                      const std::string& conninfo,
                                      const std::vector<std::string>& options) {
  const std::filesystem::path directory = pair.directory() / program;
  std::filesystem::create_directory(directory);
  give_to_server_user(directory);
  std::vector<std::string> argv{
      find_postgres(15).program(program), "-d", conninfo, "-D", directory.string(), "--no-sync"};
  argv.insert(argv.end(), options.begin(), options.end());
  const std::filesystem::path log = pair.directory() / (program + ".log");
  return std::make_unique<Process>(Program{.argv = argv,
                                           .environment = {{"PGPASSWORD", kReplicatorPassword}},
                                           .user = server_user()},
                                   ProgramFiles{log, log});
}

Labels kind(const std::string& name) { return with(kPrimary, "kind", name); }

TEST(BaseBackup, UnderTheStandbysNameIsNotTakenForTheStandby) {
  PostgresPair pair;
  Watch watch(pair);
  ASSERT_TRUE(watch.all_green());
  pair.standby().stop();
  const auto backup =
      keep_running(pair, "pg_basebackup",
                   pair.primary().conninfo(kReplicatorRole) + " application_name=" + kStandbyName,
                   {"--max-rate", "32k", "--checkpoint", "fast", "--progress"});
  EXPECT_TRUE(watch.becomes("pgrepl_walsenders_by_kind", kind("base_backup"), 2));
  EXPECT_TRUE(watch.becomes("pgrepl_walsenders_by_kind", kind("standby"), 0));
  EXPECT_TRUE(watch.becomes("pgrepl_expected_standby_connected", kStandby, 0));
  EXPECT_TRUE(watch.exceeds("pgrepl_basebackup_progress_ratio", kPrimary, 0));
  EXPECT_LT(watch.value("pgrepl_basebackup_progress_ratio", kPrimary), 1);
  EXPECT_TRUE(watch.becomes("pgrepl_basebackup_phase",
                            with(kPrimary, "phase", "streaming database files"), 1));
  EXPECT_TRUE(watch.status_becomes("replication", kStandby, 2));
}

TEST(WalCollector, IsToldFromAStandbyByWhatItNeverSays) {
  PostgresPair pair;
  Watch watch(pair);
  ASSERT_TRUE(watch.all_green());
  const auto collector = keep_running(
      pair, "pg_receivewal", pair.primary().conninfo(kReplicatorRole) + " application_name=nightly",
      {"--status-interval", "1"});
  EXPECT_TRUE(watch.becomes("pgrepl_walsenders_by_kind", kind("wal_archive"), 1));
  EXPECT_EQ(watch.value("pgrepl_walsenders_by_kind", kind("standby")), 1);
  EXPECT_TRUE(watch.all_green());
}

TEST(SlotOwner, IsTheStandbyEvenWhileItIsDownAndNobodyForAnOrphan) {
  PostgresPair pair({.settings = {{"wal_level", "logical"}}});
  Watch watch(pair);
  ASSERT_TRUE(watch.all_green());
  Sql session = pair.primary().sql();
  session.execute("select pg_create_physical_replication_slot('abandoned', true)");
  session.execute("select pg_create_logical_replication_slot('subscription', 'pgoutput')");
  const auto owned_by = [&](const std::string& slot, const std::string& owner) {
    return watch.becomes("pgrepl_slot_owner",
                         {{"node", kPrimaryName}, {"slot_name", slot}, {"owner", owner}}, 1);
  };
  EXPECT_TRUE(owned_by(kSlotName, "standby"));
  EXPECT_TRUE(owned_by("abandoned", "nobody"));
  EXPECT_TRUE(owned_by("subscription", "consumer"));
  pair.standby().stop();
  EXPECT_TRUE(watch.becomes("pgrepl_slot_active", {{"slot_name", kSlotName}}, 0));
  watch.exporter().restart();
  EXPECT_TRUE(owned_by(kSlotName, "standby")) << "remembered over a restart";
  EXPECT_TRUE(owned_by("abandoned", "nobody"));
}

TEST(WalDirectory, IsExplainedByTheSlotThatHoldsIt) {
  PostgresPair pair;
  Watch watch(pair);
  ASSERT_TRUE(watch.all_green());
  Sql session = pair.primary().sql();
  session.execute("select pg_create_physical_replication_slot('hoarder', true)");
  for (int i = 0; i < 6; ++i) {
    session.execute(
        "set synchronous_commit = local; select pg_logical_emit_message(true, '', 'x')");
    session.execute("select pg_switch_wal()");
  }
  session.execute("checkpoint");
  EXPECT_TRUE(
      watch.exceeds("pgrepl_wal_directory_pinned_bytes", with(kPrimary, "by", "slots"), 64 << 20));
  EXPECT_LT(watch.value("pgrepl_wal_directory_pinned_bytes", with(kPrimary, "by", "checkpoint")),
            32 << 20);
  EXPECT_NE(watch.exporter().check({"wal_directory", "-n", kPrimaryName}).out.find("slot hoarder"),
            std::string::npos);
}

}  // namespace
}  // namespace pgrepl::test
