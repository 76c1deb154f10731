// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/settings.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "checks/analysis/cluster_analysis.h"
#include "checks/analysis/setting_limits.h"
#include "checks/base/units.h"

namespace pgrepl {
namespace {

// The guide's key parameters.
constexpr int kWalsenders = 5;
constexpr std::int64_t kWalKept = std::int64_t{1} << 30;

bool is_weak(const std::string& synchronous_commit) {
  constexpr std::array<std::string_view, 3> kWeak{"off", "local", "remote_write"};
  return std::ranges::find(kWeak, synchronous_commit) != kWeak.end();
}

bool has_a_standbys_slot(const NodeState& primary) {
  return std::ranges::any_of(primary.slots, &ReplicationSlotRow::serves_standbys);
}

class Review {
 public:
  Review(const NodeState& node, const Settings& settings) : node_(node), settings_(settings) {}

  void can_feed_standbys() {
    const bool standby = node_.in_recovery;
    if (settings_.wal_level == "minimal") {
      add(standby ? SettingMiss::cannot_feed : SettingMiss::wal_level_minimal,
          "wal_level is minimal");
    }
    if (!settings_.max_wal_senders) return;
    const int senders = *settings_.max_wal_senders;
    if (senders >= kWalsenders) return;
    const SettingMiss none = standby ? SettingMiss::cannot_feed : SettingMiss::no_walsenders;
    add(senders < 1 ? none : SettingMiss::few_walsenders,
        "max_wal_senders is " + std::to_string(senders));
  }

  void keeps_wal() {
    if (node_.in_recovery || !settings_.wal_keep_size || *settings_.wal_keep_size >= kWalKept)
      return;
    if (node_.missing.slots) {
      seen_.not_all_seen = "its slots are not shown: " + node_.missing.slots->message;
    } else if (!has_a_standbys_slot(node_)) {
      const auto kept = static_cast<double>(*settings_.wal_keep_size);
      add(SettingMiss::little_wal_kept,
          "wal_keep_size is " + humanize(kept, Unit::bytes) + " and no slot keeps WAL");
    }
  }

  void waits_for_standbys() {
    if (settings_.synchronous_commit && is_weak(*settings_.synchronous_commit))
      add(SettingMiss::weak_commit, "synchronous_commit is " + *settings_.synchronous_commit);
    if (node_.in_recovery) return;
    if (const auto& overrides = node_.commit_overrides.value) {
      seen_.weak_overrides = overrides->weaker;
      seen_.weak_names = overrides->names.value_or("");
    } else {
      const auto& failure = node_.commit_overrides.failure;
      seen_.not_all_seen = "settings of roles and databases could not be read" +
                           (failure ? ": " + failure->message : std::string{});
    }
  }

  void answers_as_standby() {
    if (settings_.hot_standby == false) add(SettingMiss::hot_standby_off, "hot_standby is off");
  }

  void reaches(const Settings& primary, const std::string& name) {
    for (const StandbyLimit& limit : kStandbyLimits) {
      if (!limit.is_below(settings_, primary)) continue;
      add(SettingMiss::below_primary, std::string{limit.name} + " is " +
                                          std::to_string(*(settings_.*limit.value)) + ", and " +
                                          std::to_string(*(primary.*limit.value)) + " on " + name);
    }
  }

  void cannot_see(std::string why) { seen_.not_all_seen = std::move(why); }

  SettingsAnalysis result() && {
    std::ranges::stable_sort(seen_.misses, {}, &SettingFinding::miss);
    return std::move(seen_);
  }

 private:
  void add(SettingMiss miss, std::string text) { seen_.misses.push_back({miss, std::move(text)}); }

  const NodeState& node_;
  const Settings& settings_;
  SettingsAnalysis seen_;
};

SettingsAnalysis unread(const NodeSnapshot& node) {
  const auto& failure = node.state->settings.failure;
  return {.not_all_seen = "settings of " + node.name + " could not be read" +
                          (failure ? ": " + failure->message : "")};
}

void compare_with_primary(Review& review, const ClusterAnalysis& all, const ClusterSnapshot& now) {
  const auto primary = all.primary();
  if (!primary) return review.cannot_see("there is no single primary to compare with");
  const NodeSnapshot& server = now.nodes[*primary].postgres;
  if (server.state->settings.value) {
    review.reaches(*server.state->settings.value, server.name);
  } else {
    review.cannot_see("settings of " + server.name + " could not be read");
  }
}

SettingsAnalysis review(const ClusterAnalysis& all, const ClusterSnapshot& now,
                        const NodeSnapshot& node) {
  const NodeState& state = *node.state;
  if (!state.settings.value) return unread(node);
  Review review(state, *state.settings.value);
  review.can_feed_standbys();
  review.keeps_wal();
  if (all.sync_required.value_or(false)) review.waits_for_standbys();
  review.answers_as_standby();
  if (state.in_recovery) compare_with_primary(review, all, now);
  return std::move(review).result();
}

/// Without a limit a standby that stays away fills the primary's disk.
void advise_a_limit(ClusterAnalysis& all, const NodeSnapshot& node) {
  const NodeState& state = *node.state;
  const bool unlimited = state.settings.value && state.settings.value->max_slot_wal_keep_size == -1;
  if (state.in_recovery || !unlimited || !has_a_standbys_slot(state)) return;
  all.advice.push_back(
      {.node = node.name,
       .text = "max_slot_wal_keep_size of " + node.name +
               " is unlimited: the slot of a standby that stays away fills the disk",
       .fix = "ALTER SYSTEM SET max_slot_wal_keep_size = '3GB'; SELECT pg_reload_conf();   -- on " +
              node.name + ": less than the room that pg_wal has"});
}

}  // namespace

void conclude_settings(ClusterAnalysis& all, const ClusterSnapshot& now) {
  for (std::size_t i = 0; i < now.nodes.size(); ++i) {
    const NodeSnapshot& node = now.nodes[i].postgres;
    if (!node.up()) continue;
    all.nodes[i].settings = review(all, now, node);
    advise_a_limit(all, node);
  }
}

}  // namespace pgrepl
