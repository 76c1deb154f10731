// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checks/analysis/bounded.h"
#include "checks/analysis/memory.h"
#include "checks/analysis/memory_fields.h"
#include "checks/analysis/memory_format.h"
#include "checks/analysis/memory_reader.h"
#include "checks/analysis/stored_times.h"

namespace pgrepl {
namespace {

namespace format = memory_format;

/// No time of a stored text lies further from the epoch: 285 years, so that no sum overflows.
constexpr std::int64_t kMicrosecondsLimit = std::int64_t{1} << 53;

std::int64_t microseconds(Fields& fields) {
  const auto value = fields.number<std::int64_t>();
  if (value >= -kMicrosecondsLimit && value <= kMicrosecondsLimit) return value;
  fields.mark_malformed();
  return 0;
}

}  // namespace

WallTime read_calendar(Fields& fields) {
  return WallTime(std::chrono::microseconds(microseconds(fields)));
}

std::span<const MemoryReader::Row> MemoryReader::rows() {
  // clang-format off: a line each, so that two new words do not meet in one
  static constexpr Row kRows[] = {
      {"clock", &MemoryReader::clock},
      {"sample", &MemoryReader::sample},
      {"slot", &MemoryReader::slot},
      {"sync_rep", &MemoryReader::sync_rep},
      {"reply", &MemoryReader::reply},
      {"archive", &MemoryReader::archive},
      {"role", &MemoryReader::role},
      {"primary", &MemoryReader::primary},
      {"replayed", &MemoryReader::replayed},
      {"unfed", &MemoryReader::unfed},
      {"lag", &MemoryReader::lag},
      {"disk", &MemoryReader::disk},
      {"uses", &MemoryReader::uses},
      {"sync_seen", &MemoryReader::sync_seen},
      {"not_ready", &MemoryReader::not_ready},
      {"hold", &MemoryReader::hold},
      {"answer", &MemoryReader::answer},
      {"silent", &MemoryReader::silent},
      {"lost_slot", &MemoryReader::lost_slot},
      {"synchronous", &MemoryReader::synchronous},
      {"maintenance", &MemoryReader::maintenance},
      {"event", &MemoryReader::event},
      {"counted", &MemoryReader::counted},
      {"sole_primary", &MemoryReader::sole_primary},
      {"failover", &MemoryReader::failover},
      {"rewindable", &MemoryReader::rewindable},
      {"fork", &MemoryReader::fork},
  };
  // clang-format on
  return kRows;
}

std::string MemoryReader::read(std::string_view line) {
  const std::string_view word = line.substr(0, line.find(' '));
  const auto row = std::ranges::find(rows(), word, &Row::word);
  if (word != "sample") close_clock();
  if (word == format::kEnd && line == word) return problem_;
  if (row == rows().end()) return "unknown word";

  // A word without fields has nothing to take; the others begin behind their blank.
  Fields fields(line);
  fields.raw();
  (this->*row->take)(fields);
  return fields.complete() ? problem_ : "malformed";
}

void MemoryReader::clock(Fields& fields) {
  const std::string system_identifier = fields.text();
  const auto timeline = fields.number<std::uint32_t>();
  const bool known =
      std::any_of(memory_.clocks.begin(), memory_.clocks.end(), [&](const LsnClock& clock) {
        return clock.system_identifier() == system_identifier && clock.timeline() == timeline;
      });
  if (known) problem_ = "given twice";
  open_clock_.emplace(system_identifier, timeline);
}

void MemoryReader::sample(Fields& fields) {
  if (!open_clock_) problem_ = "a sample without its clock";
  const Lsn lsn = fields.lsn();
  const std::optional<SteadyTime> first_seen = since(fields);
  const std::string_view last = fields.raw();
  std::optional<SteadyTime> last_seen;
  if (last != format::kNever) {
    Fields field(last);
    last_seen = times_.at_earliest(read_calendar(field));
    if (!field.complete()) fields.mark_malformed();
  }
  const bool in_the_future = !first_seen || (last != format::kNever && !last_seen);
  if (!in_the_future) samples_.push_back({lsn, *first_seen, last_seen});
}

void MemoryReader::close_clock() {
  if (!open_clock_) return;
  LsnClock clock =
      LsnClock::restored(open_clock_->system_identifier(), open_clock_->timeline(), samples_);
  if (clock.samples().empty() && !samples_.empty())
    problem_ = "the samples before are out of order";
  memory_.clocks.push_back(std::move(clock));
  open_clock_.reset();
  samples_.clear();
}

void MemoryReader::slot(Fields& fields) {
  std::string node = fields.text();
  std::string slot_name = fields.text();
  put(memory_.slot_inactive_since, {std::move(node), std::move(slot_name)}, since(fields));
}

void MemoryReader::sync_rep(Fields& fields) {
  std::string node = fields.text();
  SyncRepWaiter waiter;
  waiter.pid = fields.number<int>();
  waiter.backend_start_us = fields.number<std::int64_t>();
  waiter.query_start_us = fields.number<std::int64_t>();
  waiter.backend_xid = fields.number<std::int64_t>();
  put(memory_.sync_rep_since, {std::move(node), waiter}, since(fields));
}

void MemoryReader::reply(Fields& fields) {
  std::string node = fields.text();
  WalsenderReply reply;
  reply.pid = fields.number<int>();
  reply.reply_time_us = fields.number<std::int64_t>();
  put(memory_.reply_since, {std::move(node), reply}, since(fields));
}

void MemoryReader::archive(Fields& fields) {
  const std::string node = fields.text();
  put(memory_.archive_trouble_since, node, since(fields));
}

void MemoryReader::role(Fields& fields) {
  const std::string node = fields.text();
  put(memory_.last_role, node, std::optional(fields.text()));
}

void MemoryReader::primary(Fields& fields) {
  const std::string node = fields.text();
  PrimarySince known{.timeline = fields.number<std::uint32_t>()};
  const std::optional<SteadyTime> seen = since(fields);
  known.seen = seen.value_or(SteadyTime{});
  put(memory_.primary_since, node, seen ? std::optional(known) : std::nullopt);
}

void MemoryReader::replayed(Fields& fields) {
  const std::string node = fields.text();
  ReplayedPosition at;
  at.system_identifier = fields.text();
  at.timeline = fields.number<std::uint32_t>();
  at.lsn = fields.lsn();
  // It bounds a last_seen, so it goes the longer way like one.
  const std::optional<SteadyTime> read_began = times_.at_earliest(read_calendar(fields));
  at.read_began = read_began.value_or(SteadyTime{});
  put(memory_.last_replayed, node, read_began ? std::optional(at) : std::nullopt);
}

void MemoryReader::unfed(Fields& fields) {
  const std::string node = fields.text();
  ReplayWithoutReceiver at{.lsn = fields.lsn()};
  const std::string_view advanced = fields.raw();
  if (advanced != format::kNever) {
    Fields field(advanced);
    at.advanced = since(field);
    if (!field.complete()) fields.mark_malformed();
  }
  put(memory_.without_receiver, node, std::optional(at));
}

void MemoryReader::lag(Fields& fields) {
  histories_.take_lag(fields, [this](Fields& time) { return since(time); });
}

void MemoryReader::disk(Fields& fields) {
  histories_.take_disk(fields, [this](Fields& time) { return since(time); });
}

void MemoryReader::uses(Fields& fields) {
  const std::string node = fields.text();
  put(memory_.used_slot, node, std::optional(fields.text()));
}

void MemoryReader::hold(Fields& fields) {
  CheckKey key;
  key.check = fields.text();
  key.node = fields.text();
  key.object = fields.text();
  HoldMemory hold;
  hold.published = fields.state();
  hold.pending = fields.state();
  const std::optional<SteadyTime> pending_since = since(fields);
  hold.since = pending_since.value_or(SteadyTime{});
  hold.polls = fields.number<int>();
  const std::optional<SteadyTime> published_since = since(fields);
  hold.published_since = published_since.value_or(SteadyTime{});
  if (!fields.at_end()) hold.cause = fields.text();  // a first version has none
  put(memory_.holds, key, pending_since && published_since ? std::optional(hold) : std::nullopt);
}

ClusterMemory MemoryReader::finish() && {
  std::move(histories_).put_into(memory_);
  keep_newest(memory_.clocks, ClusterMemory::kMaxClocks);
  return std::move(memory_);
}

namespace {

Failed<std::string> wrong(const Lines& lines, const std::string& problem) {
  return Failed{"line " + std::to_string(lines.number()) + ": " + problem};
}

/// What is wrong with the first line; empty if it is ours.
std::string check_format(std::string_view line) {
  Fields fields(line);
  const std::string_view format = fields.raw();
  const int version = fields.number<int>();
  if (format != format::kName || !fields.complete() || version < 1) return "not a memory of pgrepl";
  if (version > format::kVersion)
    return "version " + std::to_string(version) + " is newer than this program";
  return {};
}

std::optional<Instant> read_instant(std::string_view line) {
  Fields fields(line);
  if (fields.raw() != format::kTaken) fields.mark_malformed();
  const WallTime wall = read_calendar(fields);
  const SteadyTime steady{std::chrono::microseconds(microseconds(fields))};
  if (!fields.complete()) return std::nullopt;
  return Instant{.steady = steady, .wall = wall};
}

}  // namespace

Result<ClusterMemory, std::string> decode_memory(std::string_view text, Instant now) {
  Lines lines(text);
  if (const std::string problem = check_format(lines.next()); !problem.empty()) {
    return wrong(lines, problem);
  }
  const std::optional<Instant> written = read_instant(lines.next());
  if (!written) return wrong(lines, "malformed");

  MemoryReader reader(*written, now);
  while (!lines.at_end()) {
    const std::string_view line = lines.next();
    const std::string problem = reader.read(line);
    if (!problem.empty()) return wrong(lines, problem);
    if (line != format::kEnd) continue;
    if (!lines.at_end()) return wrong(lines, "text behind the end");
    return std::move(reader).finish();
  }
  return wrong(lines, "the end is missing");
}

}  // namespace pgrepl
