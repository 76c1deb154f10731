// SPDX-License-Identifier: Apache-2.0
#include "checks/base/utf8.h"

#include <gtest/gtest.h>

namespace pgrepl {
namespace {

TEST(FirstCharacter, DecodesAllFourLengths) {
  EXPECT_EQ(first_character("A").code, U'A');
  EXPECT_EQ(first_character("\xC3\xBC").code, U'\u00FC');
  EXPECT_EQ(first_character("\xE2\x82\xAC").code, U'\u20AC');
  EXPECT_EQ(first_character("\xF0\x9F\x90\x98").code, U'\U0001F418');
  EXPECT_EQ(first_character("\xF0\x9F\x90\x98").length, 4U);
}

TEST(FirstCharacter, TakesOneByteOfWhatIsNotValid) {
  for (const char* text : {"\x80", "\xFF", "\xC3", "\xC3(", "\xE2\x82", "\xF4\x90\x80\x80",
                           "\xED\xBF\xBF", "\xE0\x80\x80", "\xF8\x88\x80\x80\x80"}) {
    EXPECT_FALSE(first_character(text).code.has_value());
    EXPECT_EQ(first_character(text).length, 1U);
  }
}

}  // namespace
}  // namespace pgrepl
