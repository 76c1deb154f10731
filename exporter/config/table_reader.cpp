// SPDX-License-Identifier: Apache-2.0
#include "exporter/config/table_reader.h"

#include <algorithm>

#include "checks/base/text.h"
#include "checks/base/units.h"

namespace pgrepl {
namespace {

const Key* find_key(const Value& table, std::string_view name) {
  const auto found = std::find_if(table.keys.begin(), table.keys.end(),
                                  [&](const Key& key) { return key.name == name; });
  return found == table.keys.end() ? nullptr : &*found;
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto code = static_cast<unsigned char>(c);
    return code < 0x20 || code == 0x7f;
  });
}

bool all_of_kind(const std::vector<Value>& items, ValueKind kind) {
  return !items.empty() && std::all_of(items.begin(), items.end(),
                                       [&](const Value& item) { return item.kind == kind; });
}

std::string text_such_as(std::string_view example) {
  return "a text such as " + in_quotes(example);
}

}  // namespace

const Key* TableReader::find(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
  return find_key(table_, key);
}

Place TableReader::place(std::string_view key) const {
  const Key* found = find_key(table_, key);
  return found == nullptr ? table_.place : found->value.place;
}

void TableReader::complain(std::string_view key, std::string text) const {
  problems_.add(place(key), std::move(text));
}

void TableReader::complain_of_kind(const Key& key, std::string_view wanted) const {
  problems_.add(key.value.place, in_quotes(key.name) + " must be " + std::string{wanted} +
                                     ", not " + std::string{describe_kind(key.value.kind)});
}

std::optional<std::string> TableReader::text(std::string_view key, std::string_view example) {
  const Key* found = find(key);
  if (found == nullptr) return std::nullopt;
  if (found->value.kind != ValueKind::text) {
    complain_of_kind(*found, text_such_as(example));
    return std::nullopt;
  }
  if (has_control_character(found->value.text)) {
    complain(key, in_quotes(key) + " must not contain control characters");
    return std::nullopt;
  }
  return found->value.text;
}

std::optional<std::string> TableReader::choice(std::string_view key,
                                               const std::vector<std::string>& choices) {
  const auto value = text(key, choices.front());
  if (!value || std::find(choices.begin(), choices.end(), *value) != choices.end()) return value;
  complain(key,
           in_quotes(key) + " must be " + list_in_quotes(choices) + ", not " + in_quotes(*value));
  return std::nullopt;
}

std::optional<std::vector<std::string>> TableReader::texts(std::string_view key,
                                                           std::string_view example) {
  const Key* found = find(key);
  if (found == nullptr) return std::nullopt;
  if (found->value.kind == ValueKind::text) return std::vector{found->value.text};
  if (!all_of_kind(found->value.items, ValueKind::text)) {
    const std::string wanted = text_such_as(example) + ", or an array of such texts";
    if (found->value.kind == ValueKind::array) {
      complain(key, in_quotes(key) + " must be " + wanted);
    } else {
      complain_of_kind(*found, wanted);
    }
    return std::nullopt;
  }
  std::vector<std::string> values;
  for (const Value& item : found->value.items) values.push_back(item.text);
  return values;
}

std::optional<Seconds> TableReader::seconds(std::string_view key, Seconds least, Seconds most) {
  const auto value = text(key, "5s");
  if (!value) return std::nullopt;
  const auto length = parse_seconds(*value);
  if (!length) {
    complain(key, in_quotes(key) + ": " + in_quotes(*value) +
                      " is not a length of time such as \"5s\" (ms, s, min, h, d)");
    return std::nullopt;
  }
  if (*length < least.count() || *length > most.count()) {
    complain(key, in_quotes(key) + " must lie between " + humanize(least.count(), Unit::seconds) +
                      " and " + humanize(most.count(), Unit::seconds) + ", not " +
                      in_quotes(*value));
    return std::nullopt;
  }
  return Seconds{*length};
}

std::optional<int> TableReader::integer(std::string_view key, int least, int most) {
  const Key* found = find(key);
  if (found == nullptr) return std::nullopt;
  const std::string wanted =
      "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
  if (found->value.kind != ValueKind::integer) {
    complain_of_kind(*found, wanted);
    return std::nullopt;
  }
  if (found->value.integer < least || found->value.integer > most) {
    complain(key, in_quotes(key) + " must be " + wanted + ", not " +
                      std::to_string(found->value.integer));
    return std::nullopt;
  }
  return static_cast<int>(found->value.integer);
}

const Value* TableReader::table(std::string_view key) {
  const Key* found = find(key);
  if (found == nullptr) return nullptr;
  if (found->value.kind == ValueKind::table) return &found->value;
  complain_of_kind(*found, "a table");
  return nullptr;
}

const std::vector<Value>* TableReader::tables(std::string_view key) {
  const Key* found = find(key);
  if (found == nullptr) return nullptr;
  if (all_of_kind(found->value.items, ValueKind::table)) return &found->value.items;
  complain_of_kind(*found, "an array of tables, each begun by two brackets");
  return nullptr;
}

void TableReader::report_unknown_keys() const {
  for (const Key& key : table_.keys) {
    if (std::find(known_.begin(), known_.end(), key.name) != known_.end()) continue;
    const auto near = nearest(key.name, known_);
    problems_.add(key.place, "unknown key " + in_quotes(key.name) + " in " + title_ + "; " +
                                 (near ? "did you mean " + in_quotes(*near) + "?"
                                       : "known are " + list_in_quotes(known_, "and")));
  }
}

}  // namespace pgrepl
