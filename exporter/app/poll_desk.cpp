// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/poll_desk.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "checks/analysis/merge_memory.h"
#include "checks/catalogue/catalogue.h"
#include "checks/judge/attention.h"
#include "exporter/app/announce.h"
#include "exporter/app/announced_policy.h"
#include "exporter/app/build_info.h"
#include "exporter/app/log.h"
#include "exporter/app/process_figures.h"
#include "exporter/publish/prometheus_text.h"

namespace pgrepl {
namespace {

/// The process's own figures cost a look into /proc, which a thousand clusters need not repeat.
constexpr Seconds kSelfInterval{1};
/// What a crash may cost of a memory, except for its story: see story_of().
constexpr Seconds kStoreInterval{30};
constexpr Seconds kStorePatience{1};

bool speaks_of(const ClusterSnapshot& snapshot, const ClusterPolicy& policy) {
  return std::ranges::equal(
      snapshot.nodes, policy.nodes, {},
      [](const NodeObservation& node) { return node.postgres.name; }, &NodePolicy::name);
}

/// What people ask about weeks later, by its size: the events, and the phases that the last
/// failover has reached.  A change is stored at once, so that a crash in the middle of a failover
/// costs none of it.
std::pair<std::uint64_t, int> story_of(const ClusterMemory& memory) {
  std::uint64_t events = 0;
  for (const auto& [kind, count] : memory.event_counts) events += count;
  int phases = 0;
  if (const auto& last = memory.failover) {
    for (const auto& phase : {last->accepting_writes, last->standby_back, last->sync_again}) {
      if (phase) ++phases;
    }
  }
  return {events, phases};
}

}  // namespace

PollDesk::PollDesk(ReportBoard& board, MemoryKeeper& keeper, MemoryWriter& writer)
    : board_(board), keeper_(keeper), writer_(writer) {
  self_.version = build_info::kVersion;
  self_.revision = build_info::kRevision;
  self_.compiler = build_info::kCompiler;
}

/// Reads the store without the lock: polls go on while a disk is slow.
std::map<std::string, ClusterMemory> PollDesk::load_new(const Config& config, Instant now) {
  std::vector<std::string> missing;
  {
    const std::lock_guard lock{mutex_};
    for (const ClusterConfig& cluster : config.clusters) {
      if (!clusters_.contains(cluster.name)) missing.push_back(cluster.name);
    }
  }
  std::map<std::string, ClusterMemory> loaded;
  for (const std::string& name : missing) loaded.emplace(name, keeper_.load(name, now));
  return loaded;
}

void PollDesk::configure(const Config& config, Instant now) {
  std::map<std::string, ClusterMemory> loaded = load_new(config, now);
  const std::lock_guard lock{mutex_};
  std::map<std::string, Cluster> next;
  std::vector<std::string> names;
  for (const ClusterConfig& configured : config.clusters) {
    Cluster cluster{.policy = configured.policy, .thresholds = configured.thresholds};
    if (const auto known = clusters_.find(configured.name); known != clusters_.end()) {
      cluster.memory = std::move(known->second.memory);
      cluster.report = std::move(known->second.report);
      cluster.stats = std::move(known->second.stats);
      cluster.first_poll = known->second.first_poll;
      cluster.logged = std::move(known->second.logged);
    } else {
      cluster.memory = std::move(loaded[configured.name]);
    }
    names.push_back(configured.name);
    next.emplace(configured.name, std::move(cluster));
  }
  clusters_ = std::move(next);
  board_.configure(names);
  self_.config_last_reload_successful = true;
  self_.config_last_reload_success_timestamp = since_1970(now.wall);
  publish_self(now);
}

void PollDesk::configuration_refused() {
  const std::lock_guard lock{mutex_};
  self_.config_last_reload_successful = false;
  board_.publish(self_);
}

/// Its beginning, its change and its end, however that came.
void PollDesk::log_maintenance(Cluster& cluster, const ClusterPolicy& in_force, WallTime now) {
  auto present = in_force.maintenance_at(now);
  if (present == cluster.logged) return;
  announce_maintenance(in_force.name, present);
  cluster.logged = std::move(present);
}

void PollDesk::take(const Announcements& announced, Instant now) {
  const std::lock_guard lock{mutex_};
  for (const auto& [name, maintenance] : announced) {
    if (const auto known = announced_.find(name);
        known != announced_.end() && known->second == maintenance)
      continue;
    announced_.insert_or_assign(name, maintenance);
    const auto found = clusters_.find(name);
    if (found == clusters_.end()) continue;
    Cluster& cluster = found->second;
    const ClusterPolicy policy = with_announced(cluster.policy, announced_, now.wall);
    log_maintenance(cluster, policy, now.wall);
    if (cluster.report == nullptr) continue;
    ClusterReport report = *cluster.report;
    report.policy.maintenance = policy.maintenance;
    mute(report.results, checks(), report.policy.maintenance_at(now.wall).has_value());
    publish(cluster, std::move(report));
  }
}

void PollDesk::publish(Cluster& cluster, ClusterReport report) {
  cluster.report = std::make_shared<const ClusterReport>(std::move(report));
  board_.publish(render_cluster(cluster.report));
}

Pace PollDesk::take(ClusterPoll poll) {
  const std::lock_guard lock{mutex_};
  const auto found = clusters_.find(poll.snapshot.cluster);
  // A poll that began before a reload may speak of a cluster, or of nodes, that are no longer
  // there.
  if (found == clusters_.end() || !speaks_of(poll.snapshot, found->second.policy)) {
    return Pace::calm;
  }
  Cluster& cluster = found->second;
  const Instant now = poll.snapshot.taken;
  if (!cluster.first_poll) cluster.first_poll = now;
  const bool joined = take_found(found->first, cluster, now);
  const auto story = story_of(cluster.memory);
  const ClusterPolicy policy = with_announced(cluster.policy, announced_, now.wall);
  log_maintenance(cluster, policy, now.wall);
  ClusterReport report =
      report_on(std::move(poll.snapshot), policy, cluster.thresholds, cluster.memory);
  cluster.stats = std::move(poll.stats);
  announce(report, !std::exchange(cluster.announced, true));
  const bool due = elapsed(cluster.stored, now.steady) >= kStoreInterval;
  if (joined || due || story != story_of(cluster.memory)) {
    store(found->first, cluster, now);
  }
  const Pace pace = deserves_attention(report) ? Pace::alert : Pace::calm;
  publish(cluster, std::move(report));
  if (elapsed(self_published_, now.steady) >= kSelfInterval) publish_self(now);
  return pace;
}

void PollDesk::store_all(Instant now) {
  // A store that opens only for the first writing gives older memories back instead: those two
  // joined are what the second one is for.
  if (!write_out(now, /*only_joined=*/false) || !write_out(now, /*only_joined=*/true)) {
    log::warning("store: not all is written after a second; what it remembers is a little older");
  }
}

bool PollDesk::write_out(Instant now, bool only_joined) {
  {
    const std::lock_guard lock{mutex_};
    for (auto& [name, cluster] : clusters_) {
      const bool joined = take_found(name, cluster, now);
      if (joined || !only_joined) store(name, cluster, now);
    }
  }
  return writer_.flush(kStorePatience);
}

/// Joins the memory with what a store that could not be read at first held.  False: there is none.
bool PollDesk::take_found(const std::string& name, Cluster& cluster, Instant now) {
  const std::optional<ClusterMemory> stored = keeper_.found(name);
  if (!stored) return false;
  cluster.memory =
      merge_memory(std::move(cluster.memory), *stored, cluster.first_poll.value_or(now));
  return true;
}

void PollDesk::store(const std::string& name, Cluster& cluster, Instant now) {
  cluster.stored = now.steady;
  writer_.put(name, encode_memory(cluster.memory, now));
}

void PollDesk::publish_self(Instant now) {
  self_.polls.clear();
  for (const auto& [name, cluster] : clusters_) {
    self_.polls.insert(self_.polls.end(), cluster.stats.begin(), cluster.stats.end());
  }
  self_.store_errors = keeper_.errors();
  read_process_figures(self_);
  self_published_ = now.steady;
  board_.publish(self_);
}

}  // namespace pgrepl
