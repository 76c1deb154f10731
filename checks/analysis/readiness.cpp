// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/readiness.h"

#include <algorithm>

#include "checks/analysis/cluster_analysis.h"
#include "checks/analysis/history.h"

namespace pgrepl {
namespace {

/// disk_usage calls it critical from here on.
constexpr double kFull = 0.9;

/// A standby, and the primary that it would follow.
struct Candidate {
  const ClusterAnalysis& all;
  bool sync_is_demanded;  ///< by the configuration, not only by what was seen
  const NodeObservation& seen;
  const NodeAnalysis& node;
  const NodeState& primary;

  const NodeState& state() const { return *seen.postgres.state; }
};

bool is_full(const DirectorySpace& directory) {
  if (directory.purpose == DirectoryPurpose::archive || !directory.filesystem) return false;
  const double usable = directory.filesystem->used() + directory.filesystem->available;
  return usable > 0 && directory.filesystem->used() / usable >= kFull;
}

bool is_unreachable(const Candidate& one) { return !one.seen.postgres.up(); }

bool is_other_system(const Candidate& one) {
  return same_system(one.state(), one.primary) == false;
}

bool is_other_major(const Candidate& one) {
  return one.state().server_version_num / 10000 != one.primary.server_version_num / 10000;
}

bool streams_not(const Candidate& one) { return !one.node.is_fed(); }

const StatReplicationRow* sender_of(const Candidate& one) {
  const auto& match = one.node.walsender;
  const bool is_primarys = match && match->node == one.all.primary();
  return is_primarys ? &one.primary.wal_senders[match->row] : nullptr;
}

/// Without pg_monitor, or without the list of walsenders, nothing is seen.
bool is_hidden(const Candidate& one) {
  if (!one.seen.postgres.up()) return false;
  if (one.node.following && one.node.following->reach == Reach::unknown) return true;
  const StatReplicationRow* sender = sender_of(one);
  return one.all.sync_required == true && sender != nullptr && !sender->sync_state;
}

/// Whether commits are seen not to wait for this very one.
bool is_not_synchronous(const Candidate& one) {
  if (one.all.sync_required != true || !one.node.is_fed()) return false;
  const StatReplicationRow* sender = sender_of(one);
  return sender == nullptr || (sender->sync_state && !sender->is_synchronous());
}

bool is_behind(const Candidate& one) {
  if (!one.node.lag) return false;
  const auto& lower = one.node.lag->time.lower;
  const Seconds on_purpose = one.node.lag->apply_delay.value_or(Seconds{0});
  return lower && *lower - on_purpose > kReplayBudget;
}

bool would_hang(const Candidate& one) { return one.node.sync_outlook == SyncOutlook::blocked; }

/// With two nodes nobody is left to wait for after a failover, so that it is what most people want:
/// it hinders only where the configuration insists.
bool would_be_async(const Candidate& one) {
  return one.sync_is_demanded && one.node.sync_outlook == SyncOutlook::async;
}

bool has_full_disk(const Candidate& one) {
  return one.seen.host && std::ranges::any_of(one.seen.host->directories, is_full);
}

struct Rule {
  Hindrance hindrance;
  bool (*holds)(const Candidate&);
};

/// Of a standby that does not answer nothing else can be said.
constexpr std::array kRules{Rule{Hindrance::other_system, is_other_system},
                            Rule{Hindrance::other_major, is_other_major},
                            Rule{Hindrance::not_streaming, streams_not},
                            Rule{Hindrance::not_synchronous, is_not_synchronous},
                            Rule{Hindrance::behind, is_behind},
                            Rule{Hindrance::disk_full, has_full_disk},
                            Rule{Hindrance::commits_would_hang, would_hang},
                            Rule{Hindrance::would_be_async, would_be_async}};

std::vector<Hindrance> hindrances_of(const Candidate& one) {
  if (is_unreachable(one)) return {Hindrance::unreachable};
  std::vector<Hindrance> found;
  for (const Rule& rule : kRules) {
    if (rule.holds(one)) found.push_back(rule.hindrance);
  }
  return found;
}

/// None before any, and of several what weighs least.
bool is_better(const std::vector<Hindrance>& one, const std::vector<Hindrance>& other) {
  if (one.empty() || other.empty()) return one.empty() && !other.empty();
  return one.front() > other.front();
}

}  // namespace

void conclude_readiness(ClusterAnalysis& all, const ClusterSnapshot& now,
                        const ClusterMemory& memory, const ClusterPolicy& policy) {
  const auto primary = all.primary();
  if (!primary) return;
  const NodeState& server = *now.nodes[*primary].postgres.state;
  const bool insists = policy.expect_sync == ExpectSync::required;
  for (std::size_t i = 0; i < now.nodes.size(); ++i) {
    if (i == *primary) continue;
    const Candidate one{all, insists, now.nodes[i], all.nodes[i], server};
    auto hindrances = hindrances_of(one);
    if (all.readiness.candidate && !is_better(hindrances, all.readiness.hindrances)) continue;
    all.readiness.candidate = i;
    all.readiness.hindrances = std::move(hindrances);
    all.readiness.is_hidden = is_hidden(one);
  }
  if (all.readiness.ready() != false || !memory.not_ready_since) return;
  all.readiness.not_ready_for = elapsed(*memory.not_ready_since, now.taken.steady);
}

void note_readiness(ClusterMemory& memory, const ClusterAnalysis& all, SteadyTime now) {
  const auto ready = all.readiness.ready();
  if (!ready) return;
  if (*ready) {
    memory.not_ready_since.reset();
  } else if (!memory.not_ready_since) {
    memory.not_ready_since = now;
  }
}

}  // namespace pgrepl
