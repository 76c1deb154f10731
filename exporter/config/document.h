// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/base/time.h"
#include "exporter/config/problems.h"

namespace pgrepl {

enum class ValueKind { text, integer, number, boolean, moment, local_moment, array, table };

/// What a kind is called in messages: "a text", "an integer" ...  Pure.
std::string_view describe_kind(ValueKind kind);

struct Key;

/// A value of a TOML file with the place where it stands.  Only the member that belongs to `kind`
/// means anything.
struct Value {
  ValueKind kind = ValueKind::table;
  Place place;
  std::string text;
  std::int64_t integer = 0;
  double number = 0;  ///< also set for an integer
  bool boolean = false;
  WallTime moment;           ///< of a date-time with offset; local_moment has none
  std::vector<Value> items;  ///< of an array
  std::vector<Key> keys;     ///< of a table
};

/// A key of a table: its name, where it stands, and its value.
struct Key {
  std::string name;
  Place place;
  Value value;
};

/// Reads TOML.  A syntax error is added to `problems`, without the offending text, which may be
/// part of a secret; the table is then absent.
std::optional<Value> parse_document(std::string_view toml, std::size_t file, Problems& problems);

/// Reads a date and time with offset, such as "2026-05-01T22:00:00+02:00".  Absent for any other
/// text.
std::optional<WallTime> parse_moment(std::string_view text);

}  // namespace pgrepl
