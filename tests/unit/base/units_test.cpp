// SPDX-License-Identifier: Apache-2.0
#include "checks/base/units.h"

#include <gtest/gtest.h>

#include <clocale>
#include <cmath>
#include <limits>
#include <locale>

#include "checks/base/number.h"

namespace pgrepl {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(PlainNumber, IsTheShortestThatReadsBack) {
  EXPECT_EQ(plain_number(0.1), "0.1");
  EXPECT_EQ(plain_number(-3), "-3");
  EXPECT_EQ(plain_number(0), "0");
  EXPECT_EQ(plain_number(-0.0), "0");
  EXPECT_EQ(plain_number(1.0 / 3), "0.3333333333333333");
}

TEST(PlainNumber, HasNoExponentBelowTenToTheFifteenth) {
  EXPECT_EQ(plain_number(1e14), "100000000000000");
  EXPECT_EQ(plain_number(999999999999999), "999999999999999");
  EXPECT_EQ(plain_number(0.000001), "0.000001");
  EXPECT_EQ(plain_number(1e-300).find('e'), std::string::npos);
}

TEST(PlainNumber, ReadsBackAtEveryMagnitude) {
  for (double value = 1e-307; value < 1e307; value *= 3.7) {
    EXPECT_EQ(parse_number(plain_number(value)), value);
    EXPECT_EQ(parse_number(plain_number(-value)), -value);
  }
  EXPECT_EQ(parse_number(plain_number(std::numeric_limits<double>::denorm_min())),
            std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(parse_number(plain_number(std::numeric_limits<double>::max())),
            std::numeric_limits<double>::max());
}

TEST(Uom, IsOneThatTheGuidelinesKnow) {
  EXPECT_EQ(uom(Unit::seconds), "s");
  EXPECT_EQ(uom(Unit::bytes), "B");
  EXPECT_EQ(uom(Unit::percent), "%");
  for (const Unit unit :
       {Unit::none, Unit::count, Unit::ratio, Unit::bytes_per_second, Unit::timestamp}) {
    EXPECT_EQ(uom(unit), "");
  }
}

TEST(Humanize, WritesLengthsOfTime) {
  EXPECT_EQ(humanize(0, Unit::seconds), "0 s");
  EXPECT_EQ(humanize(0.0000004, Unit::seconds), "0.4 us");
  EXPECT_EQ(humanize(0.000182, Unit::seconds), "182 us");
  EXPECT_EQ(humanize(0.25, Unit::seconds), "250 ms");
  EXPECT_EQ(humanize(3.2, Unit::seconds), "3.2 s");
  EXPECT_EQ(humanize(10, Unit::seconds), "10 s");
  EXPECT_EQ(humanize(250, Unit::seconds), "4 min 10 s");
  EXPECT_EQ(humanize(3600, Unit::seconds), "1 h");
  EXPECT_EQ(humanize(5400, Unit::seconds), "1 h 30 min");
  EXPECT_EQ(humanize(90000, Unit::seconds), "1 d 1 h");
  EXPECT_EQ(humanize(-3.2, Unit::seconds), "-3.2 s");
}

TEST(Humanize, RoundsIntoTheNextUnitOfTime) {
  EXPECT_EQ(humanize(0.0009996, Unit::seconds), "1 ms");
  EXPECT_EQ(humanize(0.9996, Unit::seconds), "1 s");
  EXPECT_EQ(humanize(59.94, Unit::seconds), "59.9 s");
  EXPECT_EQ(humanize(59.96, Unit::seconds), "1 min");
  EXPECT_EQ(humanize(119.9, Unit::seconds), "2 min");
  EXPECT_EQ(humanize(3599.7, Unit::seconds), "1 h");
  EXPECT_EQ(humanize(86399, Unit::seconds), "1 d");
}

TEST(Humanize, WritesAmountsOfData) {
  EXPECT_EQ(humanize(0, Unit::bytes), "0 B");
  EXPECT_EQ(humanize(1023, Unit::bytes), "1023 B");
  EXPECT_EQ(humanize(1024, Unit::bytes), "1 kB");
  EXPECT_EQ(humanize(1.5 * 1024 * 1024 * 1024, Unit::bytes), "1.5 GB");
  EXPECT_EQ(humanize(1024.0 * 1024 - 1, Unit::bytes), "1 MB");
  EXPECT_EQ(humanize(5e18, Unit::bytes), "4547474 TB");
  EXPECT_EQ(humanize(2048, Unit::bytes_per_second), "2 kB/s");
  EXPECT_EQ(humanize(-40, Unit::bytes), "-40 B");
}

TEST(Humanize, WritesCountsAndShares) {
  EXPECT_EQ(humanize(12, Unit::count), "12");
  EXPECT_EQ(humanize(1234567, Unit::count), "1234567");
  EXPECT_EQ(humanize(80, Unit::percent), "80 %");
  EXPECT_EQ(humanize(80.25, Unit::percent), "80.2 %");
  EXPECT_EQ(humanize(0.034, Unit::percent), "0.034 %");
  EXPECT_EQ(humanize(0.8, Unit::ratio), "80 %");
}

TEST(Humanize, WritesCalendarTimesInUtc) {
  EXPECT_EQ(humanize(0, Unit::timestamp), "1970-01-01 00:00:00 UTC");
  EXPECT_EQ(humanize(1709210096.7, Unit::timestamp), "2024-02-29 12:34:56 UTC");
}

TEST(Humanize, SaysWhatIsNotANumber) {
  EXPECT_EQ(humanize(kNaN, Unit::seconds), "unknown");
  EXPECT_EQ(humanize(kInfinity, Unit::bytes), "infinite");
  EXPECT_EQ(humanize(-kInfinity, Unit::bytes), "-infinite");
}

TEST(Humanize, NeverHasWhatPerfdataAndCoresMisread) {
  for (int unit = 0; unit <= static_cast<int>(Unit::timestamp); ++unit) {
    for (const double value : {0.0, -1.0, 1e-9, 0.5, 1e9, 1e15, 1e300, kInfinity, kNaN}) {
      const std::string text = humanize(value, static_cast<Unit>(unit));
      EXPECT_EQ(text.find_first_of(";|='\"\n"), std::string::npos) << text;
    }
  }
}

TEST(ParseSeconds, ReadsEveryUnit) {
  EXPECT_EQ(parse_seconds("0"), 0);
  EXPECT_EQ(parse_seconds("250ms"), 0.25);
  EXPECT_EQ(parse_seconds("10us"), 10 * 1e-6);
  EXPECT_EQ(parse_seconds("5s"), 5);
  EXPECT_EQ(parse_seconds("1.5 s"), 1.5);
  EXPECT_EQ(parse_seconds("1min"), 60);
  EXPECT_EQ(parse_seconds("90 min"), 5400);
  EXPECT_EQ(parse_seconds("2h"), 7200);
  EXPECT_EQ(parse_seconds("1d"), 86400);
  EXPECT_EQ(parse_seconds("0s"), 0);
}

TEST(ParseSeconds, IsAbsentForAnythingElse) {
  for (const char* text : {"",      "5",       "00",   "s",    "-5s",    "-0s",    "5 S",  "5 sec",
                           "5m",    "5 s ",    " 5s",  "5\ts", "1e999s", "1e308d", "infs", "inf s",
                           "nan s", "1h30min", "5,5s", "0x5s", "+5s",    "5MB"}) {
    EXPECT_FALSE(parse_seconds(text).has_value()) << text;
  }
}

TEST(ParseBytes, ReadsPostgresUnits) {
  EXPECT_EQ(parse_bytes("0"), 0);
  EXPECT_EQ(parse_bytes("8192B"), 8192);
  EXPECT_EQ(parse_bytes("64kB"), 65536);
  EXPECT_EQ(parse_bytes("64KB"), 65536);
  EXPECT_EQ(parse_bytes("512MB"), 536870912);
  EXPECT_EQ(parse_bytes("1.5 GB"), 1610612736);
  EXPECT_EQ(parse_bytes("2TB"), 2199023255552);
}

TEST(ParseBytes, IsAbsentForAnythingElse) {
  for (const char* text :
       {"", "5", "MB", "-1MB", "1mb", "1 Mb", "1KiB", "1PB", "1e999B", "1e300TB", "5s", "1 GB "}) {
    EXPECT_FALSE(parse_bytes(text).has_value()) << text;
  }
}

/// Numbers as they are written in Germany, for as long as it lives.
class CommaLocale {
 public:
  CommaLocale() {
    std::locale::global(std::locale(std::locale::classic(), new CommaPunctuation));
    for (const char* name : {"de_DE.UTF-8", "de_DE", "fr_FR.UTF-8"}) {
      if (std::setlocale(LC_ALL, name) != nullptr) break;
    }
  }
  ~CommaLocale() {
    std::locale::global(std::locale::classic());
    std::setlocale(LC_ALL, "C");
  }
  CommaLocale(const CommaLocale&) = delete;
  CommaLocale& operator=(const CommaLocale&) = delete;

 private:
  struct CommaPunctuation : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
  };
};

TEST(Units, DoNotChangeWithTheLocale) {
  const CommaLocale in_germany;
  EXPECT_EQ(plain_number(1234.5), "1234.5");
  EXPECT_EQ(humanize(3.2, Unit::seconds), "3.2 s");
  EXPECT_EQ(humanize(1234567, Unit::count), "1234567");
  EXPECT_EQ(parse_seconds("1.5s"), 1.5);
  EXPECT_EQ(parse_number("1.5"), 1.5);
}

}  // namespace
}  // namespace pgrepl
