// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checks/analysis/memory.h"
#include "checks/analysis/memory_fields.h"
#include "checks/analysis/memory_format.h"
#include "checks/analysis/memory_histories.h"
#include "checks/analysis/stored_times.h"

// What decode_memory() is made of.
namespace pgrepl {

/// The next field as a calendar time.
WallTime read_calendar(Fields& fields);

/// The next field by `read`, or absent where it says so.
template <class Read>
auto read_maybe(Fields& fields, Read read) {
  const std::string_view text = fields.raw();
  Fields field(text);
  std::optional<decltype(read(field))> value;
  if (text == memory_format::kNever) return value;
  value = read(field);
  if (!field.complete()) fields.mark_malformed();
  return value;
}

/// Takes the lines of a stored memory, one after another.
class MemoryReader {
 public:
  MemoryReader(Instant written, Instant now) : times_(written, now) {}

  /// What is wrong with the line; empty if nothing is.
  std::string read(std::string_view line);
  ClusterMemory finish() &&;

 private:
  struct Row {
    std::string_view word;
    void (MemoryReader::*take)(Fields&);
  };
  static std::span<const Row> rows();

  void clock(Fields& fields);
  void sample(Fields& fields);
  void slot(Fields& fields);
  void sync_rep(Fields& fields);
  void reply(Fields& fields);
  void archive(Fields& fields);
  void role(Fields& fields);
  void primary(Fields& fields);
  void replayed(Fields& fields);
  void unfed(Fields& fields);
  void lag(Fields& fields);
  void disk(Fields& fields);
  void uses(Fields& fields);
  void sync_seen(Fields&) { memory_.sync_seen = true; }
  void not_ready(Fields& fields) { memory_.not_ready_since = since(fields); }
  void hold(Fields& fields);

  // memory_decode_failover.cpp
  void sole_primary(Fields& fields);
  void failover(Fields& fields);
  std::optional<Moment> moment(Fields& fields);
  std::optional<Moment> phase(Fields& fields);

  // memory_decode_forks.cpp
  void rewindable(Fields& fields);
  void fork(Fields& fields);

  // memory_decode_events.cpp
  void answer(Fields& fields);
  void silent(Fields& fields);
  void lost_slot(Fields& fields);
  void synchronous(Fields& fields);
  void maintenance(Fields& fields);
  void event(Fields& fields);
  void counted(Fields& fields);

  /// A time since which something lasts; absent if it lies in the future.
  std::optional<SteadyTime> since(Fields& fields) {
    return times_.at_latest(read_calendar(fields));
  }
  /// A time at which something was last so; absent if it lies in the future.
  std::optional<SteadyTime> last_at(Fields& fields) {
    return times_.at_earliest(read_calendar(fields));
  }
  void close_clock();

  template <class Map, class Value>
  void put(Map& map, const typename Map::key_type& key, const std::optional<Value>& value) {
    if (map.contains(key)) problem_ = "given twice";
    if (value) map.emplace(key, *value);
  }

  StoredTimes times_;
  ClusterMemory memory_;
  StoredHistories histories_;
  std::optional<LsnClock> open_clock_;  ///< whose samples follow
  std::vector<LsnSample> samples_;
  std::string problem_;
};

}  // namespace pgrepl
