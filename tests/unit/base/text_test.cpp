// SPDX-License-Identifier: Apache-2.0
#include "checks/base/text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pgrepl {
namespace {

constexpr std::size_t kNoLimit = std::string_view::npos;

const std::vector<std::string> kChecks{"replay_lag", "replay_lag_bytes", "slot_active", "archive"};

TEST(Join, PutsTheSeparatorBetweenParts) {
  EXPECT_EQ(join(std::vector<std::string>{}, ", "), "");
  EXPECT_EQ(join(std::vector<std::string>{"a"}, ", "), "a");
  EXPECT_EQ(join(std::vector<std::string>{"a", "b", "a"}, ", "), "a, b, a");
}

TEST(Nearest, FindsAMisspeltWord) {
  EXPECT_EQ(nearest("repley_lag", kChecks), "replay_lag");
  EXPECT_EQ(nearest("slotactive", kChecks), "slot_active");
  EXPECT_EQ(nearest("achrive", kChecks), "archive");
}

TEST(Nearest, PrefersTheSmallestDistance) {
  EXPECT_EQ(nearest("replay_lag", kChecks), "replay_lag");
}

TEST(Nearest, IsAbsentWhenNothingIsNear) {
  EXPECT_FALSE(nearest("vip", kChecks).has_value());
  EXPECT_FALSE(nearest("", kChecks).has_value());
  EXPECT_FALSE(nearest("archive", {}).has_value());
}

TEST(Nearest, AllowsAThirdOfALongWord) {
  const std::vector<std::string> candidates{"abcdefghijkl"};
  EXPECT_TRUE(nearest("abcdefghXXXX", candidates).has_value());
  EXPECT_FALSE(nearest("abcdefgXXXXX", candidates).has_value());
}

TEST(OneLine, TurnsControlCharactersIntoBlanks) {
  EXPECT_EQ(one_line("a\nb\tc\r\x7F", kNoLimit), "a b c  ");
  EXPECT_EQ(one_line(std::string("a\0b", 3), kNoLimit), "a b");
  EXPECT_EQ(one_line("a\xC2\x85"
                     "b\xE2\x80\xA8"
                     "c",
                     kNoLimit),
            "a b c");
}

TEST(OneLine, TurnsInvalidUtf8IntoQuestionMarks) {
  EXPECT_EQ(one_line("a\xFF\xC3", kNoLimit), "a??");
  EXPECT_EQ(one_line("\xC0\x80", kNoLimit), "??");       // overlong
  EXPECT_EQ(one_line("\xED\xA0\x80", kNoLimit), "???");  // a surrogate
  EXPECT_EQ(one_line("gr\xC3\xBC\xC3\x9F", kNoLimit), "gr\xC3\xBC\xC3\x9F");
}

TEST(OneLine, CutsAtTheEdgeOfACharacter) {
  EXPECT_EQ(one_line("abc", 3), "abc");
  EXPECT_EQ(one_line("abcd", 3), "abc...");
  EXPECT_EQ(one_line("ab\xC3\xBC", 3), "ab...");
  EXPECT_EQ(one_line("a", 0), "...");
  EXPECT_EQ(one_line("", 0), "");
}

TEST(PluginSafe, LeavesOrdinarySentencesAlone) {
  const std::string sentence = "standby wallix-a2 is 3.2 s (1.5 GB) behind, limit 10 s: 80 % of it";
  EXPECT_EQ(plugin_safe(sentence), sentence);
}

TEST(PluginSafe, LeavesNothingThatACoreMisreads) {
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) every_byte += static_cast<char>(byte);
  const std::string safe = plugin_safe(every_byte);
  EXPECT_EQ(safe.find_first_of("`~$&|'\"<>;=\\\n\r\t"), std::string::npos);
  EXPECT_EQ(plugin_safe(safe), safe);
}

TEST(PluginSafe, KeepsAServerMessageReadable) {
  EXPECT_EQ(plugin_safe("FATAL:  database \"x;y\" does not exist\n"),
            "FATAL:  database x,y does not exist ");
}

}  // namespace
}  // namespace pgrepl
