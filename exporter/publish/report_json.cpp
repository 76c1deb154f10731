// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/report_json.h"

#include <optional>
#include <string_view>

#include "checks/catalogue/catalogue.h"
#include "checks/judge/probable_cause.h"
#include "checks/judge/root_cause.h"
#include "exporter/publish/concluded_json.h"
#include "exporter/publish/observed_json.h"
#include "exporter/publish/terminal_view.h"

namespace pgrepl {
namespace {

using namespace json;  // NOLINT(google-build-using-namespace)

// --- what is concluded ---------------------------------------------------------------------------

/// The name of a node by its index.
Json name_json(const ClusterReport& report, const std::optional<std::size_t>& node) {
  return node ? Json(report.snapshot.nodes.at(*node).postgres.name) : Json(nullptr);
}

Json slot_json(const ClusterReport& report, const ReplicationSlotRow& slot,
               const SlotAnalysis& seen) {
  return {{"slot_name", slot.slot_name},
          {"slot_type", slot.slot_type},
          {"active", slot.active},
          {"temporary", slot.temporary},
          {"synced", slot.synced},
          {"wal_status", value(slot.wal_status)},
          {"restart_lsn", value(slot.restart_lsn)},
          {"safe_bytes", value(slot.safe_wal_size)},
          {"retained_bytes", value(seen.retained)},
          {"inactive_seconds", value(seen.inactive_for)},
          {"invalidation_reason", value(slot.invalidation_reason)},
          {"owner", to_string(seen.use.owner)},
          {"owner_node", name_json(report, seen.use.node)},
          {"lost_in_seconds", value(seen.lost_in)},
          {"disk_full_in_seconds", value(seen.disk_full_in)}};
}

/// What only a node that answers can tell; all null for one that does not.
Json answer_json(const ClusterReport& report, const NodeState* state, const NodeAnalysis& seen) {
  if (state == nullptr) return nullptr;
  Json json{{"server_version", state->server_version},
            {"server_version_num", state->server_version_num},
            {"in_recovery", state->in_recovery},
            {"system_identifier", value(state->system_identifier)},
            {"timeline", value(state->timeline)},
            {"start_timestamp_seconds", value(state->postmaster_start_timestamp)},
            {"has_pg_monitor", state->has_pg_monitor},
            {"synchronous_standby_names", value(state->synchronous_standby_names)},
            {"current_wal_flush_lsn", value(state->current_wal_flush_lsn)},
            {"receive_lsn", value(state->receive_lsn)},
            {"replay_lsn", value(state->replay_lsn)},
            {"replay_paused", value(state->replay_paused)},
            {"round_trip_seconds", value(state->round_trip)}};
  const bool hidden = state->missing.sync_rep_waiters.has_value();
  json["sync_rep_waiters"] = hidden ? Json(nullptr) : Json(seen.sync_rep_waiters);
  json["wal_senders"] = Json::array();
  for (std::size_t i = 0; i < state->wal_senders.size(); ++i) {
    Json& row = json["wal_senders"].emplace_back(walsender_json(state->wal_senders[i]));
    row["kind"] = to_string(seen.wal_senders.at(i).kind);
  }
  if (state->missing.wal_senders) json["wal_senders"] = nullptr;
  json["base_backups"] = Json::array();
  for (const auto& one : seen.base_backups) json["base_backups"].push_back(base_backup_json(one));
  json["slots"] = Json::array();
  for (std::size_t s = 0; s < state->slots.size(); ++s) {
    json["slots"].push_back(slot_json(report, state->slots[s], seen.slots.at(s)));
  }
  if (state->missing.slots) json["slots"] = nullptr;
  json["wal_receiver"] = receiver_json(state->wal_receiver);
  json["wal_directory"] = wal_directory_json(state->wal_directory.value);
  json["wal_kept_by"] = wal_use_json(seen.wal_use);
  json["archiver"] = archiver_json(state->archiver.value);
  json["archive_backlog"] = backlog_json(state->archive_status.value);
  return json;
}

std::string_view sender_word(SenderKind sender) {
  switch (sender) {
    case SenderKind::node:
      return "node";
    case SenderKind::silent_node:
      return "silent_node";
    case SenderKind::stranger:
      return "stranger";
    case SenderKind::none:
      return "none";
    case SenderKind::unknown:
      break;
  }
  return "unknown";
}

Json following_json(const ClusterReport& report, const std::optional<Following>& following) {
  if (!following) return nullptr;
  return {{"sender", sender_word(following->sender)},
          {"node", name_json(report, following->node)},
          {"reach", to_string(following->reach)}};
}

Json topology_json(const ClusterReport& report) {
  const Topology& topology = report.analysis.topology;
  Json json{{"verdict", to_string(topology.verdict)},
            {"rule", to_string(topology.rule)},
            {"nodes", Json::array()}};
  for (const std::size_t node : topology.nodes) json["nodes"].push_back(name_json(report, node));
  return json;
}

Json readiness_json(const ClusterReport& report) {
  const Readiness& readiness = report.analysis.readiness;
  Json json{{"candidate", name_json(report, readiness.candidate)},
            {"ready", value(readiness.ready())},
            {"not_ready_seconds", value(readiness.not_ready_for)},
            {"hindrances", Json::array()}};
  for (const Hindrance hindrance : readiness.hindrances) {
    json["hindrances"].push_back(to_string(hindrance));
  }
  return json;
}

Json way_back_json(const ClusterReport& report, const WayBack& way) {
  Json json{{"node", name_json(report, way.node)},
            {"server", name_json(report, way.server)},
            {"is_out", way.is_out},
            {"ready", value(way.ready())},
            {"blockers", Json::array()}};
  for (const RejoinBlocker blocker : way.blockers) json["blockers"].push_back(to_string(blocker));
  return json;
}

Json advice_json(const Advice& advice) {
  return {{"node", advice.node}, {"text", advice.text}, {"fix", advice.fix}};
}

Json failover_json(const std::optional<LastFailover>& last) {
  if (!last) return nullptr;
  Json json{{"timestamp_seconds", value(last->at)},
            {"old_primary", last->old_primary},
            {"new_primary", last->new_primary},
            {"kind", to_string(last->kind)},
            {"why", last->why},
            {"phases", Json::array()}};
  for (const PhaseTime& time : last->phases) {
    json["phases"].push_back({{"phase", to_string(time.phase)},
                              {"seconds", value(time.estimate)},
                              {"lower_bound_seconds", value(time.lower)},
                              {"upper_bound_seconds", value(time.upper)}});
  }
  return json;
}

Json journal_json(const ClusterReport& report) {
  Json json = Json::array();
  for (const JournalEntry& entry : report.analysis.journal) {
    json.push_back({{"timestamp_seconds", value(entry.at)},
                    {"kind", entry.kind},
                    {"node", entry.node},
                    {"object", entry.object},
                    {"evidence", entry.evidence},
                    {"duration_seconds", value(entry.duration)},
                    {"during_maintenance", entry.during_maintenance}});
  }
  return json;
}

Json node_json(const ClusterReport& report, std::size_t index) {
  const NodeObservation& node = report.snapshot.nodes.at(index);
  const NodeAnalysis& seen = report.analysis.nodes.at(index);
  const bool up = node.postgres.up();
  const auto failure = up ? std::nullopt : std::optional{node.postgres.state.error()};
  Json json{{"node", node.postgres.name},
            {"up", up},
            {"failure", failure_json(failure)},
            {"role", to_string(seen.role)},
            {"last_role", to_string(seen.last_role)},
            {"following", following_json(report, seen.following)},
            {"poll_duration_seconds", value(node.postgres.poll_duration)},
            {"replay_lag", lag_json(seen.lag)},
            {"lag_forecast", forecast_json(seen.lag_forecast)},
            {"loss", loss_json(seen.loss)},
            {"postgres", answer_json(report, up ? &*node.postgres.state : nullptr, seen)}};
  json["filesystems"] = node.host ? Json::array() : Json(nullptr);
  if (!node.host) return json;
  for (std::size_t d = 0; d < node.host->directories.size(); ++d) {
    Json& one = json["filesystems"].emplace_back(filesystem_json(node.host->directories[d]));
    one["full_in_seconds"] = value(seen.disks.at(d).full_in);
  }
  return json;
}

// --- verdicts ------------------------------------------------------------------------------------

Json measure_json(const MeasureResult& measure) {
  return {{"measure", measure.id},
          {"unit", word(measure.unit)},
          {"value", value(measure.value)},
          {"warning", limit_json(measure.warning)},
          {"critical", limit_json(measure.critical)}};
}

Json result_json(const CheckResult& result, SteadyTime now) {
  Json json{{"check", result.check},
            {"node", result.node},
            {"object", result.object},
            {"state", to_string(result.state)},
            {"code", static_cast<int>(result.state)},
            {"cause", result.cause},
            {"says", probable_cause(checks(), result)},
            {"summary", result.summary},
            {"muted", result.muted},
            {"for_seconds", value(elapsed(result.since, now))},
            {"measures", Json::array()},
            {"fix", result.fix}};
  for (const auto& measure : result.measures) json["measures"].push_back(measure_json(measure));
  return json;
}

Json absent_json(const AbsentCheck& absent) {
  const bool applies = absent.kind == Absence::Kind::not_configured;
  return {{"check", absent.check},
          {"node", absent.node},
          {"kind", applies ? "not_configured" : "not_applicable"},
          {"reason", absent.reason}};
}

Json root_cause_json(const ClusterReport& report) {
  const CheckResult* root = root_cause(report.results);
  if (root == nullptr || root->state == State::ok) return nullptr;
  return result_json(*root, report.snapshot.taken.steady);
}

Json report_json(const ClusterReport& report) {
  const State state = worst_state({&report, 1});
  const auto maintenance = report.policy.maintenance_at(report.snapshot.taken.wall);
  Json json{{"cluster", report.snapshot.cluster},
            {"state", to_string(state)},
            {"code", static_cast<int>(state)},
            {"last_poll_timestamp_seconds", value(report.snapshot.taken.wall)},
            {"maintenance_until_timestamp_seconds",
             maintenance ? value(maintenance->until) : Json(nullptr)},
            {"maintenance_reason", maintenance ? Json(maintenance->reason) : Json(nullptr)},
            {"topology", topology_json(report)},
            {"primary", name_json(report, report.analysis.primary())},
            {"sync_required", value(report.analysis.sync_required)},
            {"wal_generation_rate_bytes_per_second", value(report.analysis.wal_generation_rate)},
            {"readiness", readiness_json(report)},
            {"ways_back", Json::array()},
            {"advice", Json::array()},
            {"failover", failover_json(report.analysis.failover)},
            {"journal", journal_json(report)},
            {"root_cause", root_cause_json(report)},
            {"nodes", Json::array()},
            {"results", Json::array()},
            {"absent", Json::array()}};
  for (std::size_t i = 0; i < report.snapshot.nodes.size(); ++i) {
    json["nodes"].push_back(node_json(report, i));
  }
  for (const WayBack& way : report.analysis.ways_back)
    json["ways_back"].push_back(way_back_json(report, way));
  for (const Advice& one : report.analysis.advice) json["advice"].push_back(advice_json(one));
  for (const auto& result : report.results) {
    json["results"].push_back(result_json(result, report.snapshot.taken.steady));
  }
  for (const auto& absent : report.absent) json["absent"].push_back(absent_json(absent));
  return json;
}

}  // namespace

std::string reports_json(std::span<const ClusterReport> reports, std::span<const std::string> notes,
                         JsonLayout layout) {
  const State state = worst_state(reports);
  Json json{{"state", to_string(state)},
            {"code", static_cast<int>(state)},
            {"notes", Json::array()},
            {"clusters", Json::array()}};
  for (const std::string& note : notes) json["notes"].push_back(note);
  for (const auto& report : reports) json["clusters"].push_back(report_json(report));
  const int indent = layout == JsonLayout::indented ? 2 : -1;
  // Servers may send what is not UTF-8: that must not end a command.
  return json.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace pgrepl
