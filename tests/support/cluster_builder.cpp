// SPDX-License-Identifier: Apache-2.0
#include "tests/support/cluster_builder.h"

#include <algorithm>
#include <stdexcept>

namespace pgrepl::test {
namespace {

using std::chrono::milliseconds;

constexpr const char* kSystem = "7400000000000000001";
constexpr Lsn kStart{0x3000060};

Settings guide_settings() {
  Settings settings;
  settings.wal_level = "replica";
  settings.synchronous_commit = "on";
  settings.archive_mode = "on";
  settings.hot_standby = true;
  settings.archive_configured = true;
  settings.max_wal_senders = 5;
  settings.max_replication_slots = 10;
  settings.max_connections = 100;
  settings.wal_keep_size = std::int64_t{1} << 30;
  settings.max_wal_size = std::int64_t{1} << 30;
  settings.wal_segment_size = 16 << 20;
  settings.max_slot_wal_keep_size = -1;
  settings.wal_sender_timeout = Seconds{60};
  return settings;
}

NodeState common(const ClusterBuilder& builder) {
  NodeState state;
  state.server_version_num = 150018;
  state.server_version = "15.18";
  state.system_identifier = kSystem;
  state.timeline = 1;
  state.postmaster_start_timestamp = 1700000000;
  state.has_pg_monitor = true;
  state.synchronous_standby_names = "";
  const SteadyTime now = builder.snapshot.taken.steady;
  state.settings.value = guide_settings();
  state.settings.read_at = now;
  state.commit_overrides.value = CommitOverrides{};
  state.wal_directory.value = WalDirectory{.bytes = std::int64_t{80} << 20, .files = 5};
  state.archiver.value = StatArchiverRow{.archived_count = 3, .last_archived_age = Seconds{40}};
  state.archive_status.value = ArchiveStatusDirectory{};
  state.round_trip = Seconds{0.0004};
  return state;
}

StatReplicationRow streaming_row() {
  StatReplicationRow row;
  row.pid = 4711;
  row.application_name = "a2";
  row.client_addr = "10.0.0.2";
  row.state = "streaming";
  row.sync_state = "sync";
  row.sync_priority = 1;
  row.sent_lsn = row.write_lsn = row.flush_lsn = row.replay_lsn = kStart;
  row.reply_age = Seconds{1};
  return row;
}

NodeState make_primary(const ClusterBuilder& builder) {
  NodeState state = common(builder);
  state.current_wal_flush_lsn = kStart;
  state.synchronous_standby_names = "\"a2\"";
  state.wal_senders = {streaming_row()};
  ReplicationSlotRow slot;
  slot.slot_name = "a2_slot";
  slot.slot_type = "physical";
  slot.active = true;
  slot.active_pid = 4711;
  slot.wal_status = "reserved";
  slot.restart_lsn = kStart;
  state.slots = {slot};
  return state;
}

NodeState make_standby(const ClusterBuilder& builder) {
  NodeState state = common(builder);
  state.in_recovery = true;
  state.synchronous_standby_names = "\"a1\"";
  state.receive_lsn = state.replay_lsn = kStart;
  state.replay_paused = false;
  state.last_xact_replay_age = Seconds{3};
  StatWalReceiverRow receiver;
  receiver.pid = 815;
  receiver.status = "streaming";
  receiver.sender_host = "10.0.0.1";
  receiver.sender_port = 5432;
  receiver.slot_name = "a2_slot";
  receiver.received_tli = 1;
  receiver.latest_end_lsn = kStart;
  receiver.last_message_age = Seconds{1};
  state.wal_receiver = receiver;
  return state;
}

}  // namespace

ClusterBuilder::ClusterBuilder() {
  policy.name = snapshot.cluster = "pair";
  policy.nodes = {{.name = "a1", .addresses = {"10.0.0.1"}, .user = "pgrepl_monitor"},
                  {.name = "a2", .addresses = {"10.0.0.2"}, .user = "pgrepl_monitor"}};
  snapshot.taken = {.steady = SteadyTime{std::chrono::hours{100}},
                    .wall = WallTime{std::chrono::seconds{1790000000}}};
  snapshot.nodes.resize(2);
  snapshot.nodes[0].postgres = {.name = "a1", .state = make_primary(*this)};
  snapshot.nodes[1].postgres = {.name = "a2", .state = make_standby(*this)};
}

ClusterBuilder& ClusterBuilder::silence(std::size_t node, FailureClass reason) {
  snapshot.nodes[node].postgres.state = Failed{Failure{reason, "connect: no answer within 3 s"}};
  return *this;
}

ClusterBuilder& ClusterBuilder::cut_standby() {
  primary().wal_senders.clear();
  slot().active = false;
  slot().active_pid.reset();
  if (snapshot.nodes[1].postgres.up()) standby().wal_receiver.reset();
  return *this;
}

ClusterBuilder& ClusterBuilder::promote_standby() {
  NodeState promoted = standby();
  promoted.in_recovery = false;
  promoted.timeline = 2;
  promoted.current_wal_flush_lsn = Lsn{promoted.replay_lsn->bytes() + 0x100};
  promoted.recovery_end_lsn = promoted.replay_lsn;
  promoted.was_streamed_to = true;
  promoted.receive_lsn = promoted.replay_lsn = std::nullopt;
  promoted.replay_paused = std::nullopt;
  promoted.wal_receiver.reset();
  snapshot.nodes[1].postgres.state = promoted;
  return *this;
}

ClusterBuilder& ClusterBuilder::write(std::int64_t bytes) {
  primary().current_wal_flush_lsn =
      Lsn{primary().current_wal_flush_lsn->bytes() + static_cast<std::uint64_t>(bytes)};
  return *this;
}

ClusterBuilder& ClusterBuilder::receive_all() {
  const auto position = primary().current_wal_flush_lsn;
  standby().receive_lsn = standby().wal_receiver->latest_end_lsn = position;
  StatReplicationRow& row = walsender();
  row.sent_lsn = row.write_lsn = row.flush_lsn = position;
  slot().restart_lsn = position;
  return *this;
}

ClusterBuilder& ClusterBuilder::replay(std::int64_t bytes) {
  const Lsn next{standby().replay_lsn->bytes() + static_cast<std::uint64_t>(bytes)};
  standby().replay_lsn = std::min(next, *standby().receive_lsn);
  walsender().replay_lsn = standby().replay_lsn;
  return *this;
}

ClusterBuilder& ClusterBuilder::replay_all() {
  const auto position = primary().current_wal_flush_lsn;
  standby().receive_lsn = standby().replay_lsn = position;
  standby().wal_receiver->latest_end_lsn = position;
  StatReplicationRow& row = walsender();
  row.sent_lsn = row.write_lsn = row.flush_lsn = row.replay_lsn = position;
  slot().restart_lsn = position;
  return *this;
}

ClusterBuilder& ClusterBuilder::add_standby(const std::string& name) {
  StatReplicationRow row = walsender();
  row.pid += static_cast<int>(snapshot.nodes.size());
  row.application_name = name;
  row.client_addr = "10.0.0." + std::to_string(snapshot.nodes.size() + 1);
  row.sync_state = "async";
  row.sync_priority = 0;
  policy.nodes.push_back({.name = name, .addresses = {*row.client_addr}});
  primary().wal_senders.push_back(row);
  NodeState state = make_standby(*this);
  state.wal_receiver->slot_name.reset();
  snapshot.nodes.push_back({.postgres = {.name = name, .state = state}, .host = {}});
  return *this;
}

ClusterBuilder& ClusterBuilder::let_a_commit_wait() {
  const int waiters = static_cast<int>(primary().sync_rep_waiters.size());
  primary().sync_rep_waiters.push_back({.pid = 900 + waiters, .backend_xid = 700 + waiters});
  return *this;
}

ClusterReport ClusterBuilder::poll(double seconds_later) {
  const auto step = std::chrono::duration_cast<std::chrono::microseconds>(Seconds{seconds_later});
  snapshot.taken.steady += step;
  snapshot.taken.wall += step;
  // The primary's position is read before the standbys', as the poller does it.
  const SteadyTime end = snapshot.taken.steady;
  if (snapshot.nodes[0].postgres.up())
    primary().position_read = {end - milliseconds{40}, end - milliseconds{30}};
  for (std::size_t i = 1; i < snapshot.nodes.size(); ++i) {
    if (snapshot.nodes[i].postgres.up())
      state_of(i).position_read = {end - milliseconds{20}, end - milliseconds{10}};
  }
  if (snapshot.nodes[0].postgres.up() && standbys_reply) {
    for (StatReplicationRow& row : primary().wal_senders)
      row.reply_time_us = snapshot.taken.wall.time_since_epoch().count();
  }
  return report_on(snapshot, policy, thresholds, memory);
}

CheckResult result_of(const ClusterReport& report, std::string_view check, std::string_view node,
                      std::string_view object) {
  for (const CheckResult& result : report.results) {
    if (result.check == check && result.node == node && result.object == object) return result;
  }
  throw std::runtime_error("no result of " + std::string{check} + " on '" + std::string{node} +
                           "'");
}

bool has_result(const ClusterReport& report, std::string_view check, std::string_view node) {
  for (const CheckResult& result : report.results) {
    if (result.check == check && result.node == node) return true;
  }
  return false;
}

}  // namespace pgrepl::test
