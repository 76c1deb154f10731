// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "checks/analysis/memory_reader.h"

namespace pgrepl {
namespace {

/// The next field as one of the words that a set of values has.
template <class Values>
auto word(Fields& fields, const Values& values) {
  const std::string_view text = fields.raw();
  const auto found =
      std::ranges::find_if(values, [&](const auto value) { return to_string(value) == text; });
  if (found != values.end()) return *found;
  fields.mark_malformed();
  return values.back();
}

}  // namespace

/// The bounds of a moment move apart as far as the clocks disagree.
std::optional<Moment> MemoryReader::moment(Fields& fields) {
  const std::optional<SteadyTime> after = last_at(fields);
  const std::optional<SteadyTime> by = since(fields);
  if (!after || !by) return std::nullopt;
  return Moment{.after = *after, .by = *by};
}

std::optional<Moment> MemoryReader::phase(Fields& fields) {
  const auto after = read_maybe(fields, [this](Fields& field) { return last_at(field); });
  if (!after) return std::nullopt;
  const std::optional<SteadyTime> by = since(fields);
  if (!*after || !by) return std::nullopt;
  return Moment{.after = **after, .by = *by};
}

void MemoryReader::sole_primary(Fields& fields) {
  if (memory_.sole_primary) problem_ = "given twice";
  SolePrimary primary;
  primary.node = fields.text();
  const std::optional<SteadyTime> alive = last_at(fields);
  primary.position = read_maybe(fields, [](Fields& field) { return field.lsn(); });
  primary.synchronous = fields.truth();
  const auto gone_by = read_maybe(fields, [this](Fields& field) { return since(field); });
  primary.departure = word(fields, kDepartures);
  primary.rival = fields.text();
  primary.rival_promoted = phase(fields);
  if (!alive) return;
  primary.alive = *alive;
  primary.gone_by = gone_by.value_or(std::nullopt);
  memory_.sole_primary = std::move(primary);
}

void MemoryReader::failover(Fields& fields) {
  if (memory_.failover) problem_ = "given twice";
  Failover failover;
  failover.at = read_calendar(fields);
  failover.old_primary = fields.text();
  failover.new_primary = fields.text();
  failover.kind = word(fields, kFailoverKinds);
  failover.why = fields.text();
  failover.synchronous = fields.truth();
  const std::optional<Moment> fault = moment(fields);
  const std::optional<Moment> promoted = moment(fields);
  failover.accepting_writes = phase(fields);
  failover.standby_back = phase(fields);
  failover.sync_again = phase(fields);
  const std::optional<SteadyTime> looked = last_at(fields);
  if (!fault || !promoted || !looked) return;
  failover.fault = *fault;
  failover.promoted = *promoted;
  failover.looked = *looked;
  memory_.failover = std::move(failover);
}

}  // namespace pgrepl
