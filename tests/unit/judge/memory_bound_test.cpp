// SPDX-License-Identifier: Apache-2.0
// Whatever happens to a cluster, and for however long: what is remembered of it stays small.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/support/cluster_builder.h"
#include "tests/unit/analysis/dice.h"

namespace pgrepl::test {
namespace {

/// As much as the servers of TroubledPair can show at once.
constexpr std::int64_t kMostSlots = 6, kMostWaiters = 6;

/// The memory of a pair as it is stored may take so many bytes: twice what the longest histories
/// of every kind came to.
constexpr std::size_t kBound = 70'000;

/// A pair in which everything that has a name, a number or a state has another one at each poll.
class TroubledPair {
 public:
  explicit TroubledPair(std::uint64_t seed) : dice_(seed) {}

  const ClusterMemory& poll() {
    ++polls_;
    if (dice_.one_in(6)) change_roles();
    write_wal();
    for (std::size_t node : {0U, 1U}) trouble(node);
    pair_.poll(seconds_to_next_poll());
    return pair_.memory;
  }
  std::size_t encoded_bytes() const {
    return encode_memory(pair_.memory, pair_.snapshot.taken).size();
  }

 private:
  /// From a second to some hours: short histories fill by many looks, long ones by time.
  double seconds_to_next_poll() { return 1.0 + static_cast<double>(dice_.magnitude(13)); }

  std::string fresh_name(const char* of_what) { return of_what + std::to_string(++names_); }

  /// The other node becomes primary, on the next timeline; some day of another system.
  void change_roles() {
    std::swap(healthy_[0].state, healthy_[1].state);
    for (NodeSnapshot& node : healthy_) {
      node.state->timeline = static_cast<std::uint32_t>(polls_);
      if (dice_.one_in(10)) node.state->system_identifier = std::to_string(polls_);
      node.state->postmaster_start_timestamp = static_cast<double>(polls_);
    }
  }
  void write_wal() {
    position_ += static_cast<std::uint64_t>(dice_.magnitude(34));
    for (NodeSnapshot& node : healthy_) {
      NodeState& state = *node.state;
      if (!state.in_recovery) state.current_wal_flush_lsn = Lsn{position_};
      if (!state.in_recovery) continue;
      state.receive_lsn = Lsn{position_ - position_ / 1000};
      state.replay_lsn = Lsn{position_ - position_ / 100};
    }
  }
  void trouble(std::size_t node) {
    NodeObservation& observation = pair_.snapshot.nodes[node];
    observation.postgres.state = healthy_[node].state;
    observation.host = HostSnapshot{.directories = {filling_disk()}};
    NodeState& state = *observation.postgres.state;
    state.slots = slots();
    state.sync_rep_waiters = waiters();
    for (StatReplicationRow& sender : state.wal_senders) {
      sender.pid = static_cast<int>(++names_);
      if (dice_.one_in(2)) sender.application_name = fresh_name("app_");
      sender.sync_state = dice_.one_in(2) ? "sync" : "async";
    }
    if (state.wal_receiver) state.wal_receiver->sender_port = static_cast<int>(dice_.up_to(60000));
    if (dice_.one_in(5)) state.wal_receiver.reset();
    if (dice_.one_in(7)) pair_.silence(node, FailureClass::refused);
  }
  std::vector<ReplicationSlotRow> slots() {
    std::vector<ReplicationSlotRow> slots;
    for (auto left = dice_.up_to(kMostSlots); left > 0; --left) {
      ReplicationSlotRow slot;
      slot.slot_name = fresh_name("slot_");
      slot.slot_type = "physical";
      slot.active = dice_.one_in(3);
      slot.wal_status = dice_.one_in(3) ? "lost" : "reserved";
      if (slot.wal_status != "lost") slot.restart_lsn = Lsn{position_ / 2};
      slots.push_back(slot);
    }
    return slots;
  }
  std::vector<SyncRepWaiter> waiters() {
    std::vector<SyncRepWaiter> waiters;
    for (auto left = dice_.up_to(kMostWaiters); left > 0; --left)
      waiters.push_back({.pid = static_cast<int>(++names_), .query_start_us = polls_});
    return waiters;
  }
  DirectorySpace filling_disk() {
    return {.purpose = DirectoryPurpose::data,
            .path = "/data",
            .filesystem = Filesystem{.mountpoint = "/",
                                     .size = 1e12,
                                     .free = static_cast<double>(dice_.magnitude(39)),
                                     .available = static_cast<double>(dice_.magnitude(39))}};
  }

  Dice dice_;
  ClusterBuilder pair_;
  std::vector<NodeSnapshot> healthy_{pair_.snapshot.nodes[0].postgres,
                                     pair_.snapshot.nodes[1].postgres};
  std::uint64_t position_ = 0x3000060;
  std::int64_t names_ = 0, polls_ = 1;
};

/// How many things each of the memory's lists holds.
std::map<std::string, std::size_t> sizes(const ClusterMemory& memory) {
  return {{"clocks", memory.clocks.size()},
          {"slot_inactive_since", memory.slot_inactive_since.size()},
          {"sync_rep_since", memory.sync_rep_since.size()},
          {"reply_since", memory.reply_since.size()},
          {"unserved_since", memory.unserved_since.size()},
          {"last_walsenders", memory.last_walsenders.size()},
          {"others_walsenders", memory.others_walsenders.size()},
          {"lag_history", memory.lag_history.size()},
          {"lost_slots", memory.lost_slots.size()},
          {"disk_history", memory.disk_history.size()},
          {"used_slot", memory.used_slot.size()},
          {"forks", memory.forks.size()},
          {"holds", memory.holds.size()},
          {"journal", memory.journal.size()},
          {"event_counts", memory.event_counts.size()}};
}

TEST(Memory, StaysBoundedWhateverHappensToACluster) {
  std::size_t most_bytes = 0;
  std::map<std::string, std::size_t> most;
  for (std::uint64_t seed : {1U, 2U}) {
    TroubledPair pair(seed);
    for (int polls = 0; polls < 600; ++polls) {
      for (const auto& [list, size] : sizes(pair.poll())) most[list] = std::max(most[list], size);
      if (polls % 50 == 0) most_bytes = std::max(most_bytes, pair.encoded_bytes());
    }
  }
  RecordProperty("most_bytes", static_cast<int>(most_bytes));
  EXPECT_LE(most_bytes, kBound);
  EXPECT_EQ(most["journal"], ClusterMemory::kMaxJournal) << "the histories were too short";
  EXPECT_LE(most["clocks"], ClusterMemory::kMaxClocks);
  EXPECT_LE(most["forks"], ClusterMemory::kMaxForks);
  EXPECT_LE(most["slot_inactive_since"], 2U * kMostSlots);
  EXPECT_LE(most["lost_slots"], 2U * kMostSlots);
  EXPECT_LE(most["sync_rep_since"], 2U * kMostWaiters);
  EXPECT_LE(most["holds"], 250U);  // per check, node and slot
  for (const char* per_node : {"reply_since", "unserved_since", "last_walsenders",
                               "others_walsenders", "lag_history", "disk_history", "used_slot"})
    EXPECT_LE(most[per_node], 4U) << per_node;
  EXPECT_LE(most["event_counts"], 20U);
  for (const auto& [list, size] : most) EXPECT_GT(size, 0U) << list << " was never used";
}

}  // namespace
}  // namespace pgrepl::test
