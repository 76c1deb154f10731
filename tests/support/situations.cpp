// SPDX-License-Identifier: Apache-2.0
#include "tests/support/situations.h"

#include <chrono>
#include <optional>

namespace pgrepl::test {
namespace {

constexpr SteadyTime kNow{std::chrono::hours{100}};
constexpr Lsn kPosition{0x3000060};

constexpr std::string_view kPrimaries = "PQUL";
constexpr std::chrono::seconds kLate{3};

bool is_silent(char node) { return node == '-' || node == 'z'; }

NodeState answer(char node) {
  NodeState state;
  state.in_recovery = kPrimaries.find(node) == std::string_view::npos;
  state.system_identifier =
      node == 'Q' || node == 't' ? "7400000000000000002" : "7400000000000000001";
  if (node == 'U') state.system_identifier.reset();
  state.timeline = 1;
  state.has_pg_monitor = node != 'h';
  state.position_read = {kNow - std::chrono::milliseconds{2}, kNow - std::chrono::milliseconds{1}};
  if (node == 'L') {
    state.position_read.began += kLate;
    state.position_read.ended += kLate;
  }
  (state.in_recovery ? state.replay_lsn : state.current_wal_flush_lsn) = kPosition;
  return state;
}

std::string name_of(std::size_t node) { return "a" + std::to_string(node + 1); }
std::string address_of(std::size_t node) { return "10.0.0." + std::to_string(node + 1); }

StatReplicationRow walsender_of(std::size_t client) {
  StatReplicationRow row;
  row.pid = static_cast<int>(100 + client);
  row.application_name = name_of(client);
  row.client_addr = address_of(client);
  row.state = "streaming";
  row.reply_age = Seconds{1};
  return row;
}

StatWalReceiverRow receiver_of(const std::string& sender) {
  StatWalReceiverRow row;
  row.status = "streaming";
  row.sender_host = sender;
  row.last_message_age = Seconds{1};
  return row;
}

std::optional<std::size_t> first_of(std::string_view nodes, std::string_view any) {
  const auto found = nodes.find_first_of(any);
  return found == std::string_view::npos ? std::nullopt : std::optional{found};
}

/// The next one behind `node`, and from the end on again from the front.
std::optional<std::size_t> next_standby(std::string_view nodes, std::size_t node) {
  for (std::size_t step = 1; step < nodes.size(); ++step) {
    const std::size_t other = (node + step) % nodes.size();
    if (std::string_view{"scn"}.find(nodes[other]) != std::string_view::npos) return other;
  }
  return std::nullopt;
}

}  // namespace

Situation::Situation(std::string_view nodes) : nodes_(nodes) {
  policy.name = snapshot.cluster = "situation";
  snapshot.taken.steady = kNow;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    policy.nodes.push_back({.name = name_of(i), .addresses = {address_of(i)}});
    NodeSnapshot node{.name = name_of(i),
                      .state = Failed{Failure{FailureClass::timeout, "no answer"}}};
    if (!is_silent(nodes[i])) node.state = answer(nodes[i]);
    snapshot.nodes.push_back({.postgres = std::move(node), .host = {}});
  }
  const auto primary = first_of(nodes, "P");
  const auto silent = first_of(nodes, "-z");
  const std::string away = silent ? address_of(*silent) : "192.0.2.1";
  const auto streams = [&](std::size_t client, std::optional<std::size_t> server) {
    if (server) state(*server).wal_senders.push_back(walsender_of(client));
    if (!is_silent(nodes[client])) {
      state(client).wal_receiver = receiver_of(server ? address_of(*server) : away);
    }
  };
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i] == 's') streams(i, primary);
    if (nodes[i] == 'c') streams(i, next_standby(nodes, i));
    if (nodes[i] == 'o') streams(i, std::nullopt);
    if (nodes[i] == 'x' || nodes[i] == 't') state(i).wal_receiver = receiver_of("192.0.2.1");
    if (nodes[i] == 'h') state(i).wal_receiver = StatWalReceiverRow{};
    if (nodes[i] == 'z' && primary) streams(i, primary);
  }
}

void Situation::move(std::chrono::seconds by) {
  snapshot.taken.steady += by;
  for (NodeObservation& node : snapshot.nodes) {
    if (!node.postgres.up()) continue;
    ReadingSpan& read = node.postgres.state->position_read;
    read = {read.began + by, read.ended + by};
  }
}

void Situation::make_standbys(bool standbys) {
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i] != 'L') continue;
    state(i).in_recovery = standbys;
    state(i).replay_lsn = standbys ? std::optional{kPosition} : std::nullopt;
    state(i).current_wal_flush_lsn = standbys ? std::nullopt : std::optional{kPosition};
  }
}

Situation& Situation::lasting() {
  constexpr std::chrono::seconds kGap{5};
  make_standbys(true);
  move(-kGap);
  memory = remember(std::move(memory), snapshot);
  move(kGap);
  make_standbys(false);
  return *this;
}

ClusterAnalysis Situation::analyze() {
  memory = remember(std::move(memory), snapshot);
  return pgrepl::analyze(snapshot, memory, policy);
}

}  // namespace pgrepl::test
