// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/text_table.h"

#include <gtest/gtest.h>

namespace pgrepl {
namespace {

TextTable two_columns() {
  return TextTable{{{.title = "NAME", .shrinks = true}, {.title = "SIZE", .right = true}}};
}

TEST(TextTable, IsAsWideAsItsWidestCells) {
  TextTable table = two_columns();
  table.add({{"a"}, {"1.5 GB"}});
  table.add({{"longer"}, {"3 B"}});
  EXPECT_EQ(table.text(80, false),
            "NAME      SIZE\n"
            "a       1.5 GB\n"
            "longer     3 B\n");
}

TEST(TextTable, ShortensNamesInTheMiddleWhereItIsTooWide) {
  TextTable table = two_columns();
  table.add({{"a-very-long-name-number-1"}, {"1.5 GB"}});
  EXPECT_EQ(table.text(24, false),
            "NAME                SIZE\n"
            "a-very-..umber-1  1.5 GB\n");
}

TEST(TextTable, LeavesNoBlanksBehindTheLastCell) {
  TextTable table{{{.title = "A"}, {.title = "B"}, {.title = "C"}}};
  table.add({{"x"}, {""}, {""}});
  EXPECT_EQ(table.text(80, false), "A  B  C\nx\n");
}

TEST(TextTable, CountsCharactersAndNotBytes) {
  TextTable table = two_columns();
  table.add({{"é"}, {"1 B"}});
  table.add({{"ee"}, {"1 B"}});
  EXPECT_EQ(table.text(80, false), "NAME  SIZE\né      1 B\nee     1 B\n");
}

TEST(TextTable, PaintsACellWithoutMovingTheNext) {
  TextTable table{{{.title = "A"}, {.title = "B"}}};
  table.add({{"bad", Paint::bad}, {"x"}});
  EXPECT_EQ(table.text(80, true), "\x1b[1mA\x1b[0m    \x1b[1mB\x1b[0m\n\x1b[1;31mbad\x1b[0m  x\n");
  EXPECT_EQ(table.text(80, false), "A    B\nbad  x\n");
}

TEST(Wrapped, BreaksBetweenWordsAndKeepsALongOne) {
  EXPECT_EQ(wrapped("one two three", 9, 2), (std::vector<std::string>{"  one two", "  three"}));
  EXPECT_EQ(wrapped("a /very/long/path b", 8, 0),
            (std::vector<std::string>{"a", "/very/long/path", "b"}));
  EXPECT_TRUE(wrapped("", 80, 2).empty());
}

TEST(Shortened, KeepsBothEndsOfAText) {
  EXPECT_EQ(shortened("abcdef", 6), "abcdef");
  EXPECT_EQ(shortened("abcdefgh", 5), "a..gh");
  EXPECT_EQ(shortened("äöüßäöüß", 5), "ä..üß");
  EXPECT_EQ(shortened("abc", 2), "ab");
  EXPECT_EQ(shortened("abc", 0), "");
}

}  // namespace
}  // namespace pgrepl
