// SPDX-License-Identifier: Apache-2.0
// The page tells the figures that the servers tell whoever asks them by SQL.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/cluster/watch.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

/// Megabytes that the standby has and does not replay.
constexpr int kWritten = 40;

// What a server writes of itself while nobody works; and what passes between poll, page and SQL on
// a busy machine.
constexpr double kIdleBytes = 256 << 10;
constexpr double kIdleSeconds = 30;

/// A series, and how a server is asked for the same figure.
struct Figure {
  const char* metric;
  Labels labels;
  std::string query;
  double tolerance = 0;
};

std::string of_walsender(const std::string& expression) {
  return "select " + expression + " from pg_stat_replication where application_name = '" +
         kStandbyName + "'";
}

std::string distance(const std::string& lsn) {
  return of_walsender("pg_current_wal_flush_lsn() - " + lsn);
}

std::string age(const std::string& moment) {
  return "extract(epoch from clock_timestamp() - " + moment + ")";
}

std::string bytes_of(const std::string& setting) {
  return "select pg_size_bytes(current_setting('" + setting + "'))";
}

const Labels kSender{{"application_name", kStandbyName}};
const Labels kSlot{{"node", kPrimaryName}, {"slot_name", kSlotName}};

const Figure kOfThePrimary[] = {
    {"pgrepl_walsender_sent_distance_bytes", kSender, distance("sent_lsn"), kIdleBytes},
    {"pgrepl_walsender_write_distance_bytes", kSender, distance("write_lsn"), kIdleBytes},
    {"pgrepl_walsender_flush_distance_bytes", kSender, distance("flush_lsn"), kIdleBytes},
    {"pgrepl_walsender_replay_distance_bytes", kSender, distance("replay_lsn"), kIdleBytes},
    {"pgrepl_walsender_sync_priority", kSender, of_walsender("sync_priority")},
    {"pgrepl_walsender_reply_age_seconds", kSender, of_walsender(age("reply_time")), kIdleSeconds},
    {"pgrepl_wal_flush_position_bytes", kPrimary, "select pg_current_wal_flush_lsn() - '0/0'",
     kIdleBytes},
    {"pgrepl_slot_retained_bytes", kSlot,
     "select pg_current_wal_flush_lsn() - restart_lsn from pg_replication_slots", kIdleBytes},
    {"pgrepl_slot_info", with(with(kSlot, "slot_type", "physical"), "temporary", "false"),
     "select count(*) from pg_replication_slots where slot_type = 'physical' and not temporary"},
    {"pgrepl_archiver_archived_total", kPrimary, "select archived_count from pg_stat_archiver"},
    {"pgrepl_archiver_failed_total", kPrimary, "select failed_count from pg_stat_archiver"},
    {"pgrepl_archiver_last_archived_age_seconds", kPrimary,
     "select " + age("last_archived_time") + " from pg_stat_archiver", kIdleSeconds},
    {"pgrepl_wal_directory_files", kPrimary, "select count(*) from pg_ls_waldir()"},
    {"pgrepl_wal_directory_bytes", kPrimary, "select sum(size) from pg_ls_waldir()"},
    {"pgrepl_setting", with(kPrimary, "setting", "max_wal_senders"),
     "select current_setting('max_wal_senders')"},
    {"pgrepl_setting_bytes", with(kPrimary, "setting", "max_wal_size"), bytes_of("max_wal_size")},
    {"pgrepl_setting_bytes", with(kPrimary, "setting", "wal_keep_size"), bytes_of("wal_keep_size")},
    {"pgrepl_setting_seconds", with(kPrimary, "setting", "wal_sender_timeout"),
     "select extract(epoch from current_setting('wal_sender_timeout')::interval)"},
    {"pgrepl_node_server_version_number", kPrimary, "select current_setting('server_version_num')"},
    {"pgrepl_node_start_timestamp_seconds", kPrimary,
     "select extract(epoch from pg_postmaster_start_time())", 0.01},
};

