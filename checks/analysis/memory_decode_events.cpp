// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "checks/analysis/journal.h"
#include "checks/analysis/memory_reader.h"

namespace pgrepl {
namespace {

std::int64_t integer(Fields& fields) { return fields.number<std::int64_t>(); }

std::optional<Seconds> duration(Fields& fields) {
  const auto microseconds = read_maybe(fields, integer);
  if (!microseconds) return std::nullopt;
  return Seconds{std::chrono::microseconds{*microseconds}};
}

}  // namespace

void MemoryReader::answer(Fields& fields) {
  const std::string node = fields.text();
  const std::optional<SteadyTime> read_began = last_at(fields);
  LastAnswer answer{.read_began = read_began.value_or(SteadyTime{})};
  answer.system_identifier = fields.text();
  answer.timeline = fields.number<std::uint32_t>();
  answer.postmaster_start_us = read_maybe(fields, integer);
  answer.position = read_maybe(fields, [](Fields& field) { return field.lsn(); });
  answer.upstream = fields.text();
  put(memory_.last_answer, node, read_began ? std::optional(answer) : std::nullopt);
}

void MemoryReader::silent(Fields& fields) {
  const std::string node = fields.text();
  const std::optional<SteadyTime> began = since(fields);
  const Silence silence{.since = began.value_or(SteadyTime{}), .polls = fields.number<int>()};
  put(memory_.silence, node, began ? std::optional(silence) : std::nullopt);
}

void MemoryReader::lost_slot(Fields& fields) {
  std::string node = fields.text();
  std::string slot = fields.text();
  if (!memory_.lost_slots.emplace(std::move(node), std::move(slot)).second)
    problem_ = "given twice";
}

void MemoryReader::synchronous(Fields& fields) {
  if (memory_.synchronous) problem_ = "given twice";
  std::string names = fields.text();
  if (const std::optional<SteadyTime> began = since(fields)) {
    memory_.synchronous = {.names = std::move(names), .since = *began};
  }
}

void MemoryReader::maintenance(Fields& fields) {
  if (memory_.maintenance) problem_ = "given twice";
  const WallTime began = read_calendar(fields);
  memory_.maintenance = {.began = began, .until = read_calendar(fields)};
}

void MemoryReader::event(Fields& fields) {
  JournalEntry entry;
  entry.at = read_calendar(fields);
  entry.kind = fields.text();
  entry.node = fields.text();
  entry.evidence = fields.text();
  if (!fields.at_end()) {  // the first versions knew no more of an event
    entry.object = fields.text();
    entry.duration = duration(fields);
  }
  if (!fields.at_end()) entry.during_maintenance = fields.truth();
  memory_.journal.push_back(std::move(entry));
  make_room(memory_.journal);
}

void MemoryReader::counted(Fields& fields) {
  const std::string kind = fields.text();
  put(memory_.event_counts, kind, std::optional(fields.number<std::uint64_t>()));
}

}  // namespace pgrepl
