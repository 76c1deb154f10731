// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pgrepl {

/// A position in the write-ahead log, as PostgreSQL's pg_lsn: bytes since the cluster was made.
class Lsn {
 public:
  constexpr Lsn() = default;
  constexpr explicit Lsn(std::uint64_t bytes) : bytes_(bytes) {}

  /// Reads PostgreSQL's spelling, two hexadecimal halves such as "16/B374D848".  Absent for any
  /// other text (a missing half, more than eight digits in one, a sign, a blank).  Pure.
  static std::optional<Lsn> parse(std::string_view text);

  constexpr std::uint64_t bytes() const { return bytes_; }

  constexpr auto operator<=>(const Lsn&) const = default;

 private:
  std::uint64_t bytes_ = 0;
};

/// PostgreSQL's spelling of a position.  Pure.
std::string to_string(Lsn lsn);

/// Bytes from `from` to `to`; negative when `to` lies behind.  Pure.
constexpr std::int64_t wal_distance(Lsn from, Lsn to) {
  return static_cast<std::int64_t>(to.bytes() - from.bytes());
}

}  // namespace pgrepl
