// SPDX-License-Identifier: Apache-2.0
#include "checks/base/units.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <span>

#include "checks/base/number.h"

namespace pgrepl {
namespace {

/// A spelling of a unit and how many of the base unit it is.
struct NamedUnit {
  std::string_view name;
  double factor;
};

constexpr std::array kTimeUnits{NamedUnit{"us", 1e-6}, NamedUnit{"ms", 1e-3},
                                NamedUnit{"s", 1},     NamedUnit{"min", 60},
                                NamedUnit{"h", 3600},  NamedUnit{"d", 86400}};

constexpr double kKilo = 1024;
constexpr std::array kByteUnits{NamedUnit{"B", 1},
                                NamedUnit{"kB", kKilo},
                                NamedUnit{"KB", kKilo},
                                NamedUnit{"MB", kKilo* kKilo},
                                NamedUnit{"GB", kKilo* kKilo* kKilo},
                                NamedUnit{"TB", kKilo* kKilo* kKilo* kKilo}};

/// A number in one of `units`, in their base unit.  Absent: see parse_seconds().
std::optional<double> parse_quantity(std::string_view text, std::span<const NamedUnit> units) {
  if (text == "0") return 0;
  const auto number = leading_number(text);
  if (!number || std::signbit(number->value)) return std::nullopt;
  const auto name_at = number->rest.find_first_not_of(' ');
  if (name_at == std::string_view::npos) return std::nullopt;

  const std::string_view name = number->rest.substr(name_at);
  for (const NamedUnit& unit : units) {
    if (unit.name != name) continue;
    const double value = number->value * unit.factor;
    if (std::isfinite(value)) return value;
  }
  return std::nullopt;
}

/// A decimal number with at most `decimals` of them, without zeros at the end.
std::string rounded(double value, int decimals) {
  std::array<char, 400> text{};  // the largest double has 309 digits
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value,
                                          std::chars_format::fixed, decimals);
  if (error != std::errc{}) return plain_number(value);
  std::string number(text.data(), end);
  if (number.find('.') != std::string::npos) {
    number.erase(number.find_last_not_of('0') + 1);
    if (number.back() == '.') number.pop_back();
  }
  return number;
}

/// As many decimals as a reader can use: 0.035, 3.2, 35.2, 352.
int useful_decimals(double magnitude) {
  if (magnitude >= 100 || magnitude == 0) return 0;
  if (magnitude >= 1) return 1;
  return 1 - static_cast<int>(std::floor(std::log10(magnitude)));
}

std::string brief(double magnitude) { return rounded(magnitude, useful_decimals(magnitude)); }

/// Two neighbouring units, the second one rounded: "4 min 10 s", and "4 min" if nothing is left
/// over.
std::string in_two_units(double seconds, const NamedUnit& big, const NamedUnit& small) {
  const double smalls = std::round(seconds / small.factor);
  const double per_big = big.factor / small.factor;
  const double bigs = std::floor(smalls / per_big);
  const double left = smalls - bigs * per_big;
  std::string text = rounded(bigs, 0) + " " + std::string(big.name);
  if (left > 0) text += " " + rounded(left, 0) + " " + std::string(small.name);
  return text;
}

std::string humanize_seconds(double seconds) {
  const auto& [us, ms, s, min, h, d] = kTimeUnits;
  // the edges lie where rounding would reach the next unit: nobody reads "60 s" or "1000 ms"
  if (seconds == 0) return "0 s";
  if (seconds < 0.9995e-3) return brief(seconds / us.factor) + " us";
  if (seconds < 0.9995) return brief(seconds / ms.factor) + " ms";
  if (seconds < 59.95) return brief(seconds) + " s";
  if (seconds < h.factor - 0.5) return in_two_units(seconds, min, s);
  if (seconds < d.factor - 30) return in_two_units(seconds, h, min);
  return in_two_units(seconds, d, h);
}

std::string humanize_bytes(double bytes) {
  constexpr std::array<std::string_view, 5> kNames{"B", "kB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  while (unit + 1 < kNames.size() && std::round(bytes) >= kKilo) {
    bytes /= kKilo;
    ++unit;
  }
  return brief(bytes) + " " + std::string(kNames[unit]);
}

/// A calendar time without a time zone's rules, which would need the machine's tables.
std::string humanize_timestamp(double timestamp) {
  constexpr double kEndOfYear9999 = 253402300799.0;
  if (timestamp < 0 || timestamp > kEndOfYear9999) return brief(timestamp) + " s since 1970";
  const auto moment =
      std::chrono::sys_seconds{std::chrono::seconds{static_cast<std::int64_t>(timestamp)}};
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{moment - day};
  std::array<char, 64> text{};
  const int length = std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02u %02d:%02d:%02d UTC", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
      static_cast<int>(time.seconds().count()));
  return {text.data(), static_cast<std::size_t>(length)};
}

/// `value` is finite and not negative.
std::string humanize_magnitude(double value, Unit unit) {
  switch (unit) {
    case Unit::none:
    case Unit::count:
      return std::floor(value) == value ? plain_number(value) : brief(value);
    case Unit::seconds:
      return humanize_seconds(value);
    case Unit::bytes:
      return humanize_bytes(value);
    case Unit::percent:
      return brief(value) + " %";
    case Unit::ratio:
      return brief(value * 100) + " %";
    case Unit::bytes_per_second:
      return humanize_bytes(value) + "/s";
    case Unit::timestamp:
      return humanize_timestamp(value);
  }
  return plain_number(value);
}

}  // namespace

std::string_view uom(Unit unit) {
  switch (unit) {
    case Unit::seconds:
      return "s";
    case Unit::bytes:
      return "B";
    case Unit::percent:
      return "%";
    default:
      return "";
  }
}

std::string humanize(double value, Unit unit) {
  if (std::isnan(value)) return "unknown";
  const std::string sign = value < 0 ? "-" : "";
  if (std::isinf(value)) return sign + "infinite";
  return sign + humanize_magnitude(std::fabs(value), unit);
}

std::string plain_number(double value) {
  constexpr double kLongestInFull = 1e21;
  if (value == 0) return "0";  // a negative zero says nothing to a reader
  // the smallest double takes some 340 characters in full
  std::array<char, 400> text{};
  const bool in_full = std::fabs(value) < kLongestInFull;
  const auto [end, error] = in_full ? std::to_chars(text.data(), text.data() + text.size(), value,
                                                    std::chars_format::fixed)
                                    : std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), end};
}

std::optional<double> parse_seconds(std::string_view text) {
  return parse_quantity(text, kTimeUnits);
}

std::optional<double> parse_bytes(std::string_view text) {
  return parse_quantity(text, kByteUnits);
}

}  // namespace pgrepl
