// SPDX-License-Identifier: Apache-2.0
#include "checks/base/number.h"

#include <gtest/gtest.h>

namespace pgrepl {
namespace {

TEST(Number, ReadsDecimalsAndExponents) {
  EXPECT_EQ(parse_number("10"), 10);
  EXPECT_EQ(parse_number("-0.5"), -0.5);
  EXPECT_EQ(parse_number(".5"), 0.5);
  EXPECT_EQ(parse_number("1e3"), 1000);
}

TEST(Number, IsAbsentForWhatIsNotFinite) {
  for (const char* text : {"inf", "-inf", "infinity", "nan", "NaN", "1e999", "-1e999", "1e-999"}) {
    EXPECT_FALSE(parse_number(text).has_value()) << text;
  }
}

TEST(Number, IsAbsentForAnyOtherText) {
  for (const char* text :
       {"", " ", " 1", "1 ", "+1", "0x10", "1,5", "1.2.3", "--1", "one", "1e", "."}) {
    EXPECT_FALSE(parse_number(text).has_value()) << text;
  }
}

TEST(Number, OfAPortIsWhole) {
  EXPECT_EQ(parse_port("1"), 1);
  EXPECT_EQ(parse_port("65535"), 65535);
  for (const char* text : {"", "0", "65536", "-1", "+1", " 80", "80 ", "80.0", "8e1", "http"}) {
    EXPECT_EQ(parse_port(text), std::nullopt) << text;
  }
}

TEST(Number, LeavesWhatStandsBehind) {
  const auto number = leading_number("12.5 MB");
  ASSERT_TRUE(number.has_value());
  EXPECT_EQ(number->value, 12.5);
  EXPECT_EQ(number->rest, " MB");
}

}  // namespace
}  // namespace pgrepl
