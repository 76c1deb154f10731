// SPDX-License-Identifier: Apache-2.0
#include "exporter/config/read_thresholds.h"

#include <string_view>
#include <vector>

#include "checks/base/units.h"
#include "checks/catalogue/catalogue.h"
#include "exporter/config/table_reader.h"

namespace pgrepl {
namespace {

/// How a limit of some unit is written.
struct Notation {
  std::string_view what;     ///< for "must be ..."
  bool plain_number = true;  ///< or a text that `parse` reads
  std::optional<double> (*parse)(std::string_view) = nullptr;
  double most = 1e18;
};

Notation notation(Unit unit) {
  switch (unit) {
    case Unit::seconds:
      return {"a length of time such as \"10s\"", false, parse_seconds};
    case Unit::bytes:
      return {"an amount such as \"1GB\"", false, parse_bytes};
    case Unit::bytes_per_second:
      return {"an amount per second such as \"16MB\"", false, parse_bytes};
    case Unit::percent:
      return {.what = "a plain number from 0 to 100 (percent)", .most = 100};
    case Unit::ratio:
      return {.what = "a plain number from 0 to 1", .most = 1};
    case Unit::count:
    case Unit::timestamp:
    case Unit::none:
      return {.what = "a plain number such as 64"};
  }
  return {.what = "a plain number"};
}

std::optional<double> read_limit(TableReader& limits, std::string_view severity, Unit unit) {
  const Key* key = limits.find(severity);
  if (key == nullptr) return std::nullopt;
  const Notation wanted = notation(unit);
  const ValueKind kind = key->value.kind;
  const bool number = kind == ValueKind::integer || kind == ValueKind::number;
  if (wanted.plain_number ? !number : kind != ValueKind::text) {
    limits.complain_of_kind(*key, wanted.what);
    return std::nullopt;
  }
  const std::optional<double> value =
      wanted.plain_number ? std::optional{key->value.number} : wanted.parse(key->value.text);
  if (value && *value >= 0 && *value <= wanted.most) return value;
  limits.complain(severity,
                  in_quotes(severity) + " must be " + std::string{wanted.what} + ", not " +
                      (number ? plain_number(key->value.number) : in_quotes(key->value.text)));
  return std::nullopt;
}

/// A check whose limit is not set as a threshold, and how it is.
struct DerivedLimit {
  std::string_view check, follows;
};
constexpr DerivedLimit kDerivedLimits[]{
    {"data_freshness", "its limit follows from \"poll_interval\" and \"poll_timeout\""}};

/// Why a check takes no thresholds; empty if it does.
std::string why_no_thresholds(const CheckRow& check) {
  const std::string subject = "check " + in_quotes(check.id);
  if (check.measures.empty()) return subject + " has no thresholds";
  for (const auto& [id, follows] : kDerivedLimits) {
    if (id == check.id) return subject + " has no thresholds: " + std::string{follows};
  }
  return "";
}

/// What is in force: what is written, else the level above, else the catalogue.
struct InForce {
  std::optional<double> value;
  std::string_view origin;  ///< empty: written here
};

InForce in_force(std::optional<double> written, std::optional<double> above,
                 std::optional<double> otherwise) {
  if (written) return {written, ""};
  if (above) return {above, ", set further up"};
  return {otherwise, ", the default"};
}

/// `otherwise` is in force where nothing is written; absent limits are not known.
void check_order(const TableReader& limits, const MeasureRow& measure, const WrittenLimits& written,
                 const WrittenLimits& above, const WrittenLimits& otherwise) {
  if (!written.warning && !written.critical) return;
  const InForce warning = in_force(written.warning, above.warning, otherwise.warning);
  const InForce critical = in_force(written.critical, above.critical, otherwise.critical);
  if (!warning.value || !critical.value) return;
  // what it follows may be set by a level or a line that is not read yet
  const bool follows = !measure.critical_follows.first.empty();
  if (follows && !written.critical && !above.critical) return;
  const bool bad_above = measure.bad == BadSide::above;
  if (bad_above ? *warning.value <= *critical.value : *warning.value >= *critical.value) return;
  const auto show = [&](const InForce& limit) {
    return " (" + humanize(*limit.value, measure.unit) + std::string{limit.origin} + ")";
  };
  limits.complain(written.warning ? "warning" : "critical",
                  "\"warning\"" + show(warning) + " must not lie " +
                      (bad_above ? "above" : "below") + " \"critical\"" + show(critical));
}

WrittenLimits find_limits(const WrittenLevel& level, const std::string& check,
                          std::string_view measure) {
  const auto found = level.find({check, std::string{measure}});
  return found == level.end() ? WrittenLimits{} : found->second;
}

class LevelReader {
 public:
  LevelReader(const LevelAbove& above, Problems& problems) : above_(above), problems_(problems) {}

