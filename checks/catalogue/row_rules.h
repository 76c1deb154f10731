// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "checks/catalogue/check_row.h"
#include "checks/catalogue/fact_row.h"

// Rules that every row keeps, checked where it is declared: a wrong name does not compile.
namespace pgrepl::row_rules {

/// A lower-case identifier: letters, digits and single underscores, a letter first.
constexpr bool is_identifier(std::string_view text) {
  if (text.empty() || text.front() < 'a' || text.front() > 'z' || text.back() == '_') return false;
  char before = 0;
  for (const char c : text) {
    const bool fine = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    if (!fine || (c == '_' && before == '_')) return false;
    before = c;
  }
  return true;
}

/// One sentence with a full stop, fit for HELP: the serializer escapes nothing there.
constexpr bool is_sentence(std::string_view text) {
  return !text.empty() && text.back() == '.' &&
         text.find_first_of("\\\n\r\"") == std::string_view::npos;
}

/// What a metric of this unit must end in; empty: nothing.
constexpr std::string_view suffix(Unit unit) {
  switch (unit) {
    case Unit::seconds:
      return "_seconds";
    case Unit::bytes:
      return "_bytes";
    case Unit::ratio:
      return "_ratio";
    case Unit::bytes_per_second:
      return "_bytes_per_second";
    case Unit::timestamp:
      return "_timestamp_seconds";
    case Unit::percent:
    case Unit::count:
    case Unit::none:
      return "";
  }
  return "";
}

constexpr bool labels_are_sound(const FactRow& row) {
  for (std::size_t i = 0; i < row.labels.size(); ++i) {
    if (row.labels[i].empty() != (i >= row.label_count())) return false;
    if (i < row.label_count() && !is_identifier(row.labels[i])) return false;
  }
  return row.scope() == FactScope::exporter || row.labels[0] == "cluster";
}

constexpr bool is_sound(const FactRow& row) {
  const bool ours = row.metric.starts_with("pgrepl_") || row.metric.starts_with("process_");
  const bool counter = row.metric.ends_with("_total");
  const std::string_view stem =
      counter ? row.metric.substr(0, row.metric.size() - std::string_view{"_total"}.size())
              : row.metric;
  const bool one_extractor = (row.of_cluster == nullptr) != (row.of_exporter == nullptr);
  return ours && is_identifier(row.metric) && counter == (row.type == MetricType::counter) &&
         stem.ends_with(suffix(row.unit)) && row.unit != Unit::percent && is_sentence(row.help) &&
         !row.source.empty() && labels_are_sound(row) && one_extractor;
}

constexpr bool is_sound(const CheckRow& row) {
  for (const MeasureRow& measure : row.measures) {
    if (!is_identifier(measure.id) || measure.source.empty()) return false;
  }
  for (const CauseRow& cause : row.causes) {
    if (!is_identifier(cause.id) || cause.id == "none" || !is_sentence(cause.says)) return false;
    if (cause.fix.empty()) return false;
  }
  return is_identifier(row.id) && !row.title.empty() && row.question.ends_with('?') &&
         !row.source.empty() && row.read != nullptr;
}

/// Every row is sound, and no name stands twice.
template <class Row>
constexpr bool all_sound(std::span<const Row> rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!is_sound(rows[i])) return false;
  }
  return true;
}

}  // namespace pgrepl::row_rules
