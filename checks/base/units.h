// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pgrepl {

/// The unit of a published number or of a threshold.
enum class Unit {
  none,     ///< a state, a code, an identifier
  count,    ///< things one can count
  seconds,  ///< a length of time
  bytes,    ///< an amount of data
  percent,  ///< 0 to 100; thresholds and check values only, metrics use ratio
  ratio,    ///< 0 to 1
  bytes_per_second,
  timestamp,  ///< seconds since 1970
};

/// The mark that plugins put behind a value: "s", "B", "%" or nothing.  Pure.
std::string_view uom(Unit unit);

/// A number with its unit for people: "3.2 s", "4 min 10 s", "1.5 GB", "80 %", "12"; a ratio as
/// percent, a timestamp as "2024-02-29 12:34:56 UTC", "unknown" for NaN.  Bytes use PostgreSQL's
/// powers of 1024.  Never has ';', '|', '=' or quotes.  Locale-independent.  Pure.
std::string humanize(double value, Unit unit);

/// A plain decimal number, shortest text that reads back as the same double, never an exponent for
/// magnitudes below 1e21.  Locale-independent.  Pure.
std::string plain_number(double value);

/// A length of time as people and PostgreSQL write it, in seconds: "250ms", "5s", "1min", "90 min",
/// "2h", "1d" (us, ms, s, min, h, d).  A unit is demanded, except for "0".  Absent for anything
/// else, for negative and for infinite values.  Pure.
std::optional<double> parse_seconds(std::string_view text);

/// An amount of data in PostgreSQL's units, in bytes: "512MB", "1.5 GB", "64kB" (B, kB, MB, GB, TB;
/// powers of 1024; KB is taken for kB).  A unit is demanded, except for "0".  Pure.
std::optional<double> parse_bytes(std::string_view text);

}  // namespace pgrepl
