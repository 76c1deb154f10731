// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/base/time.h"
#include "exporter/config/document.h"
#include "exporter/config/problems.h"

namespace pgrepl {

/// Reads one table key by key, and so learns which keys are known: report_unknown_keys(), called
/// last, tells of all others.  A key that is absent, or that has a problem (which is then added),
/// reads as absent.  `table` and `problems` must outlive the reader.
class TableReader {
 public:
  /// `title` is what messages call the table, such as "[exporter]".
  TableReader(const Value& table, std::string title, Problems& problems)
      : table_(table), title_(std::move(title)), problems_(problems) {}

  /// A text without control characters.  `example` is shown when the value is something else.
  std::optional<std::string> text(std::string_view key, std::string_view example);

  /// One of `choices`.
  std::optional<std::string> choice(std::string_view key, const std::vector<std::string>& choices);

  /// A text, or an array of at least one.
  std::optional<std::vector<std::string>> texts(std::string_view key, std::string_view example);

  /// A length of time such as "5s", from `least` to `most`.
  std::optional<Seconds> seconds(std::string_view key, Seconds least, Seconds most);

  /// A whole number from `least` to `most`.
  std::optional<int> integer(std::string_view key, int least, int most);

  /// A table, or an array of at least one table.
  const Value* table(std::string_view key);
  const std::vector<Value>* tables(std::string_view key);

  /// The key as it stands, whatever its kind; null if it is absent.
  const Key* find(std::string_view key);

  /// Where a key's value stands; the table's own place if it is absent.
  Place place(std::string_view key) const;

  /// Adds a problem at a key's value, or at the table if the key is absent.
  void complain(std::string_view key, std::string text) const;

  /// Adds `"key" must be WANTED, not KIND` at the key's value.
  void complain_of_kind(const Key& key, std::string_view wanted) const;

  /// Adds a problem for each key that nobody has asked for, with the nearest known one.
  void report_unknown_keys() const;

  const std::string& title() const { return title_; }

 private:
  const Value& table_;
  std::string title_;
  Problems& problems_;
  std::vector<std::string> known_;
};

}  // namespace pgrepl