const Figure kOfTheStandby[] = {
    {"pgrepl_wal_receive_position_bytes", kStandby, "select pg_last_wal_receive_lsn() - '0/0'",
     kIdleBytes},
    {"pgrepl_wal_replay_position_bytes", kStandby, "select pg_last_wal_replay_lsn() - '0/0'",
     kIdleBytes},
    {"pgrepl_lag_received_not_replayed_bytes", kStandby,
     "select pg_last_wal_receive_lsn() - pg_last_wal_replay_lsn()", kIdleBytes},
    {"pgrepl_last_replayed_transaction_age_seconds", kStandby,
     "select " + age("pg_last_xact_replay_timestamp()"), kIdleSeconds},
    {"pgrepl_wal_receiver_up", kStandby, "select count(*) from pg_stat_wal_receiver"},
    {"pgrepl_wal_receiver_status", with(kStandby, "status", "streaming"),
     "select count(*) from pg_stat_wal_receiver where status = 'streaming'"},
    {"pgrepl_wal_receiver_last_message_age_seconds", kStandby,
     "select " + age("last_msg_receipt_time") + " from pg_stat_wal_receiver", kIdleSeconds},
    {"pgrepl_wal_directory_files", kStandby, "select count(*) from pg_ls_waldir()"},
};

/// What a figure is on the page and at the server, if they differ by more than they may.
template <std::size_t size>
std::string differences(const MetricsPage& page, Sql session, const Figure (&figures)[size]) {
  std::string text;
  for (const Figure& figure : figures) {
    const auto on_page = page.value(figure.metric, figure.labels);
    const auto at_server = session.value(figure.query);
    if (on_page && at_server && std::abs(*on_page - std::stod(*at_server)) <= figure.tolerance)
      continue;
    text += std::string(figure.metric) + " is " + (on_page ? std::to_string(*on_page) : "absent") +
            ", the server says " + at_server.value_or("NULL") + "\n";
  }
  return text;
}

void write_megabytes(PostgresServer& primary) {
  primary.sql().execute(
      "set synchronous_commit = local; "
      "select pg_logical_emit_message(true, '', repeat('x', 1 << 20)) from generate_series(1, " +
      std::to_string(kWritten) + "); select pg_switch_wal()");
}

TEST(Page, TellsTheFiguresOfTheServers) {
  PostgresPair pair;
  Watch watch(pair);
  ASSERT_TRUE(watch.all_green());
  // A commit that the standby has replayed, so that it can tell the age of its last one.
  pair.primary().sql().execute("set synchronous_commit = remote_apply; create table replayed ()");
  pair.standby().sql().execute("select pg_wal_replay_pause()");
  write_megabytes(pair.primary());
  ASSERT_TRUE(watch.exceeds("pgrepl_lag_received_not_replayed_bytes", kStandby, kWritten * 1e6));

  std::string differ;
  const auto agree = [&] {
    const MetricsPage page = watch.exporter().metrics();
    differ = differences(page, pair.primary().sql(), kOfThePrimary) +
             differences(page, pair.standby().sql(), kOfTheStandby);
    return differ.empty();
  };
  EXPECT_TRUE(wait_until(agree, std::chrono::seconds(60))) << differ;

  const MetricsPage page = watch.exporter().metrics();
  EXPECT_GT(page.value("pgrepl_walsender_replay_distance_bytes", kSender), kWritten * 1e6);
  EXPECT_LT(page.value("pgrepl_walsender_flush_distance_bytes", kSender), kIdleBytes);
  const auto system =
      pair.primary().sql().value("select system_identifier from pg_control_system()");
  for (const Labels& node : {kPrimary, kStandby})
    EXPECT_EQ(page.value("pgrepl_node_info", with(node, "system_identifier", *system)), 1);
}

}  // namespace
}  // namespace pgrepl::test
