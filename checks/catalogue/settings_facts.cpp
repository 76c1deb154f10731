// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "checks/catalogue/extract.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

struct TextSetting {
  std::string_view name;
  std::optional<std::string> Settings::*value;
};
constexpr TextSetting kTexts[] = {
    {"wal_level", &Settings::wal_level},
    {"synchronous_commit", &Settings::synchronous_commit},
    {"archive_mode", &Settings::archive_mode},
    {"primary_slot_name", &Settings::primary_slot_name},
    {"cluster_name", &Settings::cluster_name},
};

template <class Number>
struct NumberSetting {
  std::string_view name;
  std::optional<Number> Settings::*value;
};
constexpr NumberSetting<int> kCounts[] = {
    {"max_wal_senders", &Settings::max_wal_senders},
    {"max_replication_slots", &Settings::max_replication_slots},
    {"max_connections", &Settings::max_connections},
    {"max_worker_processes", &Settings::max_worker_processes},
    {"max_prepared_transactions", &Settings::max_prepared_transactions},
    {"max_locks_per_transaction", &Settings::max_locks_per_transaction},
};
constexpr NumberSetting<bool> kSwitches[] = {
    {"hot_standby", &Settings::hot_standby},
    {"archive_configured", &Settings::archive_configured},
};
constexpr NumberSetting<std::int64_t> kBytes[] = {
    {"wal_keep_size", &Settings::wal_keep_size},
    {"max_wal_size", &Settings::max_wal_size},
    {"wal_segment_size", &Settings::wal_segment_size},
    {"max_slot_wal_keep_size", &Settings::max_slot_wal_keep_size},
};
constexpr NumberSetting<Seconds> kTimes[] = {
    {"recovery_min_apply_delay", &Settings::recovery_min_apply_delay},
    {"wal_receiver_status_interval", &Settings::wal_receiver_status_interval},
    {"wal_sender_timeout", &Settings::wal_sender_timeout},
};

template <class Take>
void each_settings(const ClusterFacts& facts, Take take) {
  each_answer(facts, [&](const std::string& node, const NodeState& state, const NodeAnalysis&) {
    if (state.settings.value) take(node, *state.settings.value);
  });
}

template <class Number>
void emit_numbers(const ClusterFacts& facts, FactSink& sink,
                  std::span<const NumberSetting<Number>> table) {
  each_settings(facts, [&](const std::string& node, const Settings& settings) {
    for (const auto& setting : table) {
      const std::optional<double> value = number(settings.*setting.value);
      if (value) sink.emit({facts.snapshot.cluster, node, setting.name}, *value);
    }
  });
}

void texts(const ClusterFacts& facts, FactSink& sink) {
  each_answer(facts, [&](const std::string& node, const NodeState& state, const NodeAnalysis&) {
    const auto& names = state.synchronous_standby_names;
    if (names) sink.emit({facts.snapshot.cluster, node, "synchronous_standby_names", *names}, 1);
  });
  each_settings(facts, [&](const std::string& node, const Settings& settings) {
    for (const TextSetting& setting : kTexts) {
      const auto& value = settings.*setting.value;
      if (value) sink.emit({facts.snapshot.cluster, node, setting.name, *value}, 1);
    }
  });
}

void numbers(const ClusterFacts& facts, FactSink& sink) {
  emit_numbers<int>(facts, sink, kCounts);
  emit_numbers<bool>(facts, sink, kSwitches);
}
void bytes(const ClusterFacts& facts, FactSink& sink) {
  emit_numbers<std::int64_t>(facts, sink, kBytes);
}
void times(const ClusterFacts& facts, FactSink& sink) {
  emit_numbers<Seconds>(facts, sink, kTimes);
}

/// A primary's; its standbys have the same.
void commit_overrides(const ClusterFacts& facts, FactSink& sink) {
  per_node(facts, sink, [](const NodeState& state, const NodeAnalysis&) -> std::optional<double> {
    if (state.in_recovery || !state.commit_overrides.value) return std::nullopt;
    return state.commit_overrides.value->weaker;
  });
}

constexpr FactRow kRows[] = {
    {.metric = "pgrepl_setting_info",
     .labels = {"cluster", "node", "setting", "value"},
     .help = "Settings that are texts, always 1.",
     .source = "current_setting()",
     .of_cluster = texts},
    {.metric = "pgrepl_setting",
     .labels = {"cluster", "node", "setting"},
     .help = "Settings that are plain numbers or switches.",
     .source = "current_setting()",
     .of_cluster = numbers},
    {.metric = "pgrepl_setting_bytes",
     .unit = Unit::bytes,
     .labels = {"cluster", "node", "setting"},
     .help = "Settings that are amounts of data; max_slot_wal_keep_size is -1 without a limit.",
     .source = "current_setting()",
     .of_cluster = bytes},
    {.metric = "pgrepl_setting_seconds",
     .unit = Unit::seconds,
     .labels = {"cluster", "node", "setting"},
     .help = "Settings that are lengths of time.",
     .source = "current_setting()",
     .of_cluster = times},
    {.metric = "pgrepl_setting_weak_commit_overrides",
     .unit = Unit::count,
     .labels = {"cluster", "node"},
     .help = "Roles and databases of this primary whose own synchronous_commit is weaker than on.",
     .source = "pg_db_role_setting",
     .of_cluster = commit_overrides},
};
static_assert(row_rules::all_sound(std::span<const FactRow>{kRows}));

}  // namespace

std::span<const FactRow> settings_facts() { return kRows; }

}  // namespace pgrepl::catalogue
