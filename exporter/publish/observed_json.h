// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "checks/base/lsn.h"
#include "checks/base/range.h"
#include "checks/base/time.h"
#include "checks/base/units.h"
#include "checks/model/host_snapshot.h"
#include "checks/model/postgres_rows.h"

// What was seen, as JSON: a part of report_json.cpp, which alone includes it, because every other
// file that did would take seconds more to compile.  All pure.
namespace pgrepl::json {

using Json = nlohmann::ordered_json;

// --- values --------------------------------------------------------------------------------------

template <class Plain>
Json value(const Plain& plain) {
  return plain;
}
inline Json value(Seconds time) { return time.count(); }
inline Json value(Lsn lsn) { return to_string(lsn); }
inline Json value(WallTime time) { return since_1970(time); }
template <class T>
Json value(const std::optional<T>& known) {
  return known ? value(*known) : Json(nullptr);
}

/// A limit by its two ends; an open end is null.
inline Json limit_json(const std::optional<Range>& range) {
  if (!range) return nullptr;
  const auto end = [](double number) { return std::isinf(number) ? Json(nullptr) : Json(number); };
  return {{"start", end(range->start)},
          {"end", end(range->end)},
          {"alert_inside", range->alert_inside}};
}

inline std::string_view word(Unit unit) {
  switch (unit) {
    case Unit::none:
      return "none";
    case Unit::count:
      return "count";
    case Unit::seconds:
      return "seconds";
    case Unit::bytes:
      return "bytes";
    case Unit::percent:
      return "percent";
    case Unit::ratio:
      return "ratio";
    case Unit::bytes_per_second:
      return "bytes_per_second";
    case Unit::timestamp:
      return "timestamp";
  }
  return "none";
}

// --- what was seen -------------------------------------------------------------------------------

inline Json failure_json(const std::optional<Failure>& failure) {
  if (!failure) return nullptr;
  return {{"reason", to_string(failure->reason)}, {"message", failure->message}};
}

inline Json walsender_json(const StatReplicationRow& row) {
  return {{"application_name", row.application_name},
          {"client_addr", value(row.client_addr)},
          {"state", value(row.state)},
          {"sync_state", value(row.sync_state)},
          {"sync_priority", value(row.sync_priority)},
          {"sent_lsn", value(row.sent_lsn)},
          {"write_lsn", value(row.write_lsn)},
          {"flush_lsn", value(row.flush_lsn)},
          {"replay_lsn", value(row.replay_lsn)},
          {"write_lag_seconds", value(row.write_lag)},
          {"flush_lag_seconds", value(row.flush_lag)},
          {"replay_lag_seconds", value(row.replay_lag)},
          {"reply_age_seconds", value(row.reply_age)}};
}

inline Json receiver_json(const std::optional<StatWalReceiverRow>& row) {
  if (!row) return nullptr;
  return {{"status", value(row->status)},
          {"sender_host", value(row->sender_host)},
          {"sender_port", value(row->sender_port)},
          {"slot_name", value(row->slot_name)},
          {"received_tli", value(row->received_tli)},
          {"flushed_lsn", value(row->flushed_lsn)},
          {"latest_end_lsn", value(row->latest_end_lsn)},
          {"last_message_age_seconds", value(row->last_message_age)}};
}

inline Json wal_directory_json(const std::optional<WalDirectory>& directory) {
  if (!directory) return nullptr;
  return {{"bytes", directory->bytes}, {"files", directory->files}};
}

inline Json archiver_json(const std::optional<StatArchiverRow>& row) {
  if (!row) return nullptr;
  return {{"archived_count", row->archived_count},
          {"failed_count", row->failed_count},
          {"last_archived_age_seconds", value(row->last_archived_age)},
          {"last_failed_age_seconds", value(row->last_failed_age)},
          {"last_failed_wal", value(row->last_failed_wal)}};
}

inline Json backlog_json(const std::optional<ArchiveStatusDirectory>& directory) {
  if (!directory) return nullptr;
  return {{"files", directory->ready_files},
          {"oldest_age_seconds", value(directory->oldest_ready_age)}};
}

inline Json filesystem_json(const DirectorySpace& directory) {
  Json json{{"directory", to_string(directory.purpose)}, {"path", directory.path}};
  const bool known = directory.filesystem.has_value();
  const auto number = [&](double Filesystem::*member) {
    return known ? Json((*directory.filesystem).*member) : Json(nullptr);
  };
  json["size_bytes"] = number(&Filesystem::size);
  json["used_bytes"] = known ? Json(directory.filesystem->used()) : Json(nullptr);
  json["available_bytes"] = number(&Filesystem::available);
  json["failure"] =
      failure_json(known ? std::nullopt : std::optional{directory.filesystem.error()});
  return json;
}

}  // namespace pgrepl::json