  void read_check(const CheckRow& check, const Value& table) {
    TableReader reader{table, "the thresholds of " + std::string{check.id}, problems_};
    read_measure(check, check.measures.front(), reader);
    for (const MeasureRow& measure : check.measures) {
      const Value* limits = reader.table(measure.id);
      if (limits == nullptr) continue;
      TableReader inner{
          *limits, "the thresholds of " + std::string{check.id} + "." + std::string{measure.id},
          problems_};
      read_measure(check, measure, inner);
      inner.report_unknown_keys();
    }
    reader.report_unknown_keys();
  }

  WrittenLevel take() { return std::move(level_); }

 private:
  void read_measure(const CheckRow& check, const MeasureRow& measure, TableReader& limits) {
    const WrittenLimits written{.warning = read_limit(limits, "warning", measure.unit),
                                .critical = read_limit(limits, "critical", measure.unit)};
    const std::string id{check.id};
    const WrittenLimits defaults{.warning = measure.warning, .critical = measure.critical};
    check_order(limits, measure, written, find_limits(above_.written, id, measure.id),
                above_.is_whole ? defaults : WrittenLimits{});
    WrittenLimits& kept = level_[{id, std::string{measure.id}}];
    if (written.warning) kept.warning = written.warning;
    if (written.critical) kept.critical = written.critical;
  }

  const LevelAbove& above_;
  Problems& problems_;
  WrittenLevel level_;
};

std::optional<Range> to_range(std::optional<double> limit, BadSide bad) {
  if (!limit) return std::nullopt;
  return bad == BadSide::above ? above(*limit) : below(*limit);
}

}  // namespace

WrittenLevel read_thresholds(const Value& table, const std::string& title, const LevelAbove& above,
                             Problems& problems) {
  TableReader reader{table, title, problems};
  LevelReader level{above, problems};
  for (const CheckRow& check : checks()) {
    const std::string refusal = why_no_thresholds(check);
    if (!refusal.empty()) {
      if (const Key* key = reader.find(check.id)) problems.add(key->place, refusal);
    } else if (const Value* limits = reader.table(check.id)) {
      level.read_check(check, *limits);
    }
  }
  reader.report_unknown_keys();
  return level.take();
}

LevelAbove merged(LevelAbove above, const WrittenLevel& level) {
  for (const auto& [key, limits] : level) {
    WrittenLimits& target = above.written[key];
    if (limits.warning) target.warning = limits.warning;
    if (limits.critical) target.critical = limits.critical;
  }
  return above;
}

ThresholdLevel to_ranges(const WrittenLevel& level) {
  ThresholdLevel ranges;
  for (const auto& [key, limits] : level) {
    const CheckRow* check = find_check(key.first);
    const MeasureRow* measure = check == nullptr ? nullptr : find_measure(*check, key.second);
    if (measure == nullptr) continue;
    ranges[key] = {.warning = to_range(limits.warning, measure->bad),
                   .critical = to_range(limits.critical, measure->bad)};
  }
  return ranges;
}

}  // namespace pgrepl
