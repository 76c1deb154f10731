// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "checks/analysis/cluster_analysis.h"
#include "exporter/publish/observed_json.h"

// What is concluded of a node, as JSON: like observed_json.h, a part of report_json.cpp.  All pure.
namespace pgrepl::json {

inline Json base_backup_json(const BaseBackup& backup) {
  return {{"application_name", backup.application_name},
          {"phase", value(backup.phase)},
          {"streamed_bytes", value(backup.streamed)},
          {"total_bytes", value(backup.total)}};
}

inline Json wal_use_json(const std::optional<WalUse>& use) {
  if (!use) return nullptr;
  Json json{{"main", use->main ? Json(to_string(*use->main)) : Json(nullptr)},
            {"slot_name", use->slot}};
  for (const WalHolder holder : kWalHolders) {
    json[std::string{to_string(holder)} + "_bytes"] = value(use->by(holder));
  }
  return json;
}

/// The word of a state, if it is known.
template <class State>
Json state_json(const std::optional<State>& state) {
  return state ? Json(to_string(*state)) : Json(nullptr);
}

inline Json lag_json(const std::optional<StandbyLag>& lag) {
  if (!lag) return nullptr;
  return {{"state", to_string(lag->state)},
          {"seconds", value(lag->time.estimate)},
          {"lower_bound_seconds", value(lag->time.lower)},
          {"upper_bound_seconds", value(lag->time.upper)},
          {"bytes", value(lag->not_replayed)},
          {"not_sent_bytes", value(lag->not_sent)},
          {"not_written_bytes", value(lag->not_written)},
          {"not_flushed_bytes", value(lag->not_flushed)},
          {"received_not_replayed_bytes", value(lag->received_not_replayed)},
          {"bottleneck", state_json(lag->bottleneck)},
          {"apply_delay_seconds", value(lag->apply_delay)}};
}

inline Json forecast_json(const std::optional<LagForecast>& forecast) {
  if (!forecast) return nullptr;
  return {{"trend", state_json(forecast->trend)},
          {"growth_bytes_per_second", value(forecast->growth)},
          {"replay_rate_bytes_per_second", value(forecast->replay_rate)},
          {"catch_up_seconds", value(forecast->catch_up)},
          {"growing_for_seconds", value(forecast->growing_for)}};
}

inline Json loss_json(const std::optional<DataLoss>& loss) {
  if (!loss) return nullptr;
  return {{"bytes", value(loss->bytes)},
          {"lower_bound_seconds", value(loss->time.lower)},
          {"upper_bound_seconds", value(loss->time.upper)}};
}

}  // namespace pgrepl::json
