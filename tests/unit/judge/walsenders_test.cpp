// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checks/catalogue/catalogue.h"
#include "tests/support/cluster_builder.h"

// Walsenders that feed no standby: base backups, collectors of WAL, subscribers.
namespace pgrepl {
namespace {

using test::ClusterBuilder;
using test::result_of;
using testing::HasSubstr;
using testing::Not;

/// The two connections of pg_basebackup -X stream, from the standby's machine.
void start_base_backup(ClusterBuilder& pair, const char* name) {
  StatReplicationRow copy;
  copy.pid = 6001;
  copy.application_name = name;
  copy.client_addr = "10.0.0.2";
  copy.state = "backup";
  StatReplicationRow stream = copy;
  stream.pid = 6002;
  stream.state = "streaming";
  stream.sync_state = "async";
  stream.sent_lsn = stream.write_lsn = pair.primary().current_wal_flush_lsn;
  stream.reply_age = Seconds{0.1};
  pair.primary().wal_senders.push_back(copy);
  pair.primary().wal_senders.push_back(stream);
}

std::vector<Sample> samples(const ClusterReport& report, std::string_view metric) {
  FactSink sink;
  for (const FactRow& row : facts()) {
    if (row.metric != metric) continue;
    row.of_cluster({report.snapshot, report.analysis, report.policy, report.results}, sink);
  }
  return sink.take();
}

TEST(Walsenders, OfABaseBackupAreNotTheStandbyThatItMakes) {
  for (const char* name : {"pg_basebackup", "a2"}) {
    ClusterBuilder pair;
    pair.poll();
    pair.silence(1, FailureClass::refused).cut_standby();
    start_base_backup(pair, name);
    for (int i = 0; i < 4; ++i) pair.poll();
    const ClusterReport report = pair.poll();
    EXPECT_FALSE(report.analysis.nodes[1].walsender) << name;
    const CheckResult replication = result_of(report, "replication", "a2");
    EXPECT_EQ(replication.state, State::critical) << name;
    EXPECT_EQ(replication.cause, "standby_unreachable") << name;
  }
}

TEST(Walsenders, OfABaseBackupUnderTheStandbysNameAreSaidToBeThatBackup) {
  ClusterBuilder pair;
  pair.poll();
  pair.silence(1, FailureClass::refused).cut_standby();
  start_base_backup(pair, "a2");
  EXPECT_THAT(result_of(pair.poll(), "replication", "a2").summary,
              HasSubstr("a base backup for it is running"));
}

TEST(Walsenders, OfABaseBackupDoNotHideTheStandbyOfTheSameName) {
  ClusterBuilder pair;
  start_base_backup(pair, "a2");
  const ClusterReport report = pair.poll();
  EXPECT_EQ(report.analysis.nodes[1].walsender->row, 0U);
  EXPECT_EQ(result_of(report, "replication", "a2").state, State::ok);
  EXPECT_EQ(result_of(report, "sync_state", "a2").state, State::ok);
}

TEST(Walsenders, ThatAreNoStandbysAreNamed) {
  ClusterBuilder pair;
  EXPECT_THAT(result_of(pair.poll(), "wal_senders", "a1").summary, Not(HasSubstr("not only")));
  start_base_backup(pair, "pg_basebackup");
  const ClusterReport report = pair.poll();
  EXPECT_EQ(result_of(report, "wal_senders", "a1").summary,
            "2 of 5 walsenders of a1 are free, not only standbys of this cluster use them: "
            "pg_basebackup (a base backup)");
  const std::vector<Sample> kinds = samples(report, "pgrepl_walsenders_by_kind");
  ASSERT_EQ(kinds.size(), 2 * kWalsenderKinds.size());
  EXPECT_EQ(kinds[0].value, 1) << "standby";
  EXPECT_EQ(kinds[1].value, 2) << "base_backup";
}

TEST(BaseBackup, ShowsItsProgressWhileItRuns) {
  ClusterBuilder pair;
  start_base_backup(pair, "pg_basebackup");
  pair.primary().basebackups.value = {{.pid = 6001,
                                       .phase = "streaming database files",
                                       .backup_total = 400,
                                       .backup_streamed = 100}};
  const std::vector<Sample> progress = samples(pair.poll(), "pgrepl_basebackup_progress_ratio");
  ASSERT_EQ(progress.size(), 1U);
  EXPECT_EQ(progress.front().value, 0.25);
  EXPECT_EQ(progress.front().label_values.back(), "pg_basebackup");
  pair.primary().wal_senders.resize(1);
  EXPECT_TRUE(samples(pair.poll(), "pgrepl_basebackup_progress_ratio").empty())
      << "it is over, though its progress was not read again yet";
}

TEST(BaseBackup, HasNoProgressWithoutAnEstimate) {
  ClusterBuilder pair;
  start_base_backup(pair, "pg_basebackup");
  pair.primary().basebackups.value = {{.pid = 6001, .backup_streamed = 100}};
  const ClusterReport report = pair.poll();
  EXPECT_TRUE(samples(report, "pgrepl_basebackup_progress_ratio").empty());
  EXPECT_EQ(samples(report, "pgrepl_basebackup_streamed_bytes").front().value, 100);
}

}  // namespace
}  // namespace pgrepl
