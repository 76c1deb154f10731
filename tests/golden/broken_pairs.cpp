// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/broken_pairs.h"

namespace pgrepl::test {
namespace {

constexpr auto kRefused = FailureClass::refused;
constexpr auto kTimeout = FailureClass::timeout;

NodeState& state(ClusterBuilder& pair, std::size_t node) {
  return pair.snapshot.nodes[node].postgres.state.value();
}

// --- nodes that show nothing ---------------------------------------------------------------------

void kill_primary(ClusterBuilder& pair) {
  pair.standby().wal_receiver.reset();
  pair.silence(0, kRefused);
}

/// Its sockets stay open, so that the standby takes it for alive.
void freeze_primary(ClusterBuilder& pair) { pair.silence(0, kTimeout); }

void kill_standby(ClusterBuilder& pair) { pair.cut_standby().silence(1, kRefused); }

void freeze_standby(ClusterBuilder& pair) { pair.silence(1, kTimeout); }

void kill_both(ClusterBuilder& pair) { pair.silence(0, kRefused).silence(1, kRefused); }

void start_standby(ClusterBuilder& pair) {
  pair.cut_standby().silence(1, FailureClass::starting_up);
}

void reject_monitor(ClusterBuilder& pair) { pair.silence(0, FailureClass::hba_rejected); }

void kill_primary_of_three(ClusterBuilder& pair) {
  pair.add_standby("a3");
  pair.poll();
  state(pair, 2).wal_receiver.reset();
  kill_primary(pair);
}

void kill_synchronous_of_three(ClusterBuilder& pair) {
  pair.add_standby("a3");
  pair.poll();
  const StatReplicationRow other = pair.primary().wal_senders.back();
  kill_standby(pair);
  pair.primary().wal_senders = {other};
}

void kill_asynchronous_of_three(ClusterBuilder& pair) {
  pair.add_standby("a3");
  pair.poll();
  pair.primary().wal_senders.pop_back();
  pair.silence(2, kRefused);
}

/// What PostgreSQL hides from a role without pg_monitor, and what it refuses.
void revoke_pg_monitor(NodeState& node) {
  const Failure denied{FailureClass::permission, "permission denied"};
  node.has_pg_monitor = false;
  for (StatReplicationRow& row : node.wal_senders) {
    row.state = row.sync_state = row.client_addr = std::nullopt;
    row.sync_priority.reset();
    row.sent_lsn = row.write_lsn = row.flush_lsn = row.replay_lsn = std::nullopt;
    row.reply_age.reset();
  }
  if (node.wal_receiver) node.wal_receiver = StatWalReceiverRow{.pid = node.wal_receiver->pid};
  node.wal_directory = {.failure = denied};
  node.archive_status = {.failure = denied};
}

void revoke_on_primary(ClusterBuilder& pair) {
  revoke_pg_monitor(pair.primary());
  pair.standbys_reply = false;
}

void revoke_on_standby(ClusterBuilder& pair) { revoke_pg_monitor(pair.standby()); }

void revoke_on_both(ClusterBuilder& pair) {
  revoke_on_primary(pair);
  revoke_on_standby(pair);
}

void fail_statements(ClusterBuilder& pair) {
  const Failure failed{FailureClass::query_failed, "query: canceling statement"};
  NodeState& primary = pair.primary();
  primary.missing = {failed, failed, failed, failed};
  primary.wal_senders.clear();
  primary.slots.clear();
  primary.settings = {.failure = failed};
}

// --- pairs that answer ---------------------------------------------------------------------------

void cut(ClusterBuilder& pair) {
  pair.standby().settings.value->primary_slot_name = "a2_slot";
  pair.cut_standby();
}

void drop_slot(ClusterBuilder& pair) {
  cut(pair);
  pair.primary().slots.clear();
  pair.primary().settings.value->wal_keep_size = 0;
}

void lose_slot(ClusterBuilder& pair) {
  cut(pair);
  pair.slot().wal_status = "lost";
  pair.slot().restart_lsn.reset();
}

void use_up_walsenders(ClusterBuilder& pair, bool standby_stays) {
  const StatReplicationRow own = pair.walsender();
  if (!standby_stays) cut(pair);
  while (pair.primary().wal_senders.size() < 5) {
    StatReplicationRow other = own;
    other.pid += static_cast<int>(pair.primary().wal_senders.size()) + 1;
    other.application_name = "pg_receivewal";
    other.client_addr = "10.0.0.9";
    other.sync_state = "async";
    pair.primary().wal_senders.push_back(other);
  }
}

void empty_primary_conninfo(ClusterBuilder& pair) {
  cut(pair);
  pair.standby().settings.value->upstream_configured = false;
}

void split(ClusterBuilder& pair) { pair.cut_standby().promote_standby(); }

void split_beside_a_dead_node(ClusterBuilder& pair) {
  kill_asynchronous_of_three(pair);
  split(pair);
}

void split_and_hide_settings(ClusterBuilder& pair) {
  split(pair);
  pair.standby().settings = {.failure = Failure{FailureClass::query_failed, "query: canceled"}};
}

/// The old primary is back as a standby, with WAL of its own that the new primary lacks.
void fork(ClusterBuilder& pair) {
  const NodeState old = pair.primary();
  split(pair);
  pair.poll(1);
  pair.write(1 << 20);
  pair.poll(1);
  NodeState back = pair.primary();
  back.in_recovery = true;
  back.replay_lsn = back.current_wal_flush_lsn;
  back.current_wal_flush_lsn.reset();
  back.replay_paused = false;
  back.slots.clear();
  pair.snapshot.nodes[0].postgres.state = back;
}

void follow_a_stranger(ClusterBuilder& pair) {
  const StatWalReceiverRow receiver = *pair.standby().wal_receiver;
  pair.cut_standby();
  pair.standby().wal_receiver = receiver;
  pair.standby().wal_receiver->sender_host = "192.0.2.1";
  pair.standby().wal_receiver->slot_name.reset();
}

void be_of_another_system(ClusterBuilder& pair) {
  pair.cut_standby();
  pair.standby().system_identifier = "7400000000000000002";
}

void be_asynchronous(ClusterBuilder& pair) {
  pair.primary().synchronous_standby_names = "";
  pair.walsender().sync_state = "async";
}

void wait_for_nobody(ClusterBuilder& pair) {
  pair.primary().synchronous_standby_names = "nobody";
  pair.walsender().sync_state = "async";
  pair.let_a_commit_wait();
}

void pause_replay(ClusterBuilder& pair) {
  pair.standby().replay_paused = true;
  pair.write(std::int64_t{2} << 30).receive_all();
}

// --- disks ---------------------------------------------------------------------------------------

void use_disk(ClusterBuilder& pair, std::size_t node, DirectoryPurpose purpose, double available) {
  pair.policy.nodes[node].host_configured = true;
  pair.snapshot.nodes[node].host = HostSnapshot{
      .directories = {
          {.purpose = purpose,
           .path = "/srv",
           .filesystem = Filesystem{
               .mountpoint = "/srv", .size = 1e11, .free = available, .available = available}}}};
}

void fill_archive(ClusterBuilder& pair) {
  use_disk(pair, 0, DirectoryPurpose::archive, 1e6);
  pair.primary().archiver.value = StatArchiverRow{.archived_count = 3,
                                                  .failed_count = 9,
                                                  .last_archived_age = Seconds{4000},
                                                  .last_failed_age = Seconds{2},
                                                  .last_failed_wal = "000000010000000000000003"};
  pair.primary().archive_status.value->ready_files = 300;
  pair.primary().wal_directory.value->bytes = std::int64_t{6} << 30;
  for (int i = 0; i < 200; ++i) pair.poll();
}

void fill_wal_of_dead_primary(ClusterBuilder& pair) {
  use_disk(pair, 0, DirectoryPurpose::wal, 4096);
  kill_primary(pair);
}

void hoard_wal_for_dead_standby(ClusterBuilder& pair) {
  kill_standby(pair);
  pair.write(std::int64_t{6} << 30);
  pair.primary().wal_directory.value->bytes = std::int64_t{6} << 30;
}

/// The standby streams, but its network does not keep up; a slot that nobody uses holds little.
void hoard_wal_beside_a_forgotten_slot(ClusterBuilder& pair) {
  pair.write(std::int64_t{6} << 30);
  ReplicationSlotRow forgotten = pair.slot();
  forgotten.slot_name = "forgotten";
  forgotten.active = false;
  forgotten.active_pid.reset();
  forgotten.restart_lsn = pair.primary().current_wal_flush_lsn;
  pair.primary().slots.push_back(forgotten);
  pair.primary().wal_directory.value->bytes = std::int64_t{6} << 30;
  for (int i = 0; i < 100; ++i) pair.poll();
}

constexpr BrokenPair kPairs[] = {
    {"nothing is wrong", [](ClusterBuilder&) {}},
    {"the primary is dead", kill_primary},
    {"the primary hangs, and its standby takes it for alive", freeze_primary},
    {"the primary is dead, and never answered before", kill_primary, false},
    {"pg_hba.conf of the primary rejects the monitor", reject_monitor},
    {"the standby is dead", kill_standby},
    {"the standby hangs, and the primary takes it for alive", freeze_standby},
    {"the standby is dead, and never answered before", kill_standby, false},
    {"the standby is starting", start_standby},
    {"both are dead", kill_both},
    {"both are dead, and never answered before", kill_both, false},
    {"of three nodes the primary is dead", kill_primary_of_three},
    {"of three nodes the synchronous standby is dead", kill_synchronous_of_three},
    {"of three nodes the asynchronous standby is dead", kill_asynchronous_of_three},
    {"the monitoring role lacks pg_monitor on the primary", revoke_on_primary},
    {"the monitoring role lacks pg_monitor on the standby", revoke_on_standby},
    {"the monitoring role lacks pg_monitor on both", revoke_on_both},
    {"the primary answers, but several of its statements fail", fail_statements},
    {"the standby's receiver does not run, and nothing shows why", cut},
    {"the standby's slot was dropped", drop_slot},
    {"the standby's slot is lost", lose_slot},
    {"others use up the walsenders, the standby still streams",
     [](ClusterBuilder& pair) { use_up_walsenders(pair, true); }},
    {"others use up the walsenders, the standby finds none",
     [](ClusterBuilder& pair) { use_up_walsenders(pair, false); }},
    {"the standby's primary_conninfo is empty", empty_primary_conninfo},
    {"split brain", split},
    {"split brain, and one of them does not show its settings", split_and_hide_settings},
    {"split brain, and a third node is dead", split_beside_a_dead_node},
    {"the old primary comes back behind a fork", fork},
    {"the standby follows a stranger", follow_a_stranger},
    {"the standby is of another system", be_of_another_system},
    {"the standby is asynchronous", be_asynchronous},
    {"commits wait for a name that nobody has", wait_for_nobody},
    {"replay is paused", pause_replay},
    {"the archive is full", fill_archive},
    {"the filesystem of pg_wal is full, and the primary is dead", fill_wal_of_dead_primary},
    {"WAL piles up for a dead standby", hoard_wal_for_dead_standby},
    {"WAL piles up for a slow standby, beside a slot that nobody uses",
     hoard_wal_beside_a_forgotten_slot},
};

}  // namespace

std::span<const BrokenPair> broken_pairs() { return kPairs; }

}  // namespace pgrepl::test
