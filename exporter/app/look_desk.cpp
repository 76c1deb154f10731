// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/look_desk.h"

#include <algorithm>
#include <utility>

#include "exporter/app/announced_policy.h"

namespace pgrepl {
namespace {

/// Rates are those of the last minute.
constexpr Seconds kRecent{60};

std::string without(const std::string& why) { return why + "; judged without what it remembers"; }

/// Since when the state of a result holds, as far as a memory tells.
SteadyTime since_when(const CheckResult& result, const HoldMemory& remembered) {
  if (remembered.published == result.state) return remembered.published_since;
  return remembered.pending == result.state ? remembered.since : result.since;
}

}  // namespace

LookDesk::LookDesk(const Config& config, Instant now) : store_path_(config.exporter.store_path) {
  for (const ClusterConfig& cluster : config.clusters) {
    clusters_[cluster.name] = {
        .policy = cluster.policy, .thresholds = cluster.thresholds, .memory = {}};
  }
  if (store_path_.empty()) return;
  auto store = StoredMemory::open(store_path_);
  if (!store) {
    notes_.push_back(without(store.error().message));
    return;
  }
  take(store->announcements());
  remember_what_is_stored(*store, now);
}

void LookDesk::remember_what_is_stored(StoredMemory& store, Instant now) {
  for (auto& [name, cluster] : clusters_) {
    const auto text = store.load(name);
    if (!text) {
      notes_.push_back(without(text.error().message));
      return;
    }
    if (!*text) continue;
    auto memory = decode_memory(**text, now);
    if (memory) {
      cluster.memory = std::move(*memory);
    } else {
      notes_.push_back(without("store " + store_path_ + ": cluster " + name +
                               " cannot be read: " + memory.error()));
    }
  }
}

void LookDesk::read_announcements() {
  if (store_path_.empty()) return;
  auto store = StoredMemory::open(store_path_);
  if (store) {
    take(store->announcements());
  } else {
    take(Failed{store.error()});
  }
}

void LookDesk::take(Result<Announcements, StoreError> announced) {
  if (!announced) {
    unread_announced_ = announced.error().message + "; maintenance announced since is not known";
    return;
  }
  unread_announced_.reset();
  for (auto& [name, maintenance] : *announced) {
    announced_.insert_or_assign(name, std::move(maintenance));
  }
}

std::vector<std::string> LookDesk::notes() const {
  std::vector<std::string> notes = notes_;
  if (unread_announced_) notes.push_back(*unread_announced_);
  return notes;
}

ClusterReport LookDesk::take(ClusterSnapshot snapshot) {
  Cluster& cluster = clusters_.at(snapshot.cluster);
  // The judge lets a finding count at once where nothing was judged before.
  const auto before = std::exchange(cluster.memory.holds, {});
  const ClusterPolicy policy = with_announced(cluster.policy, announced_, snapshot.taken.wall);
  ClusterReport report = report_on(std::move(snapshot), policy, cluster.thresholds, cluster.memory);
  for (CheckResult& result : report.results) {
    const CheckKey key{std::string{result.check}, result.node, result.object};
    const auto known = before.find(key);
    if (known == before.end()) continue;
    result.since = since_when(result, known->second);
    cluster.memory.holds[key].published_since = result.since;
  }
  return report;
}

bool LookDesk::is_new(const std::string& cluster, SteadyTime now) const {
  const auto& clocks = clusters_.at(cluster).memory.clocks;
  return std::ranges::none_of(clocks, [&](const LsnClock& clock) {
    return !clock.samples().empty() && elapsed(clock.samples().back().first_seen, now) < kRecent;
  });
}

const ClusterMemory& LookDesk::memory(const std::string& cluster) const {
  return clusters_.at(cluster).memory;
}

}  // namespace pgrepl
