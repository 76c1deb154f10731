// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "checks/analysis/archive_feed.h"
#include "checks/analysis/cluster_analysis.h"
#include "checks/analysis/history.h"
#include "checks/analysis/lag.h"
#include "checks/analysis/readiness.h"
#include "checks/analysis/slots.h"
#include "checks/analysis/walsender_match.h"

namespace pgrepl {
namespace {

constexpr Seconds kRateWindow{60};

Role role_of(const NodeSnapshot& node) {
  if (!node.up()) return Role::unknown;
  return node.state->in_recovery ? Role::standby : Role::primary;
}

Role last_role_of(const std::string& node, const ClusterMemory& memory) {
  const auto found = memory.last_role.find(node);
  if (found == memory.last_role.end()) return Role::unknown;
  return found->second == to_string(Role::primary) ? Role::primary : Role::standby;
}

std::optional<Lsn> position_of(const NodeSnapshot& node) {
  if (!node.up()) return std::nullopt;
  const NodeState& state = *node.state;
  if (!state.in_recovery) return state.current_wal_flush_lsn;
  return std::max(state.receive_lsn, state.replay_lsn);  // an absent one counts as the smaller
}

std::optional<Seconds> archive_trouble_for(const NodeSnapshot& node, const ClusterMemory& memory,
                                           SteadyTime now) {
  const auto since = memory.archive_trouble_since.find(node.name);
  if (!node.up() || since == memory.archive_trouble_since.end()) return std::nullopt;
  return elapsed(since->second, now);
}

/// On the only primary, or on the standby that hands its WAL on.
std::optional<WalsenderMatch> walsender_of(const ClusterSnapshot& now, const ClusterPolicy& policy,
                                           std::optional<std::size_t> primary, std::size_t standby,
                                           const std::optional<Following>& following) {
  if (!primary) return std::nullopt;
  if (const auto match = match_walsender(now, policy, *primary, standby)) return match;
  const bool is_handed_on = following && following->reach == Reach::through_standby;
  if (!is_handed_on || !following->node) return std::nullopt;
  return match_walsender(now, policy, *following->node, standby);
}

const StatReplicationRow* row_of(const ClusterSnapshot& now,
                                 const std::optional<WalsenderMatch>& match) {
  return match ? &now.nodes[match->node].postgres.state->wal_senders[match->row] : nullptr;
}

LagForecast lag_forecast(const std::string& node, const StandbyLag& lag,
                         const ClusterMemory& memory) {
  const auto found = memory.lag_history.find(node);
  return found == memory.lag_history.end() ? LagForecast{} : forecast(lag, found->second);
}

/// Who follows whom, and whose history parts from the primary's.
void conclude_histories(ClusterAnalysis& all, const ClusterSnapshot& now,
                        const ClusterMemory& memory, const ClusterPolicy& policy) {
  const auto following = who_follows_whom(now, memory, policy);
  all.topology = judge_topology(now, memory, following);
  for (std::size_t i = 0; i < all.nodes.size(); ++i) all.nodes[i].following = following[i];
  const auto timelines = compare_timelines(now, memory, all.nodes);
  for (std::size_t i = 0; i < all.nodes.size(); ++i) all.nodes[i].timeline = timelines[i];
  if (const auto primary = all.primary())
    all.last_fork = last_fork(memory, now.nodes[*primary].postgres);
}

}  // namespace

ClusterAnalysis analyze(const ClusterSnapshot& observed, const ClusterMemory& memory,
                        const ClusterPolicy& policy) {
  const ClusterSnapshot now = with_recalled_histories(observed, memory);
  ClusterAnalysis all;
  for (std::size_t i = 0; i < now.nodes.size(); ++i) {
    const NodeSnapshot& seen = now.nodes[i].postgres;
    NodeAnalysis node{.role = role_of(seen),
                      .last_role = last_role_of(seen.name, memory),
                      .position = position_of(seen)};
    if (node.role == Role::primary) all.primaries.push_back(i);
    if (node.role == Role::unknown) all.silent.push_back(i);
    node.slots = analyze_slots(seen, node.position, memory, now.taken.steady);
    if (seen.up()) {
      node.wal_use = wal_use(*seen.state, node.slots, node.position);
      node.base_backups = base_backups(*seen.state);
    }
    node.disks = forecast_disks(now.nodes[i], memory);
    node.archive_trouble_for = archive_trouble_for(seen, memory, now.taken.steady);
    all.nodes.push_back(std::move(node));
  }
  conclude_histories(all, now, memory, policy);
  const auto primary = all.primary();
  const Upstream upstream = find_upstream(now, memory, all.primaries);
  for (std::size_t i = 0; i < now.nodes.size(); ++i) {
    NodeAnalysis& node = all.nodes[i];
    if (node.role == Role::primary) continue;
    node.walsender = walsender_of(now, policy, primary, i, node.following);
    const StatReplicationRow* row = row_of(now, node.walsender);
    const NodeSnapshot& seen = now.nodes[i].postgres;
    const bool from_archive = seen.up() && is_fed_from_archive(seen, memory, now.taken.steady);
    const Feed feed{.walsender = row, .from_archive = from_archive, .from_primary = node.is_fed()};
    node.lag = standby_lag(seen, feed, upstream);
    node.lag_forecast = lag_forecast(seen.name, *node.lag, memory);
    node.loss = data_loss(seen, feed, upstream);
  }
  conclude_slots(all, now, memory, upstream.clock);
  if (primary && upstream.clock != nullptr) {
    all.wal_generation_rate = upstream.clock->generation_rate(now.taken.steady, kRateWindow);
  }
  conclude_sync(all, now, memory, policy);
  conclude_commit_waits(all, now, memory);
  all.failover = last_failover(memory, now.taken.steady);
  all.journal = memory.journal;
  all.event_counts = memory.event_counts;
  conclude_settings(all, now);
  conclude_readiness(all, now, memory, policy);
  conclude_ways_back(all, now, memory);
  return all;
}

}  // namespace pgrepl
