// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/analysis/watcher.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "checks/analysis/journal.h"

namespace pgrepl::test {
namespace {

constexpr double kRounding = 1e-6;  // seconds
constexpr const char* kNames[] = {"a", "b"};

Seconds length(Moment microseconds) {
  return std::chrono::duration_cast<Seconds>(std::chrono::microseconds(microseconds));
}

Lsn lsn(std::int64_t position) { return Lsn(static_cast<std::uint64_t>(position)); }

}  // namespace

Watcher::Watcher(Dice& dice, PairWorld& world, Tally& tally, std::size_t cap)
    : dice_(dice),
      world_(world),
      tally_(tally),
      cap_(cap),
      steady_offset_(dice.magnitude(40)),
      wall_offset_(dice.magnitude(50)) {
  policy_.name = snapshot_.cluster = "pair";
  for (const char* name : kNames) {
    policy_.nodes.emplace_back().name = name;
    snapshot_.nodes.emplace_back().postgres.name = name;
  }
}

Instant Watcher::instant(Moment at) const {
  return {.steady = steady(at), .wall = WallTime(std::chrono::microseconds(at + wall_offset_))};
}

std::string Watcher::poll() {
  if (!fault_.empty()) return fault_;
  look_at_both();
  join_late_memory();
  memory_ = remember(std::move(memory_), snapshot_);
  if (memory_.event_counts.contains(event::kPositionWentBack)) return "no position went back";
  note_proofs(world_.now());
  std::string fault = complaint(analyze(snapshot_, memory_, policy_));
  thin();
  return fault;
}

// --- what it sees -------------------------------------------------------------------------------

/// The primary first, as the poller does it, or both at once, as it does where it knows of none or
/// the primary is slow.
void Watcher::look_at_both() {
  const std::size_t first = world_.primary();
  const std::size_t second = world_.other();
  const Span of_first = plan(world_.now());
  const Span of_second = plan(dice_.one_in(3) ? world_.now() : of_first.ended);
  truth_.reset();
  primary_at_.reset();
  const bool turned = of_second.read < of_first.read;
  look(turned ? second : first, turned ? of_second : of_first);
  look(turned ? first : second, turned ? of_first : of_second);
  world_.run_to(std::max(of_first.ended, of_second.ended));
  complete_truth();
  if (dice_.one_in(8)) world_.strike();
  world_.run_to(world_.now() + dice_.magnitude(16));
  snapshot_.taken = instant(world_.now());
}

/// As long as the standby that was read is one.
void Watcher::complete_truth() {
  if (!truth_) return;
  truth_->lacks_replay = world_.missing_since(truth_->standby, truth_->standby.replayed);
  truth_->lacks_wal = world_.missing_since(truth_->standby, truth_->standby.received);
  if (!primary_at_) return;
  truth_->primary = primary_position_;
  truth_->primary_read = primary_at_->read;
}

Span Watcher::plan(Moment not_before) {
  const Moment began = not_before + dice_.magnitude(20);
  const Moment read = began + dice_.magnitude(24);
  return {began, read, read + dice_.magnitude(24)};
}

void Watcher::look(std::size_t node, Span at) {
  world_.run_to(at.read);
  const TrueServer& server = world_.server(node);
  auto& state = snapshot_.nodes[node].postgres.state;
  if (server.is_gone || !server.reachable) {
    state = Failed{Failure{FailureClass::timeout, "no answer"}};
    return;
  }
  state = answer(server, at);
  if (!server.is_primary) {
    truth_.emplace();
    truth_->node = node;
    truth_->at = at;
    truth_->standby = server;
    truth_->promoted = world_.promoted();
  } else if (node == world_.primary()) {
    primary_at_ = at;
    primary_position_ = server.position;
  }
}

NodeState Watcher::answer(const TrueServer& server, Span at) const {
  NodeState state;
  state.in_recovery = !server.is_primary;
  state.system_identifier = "7";
  state.timeline = server.says_timeline();
  state.has_pg_monitor = true;
  state.position_read = {steady(at.began), steady(at.ended)};
  if (server.is_primary) {
    state.current_wal_flush_lsn = lsn(server.position);
    return state;
  }
  state.replay_lsn = lsn(server.replayed);
  if (server.says_received) state.receive_lsn = lsn(*server.says_received);
  state.replay_paused = server.paused;
  if (const auto age = world_.commit_age(server)) state.last_xact_replay_age = length(*age);
  if (!server.receiver) return state;
  StatWalReceiverRow& receiver = state.wal_receiver.emplace();
  receiver.status = "streaming";
  receiver.received_tli = server.timeline;
  receiver.latest_end_lsn = lsn(server.sender_said);
  receiver.last_message_age = length(world_.now() + server.calendar - server.heard);
  return state;
}

// --- what it must not get wrong -----------------------------------------------------------------

void Watcher::note_proofs(Moment taken) {
  exact_ = exact_ && (!truth_ || truth_->promoted == 0);
  if (primary_at_) {
    proofs_.add({primary_position_, primary_at_->began, primary_at_->ended});
  } else if (truth_ && truth_->standby.receiver) {
    proofs_.add({truth_->standby.sender_said, std::nullopt, taken});
  }
}

std::string Watcher::complaint(const ClusterAnalysis& published) {
  for (std::size_t i = 0; i < published.nodes.size(); ++i) {
    const auto& lag = published.nodes[i].lag;
    if (truth_ && i == truth_->node) continue;
    if (lag && lag->time != LagBounds{}) return "something is said of a node that was not read";
  }
  if (!truth_) return "";
  const NodeAnalysis& node = published.nodes[truth_->node];
  std::string complaint = complaint_about(node, *truth_);
  if (complaint.empty()) complaint = complaint_about_sharpness(node.lag->time);
  count_circumstances(node, *truth_, tally_);
  const bool late = node.lag->time.lower && node.lag->time.estimate != Seconds{0};
  tally_.count(Seen::after_a_restart, late && restarted_);
  tally_.count(Seen::after_thinning, late && thinned_);
  tally_.count(Seen::as_sharp_as_can_be, late && exact_);
  return complaint;
}

/// Bounds that are true and say nothing would be no use: where nothing has disturbed its memory,
/// they are the best that all its readings together allow.
std::string Watcher::complaint_about_sharpness(const LagBounds& lag) const {
  if (!exact_ || proofs_.empty()) return "";
  const std::int64_t replayed = truth_->standby.replayed;
  const ProvedLag proved = proofs_.lag(replayed, truth_->at);
  if (!lag.lower) return "no lower bound";
  if (std::abs((*lag.lower - length(proved.lower)).count()) > kRounding)
    return "the lower bound is not the best";
  if (lag.upper.has_value() != proved.upper.has_value()) return "the upper bound is not the best";
  if (lag.upper && std::abs((*lag.upper - length(*proved.upper)).count()) > kRounding)
    return "the upper bound is not the best";
  const bool has_all = primary_at_ && replayed >= proofs_.newest();
  if (has_all != (lag.estimate == Seconds{0})) return "caught up or not?";
  return "";
}

void Watcher::thin() {
  for (LsnClock& clock : memory_.clocks) {
    const std::size_t before = clock.samples().size();
    clock.thin(cap_);
    thinned_ |= clock.samples().size() < before || before == LsnClock::kMaxSamples;
  }
  if (!thinned_) return;
  exact_ = false;
  tally_.count(Seen::thinned);
}

}  // namespace pgrepl::test
