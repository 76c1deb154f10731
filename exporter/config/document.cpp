// SPDX-License-Identifier: Apache-2.0
#include "exporter/config/document.h"

#include <toml++/toml.h>

#include <chrono>

namespace pgrepl {
namespace {

Place place_of(const toml::source_region& source, std::size_t file) {
  return {.file = file, .line = source.begin.line, .column = source.begin.column};
}

WallTime to_moment(const toml::date_time& stamp) {
  using namespace std::chrono;
  const sys_days day{year{stamp.date.year} / month{stamp.date.month} /
                     std::chrono::day{stamp.date.day}};
  const auto time = hours{stamp.time.hour} + minutes{stamp.time.minute} +
                    seconds{stamp.time.second} +
                    duration_cast<microseconds>(nanoseconds{stamp.time.nanosecond}) -
                    minutes{stamp.offset->minutes};
  return day + time;  // in nanoseconds the calendar would end in 2262
}

Value convert(const toml::node& node, std::size_t file);

void convert_items(const toml::array& array, std::size_t file, Value& value) {
  value.kind = ValueKind::array;
  for (const toml::node& item : array) value.items.push_back(convert(item, file));
}

void convert_keys(const toml::table& table, std::size_t file, Value& value) {
  value.kind = ValueKind::table;
  for (const auto& [key, item] : table) {
    value.keys.push_back({.name = std::string{key.str()},
                          .place = place_of(key.source(), file),
                          .value = convert(item, file)});
  }
}

void convert_number(const toml::node& node, Value& value) {
  value.kind = node.is_integer() ? ValueKind::integer : ValueKind::number;
  value.integer = node.value<std::int64_t>().value_or(0);
  value.number = node.value<double>().value_or(0);
}

void convert_moment(const toml::date_time& stamp, Value& value) {
  value.kind = stamp.offset ? ValueKind::moment : ValueKind::local_moment;
  if (stamp.offset) value.moment = to_moment(stamp);
}

Value convert(const toml::node& node, std::size_t file) {
  Value value{.place = place_of(node.source(), file)};
  switch (node.type()) {
    case toml::node_type::string:
      value.kind = ValueKind::text;
      value.text = node.as_string()->get();
      break;
    case toml::node_type::boolean:
      value.kind = ValueKind::boolean;
      value.boolean = node.as_boolean()->get();
      break;
    case toml::node_type::integer:
    case toml::node_type::floating_point:
      convert_number(node, value);
      break;
    case toml::node_type::date_time:
      convert_moment(node.as_date_time()->get(), value);
      break;
    case toml::node_type::array:
      convert_items(*node.as_array(), file, value);
      break;
    case toml::node_type::table:
      convert_keys(*node.as_table(), file, value);
      break;
    default:
      value.kind = ValueKind::local_moment;
      break;  // a date or a time alone
  }
  return value;
}

/// toml++'s own words up to where they begin to repeat the file's text.
std::string safe_words(const toml::parse_error& error) {
  std::string words{error.description()};
  for (const std::string_view mark : {", saw ", ": '", " while trying to interpret '"}) {
    words.resize(std::min(words.size(), words.find(mark)));
  }
  if (words.starts_with('E')) words.front() = 'e';
  return words;
}

}  // namespace

std::string_view describe_kind(ValueKind kind) {
  switch (kind) {
    case ValueKind::text:
      return "a text";
    case ValueKind::integer:
      return "an integer";
    case ValueKind::number:
      return "a number with a fraction";
    case ValueKind::boolean:
      return "true or false";
    case ValueKind::moment:
      return "a date and time";
    case ValueKind::local_moment:
      return "a date or time without offset";
    case ValueKind::array:
      return "an array";
    case ValueKind::table:
      return "a table";
  }
  return "a table";
}

std::optional<Value> parse_document(std::string_view toml, std::size_t file, Problems& problems) {
  try {
    return convert(toml::parse(toml), file);
  } catch (const toml::parse_error& error) {
    problems.add(place_of(error.source(), file), "not valid TOML: " + safe_words(error));
    return std::nullopt;
  }
}

std::optional<WallTime> parse_moment(std::string_view text) {
  // Only characters that a date-time is made of may pass: nothing else can then be read from the
  // text.
  if (text.find_first_not_of("0123456789-+:.TtZz ") != std::string_view::npos) return std::nullopt;
  try {
    const toml::table table = toml::parse("moment = " + std::string{text});
    const auto* stamp = table["moment"].as_date_time();
    if (stamp == nullptr || !stamp->get().offset) return std::nullopt;
    return to_moment(stamp->get());
  } catch (const toml::parse_error&) {
    return std::nullopt;
  }
}

}  // namespace pgrepl
