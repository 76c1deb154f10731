// SPDX-License-Identifier: Apache-2.0
#include "tests/support/page_judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pgrepl::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kHeader = "# HELP m_bytes What it is.\n# TYPE m_bytes gauge\n";

TEST(PageJudge, FindsNothingWrongWithAPageAsItShouldBe) {
  EXPECT_THAT(judge_page("# HELP up_total Polls.\n"
                         "# TYPE up_total counter\n"
                         "up_total 3\n"
                         "# HELP m_bytes A back\\\\slash and a\\nline break.\n"
                         "# TYPE m_bytes gauge\n"
                         "m_bytes{a=\"x, y\",b=\"}\"} 1.5e+300\n"
                         "m_bytes{a=\"q\\\"uo\\\\te\\n\",b=\"ü\"} +Inf\n"
                         "m_bytes{a=\"\",b=\"\"} -2\n"),
              IsEmpty());
  EXPECT_THAT(judge_page(""), IsEmpty());
}

/// A page with one fault, and a piece of the complaint that it must draw.
struct Fault {
  std::string page, complaint;
};

class PageJudgeFinds : public ::testing::TestWithParam<Fault> {};

TEST_P(PageJudgeFinds, ThisFaultAndNoOther) {
  EXPECT_THAT(judge_page(GetParam().page), ElementsAre(HasSubstr(GetParam().complaint)));
}

INSTANTIATE_TEST_SUITE_P(
    Faults, PageJudgeFinds,
    ::testing::Values(
        Fault{kHeader + "m_bytes 1", "does not end with a line break"},
        Fault{kHeader + "m_bytes{a=\"1\"} 1\nm_bytes{a=\"1\"} 2\n",
              "line 4: a series of m_bytes stands twice"},
        Fault{kHeader + "m_bytes{a=\"1\",b=\"2\"} 1\nm_bytes{b=\"2\",a=\"1\"} 2\n", "stands twice"},
        Fault{kHeader + "m_bytes 1\n# HELP n x\n# TYPE n gauge\nn 1\n" + kHeader +
                  "m_bytes{a=\"1\"} 1\n",
              "family m_bytes stands twice"},
        Fault{kHeader + "m_bytes 1\n# HELP n x\n# TYPE n gauge\nn 1\nm_bytes 2\n",
              "outside of its family"},
        Fault{kHeader + "# TYPE m_bytes gauge\nm_bytes 1\n", "TYPE of m_bytes stands twice"},
        Fault{"# TYPE m gauge\n", "without its HELP"},
        Fault{"# HELP m x\n# TYPE m gauge\n", "has no series"},
        Fault{"# HELP m x\n# TYPE m number\nm 1\n", "unknown type number"},
        Fault{"# HELP m_total x\n# TYPE m_total gauge\nm_total 1\n", "counters end in _total"},
        Fault{"# HELP m x\n# TYPE m counter\nm 1\n", "counters end in _total"},
        Fault{"# HELP m_total x\n# TYPE m_total counter\nm_total -1\n", "a counter below 0"},
        Fault{"# HELP m-b x\n# TYPE m-b gauge\nm-b 1\n", "'m-b' is no metric name"},
        Fault{"# HELP m broken\\x\n# TYPE m gauge\nm 1\n", "HELP of m has a broken escape"},
        Fault{"# HELP m \n# TYPE m gauge\nm 1\n", "HELP of m is empty"},
        Fault{kHeader + "m_bytes{a-b=\"1\"} 1\n", "'a-b' is no label name"},
        Fault{kHeader + "m_bytes{a=\"1\",a=\"2\"} 1\n", "a label stands twice"},
        Fault{kHeader + "m_bytes{a=\"\\t\"} 1\n", "label a has a broken escape"},
        Fault{kHeader + "m_bytes 1\nm_bytes{a=\"1\"} 1\n", "differ in their label names"},
        Fault{kHeader + "m_bytes 1\nm_bytes{a=\"1} 1\n", "labels cannot be read"},
        Fault{kHeader + "m_bytes 1\nm_bytes{a=1} 1\n", "labels cannot be read"},
        Fault{kHeader + "m_bytes one\n", "'one' is no value"},
        Fault{kHeader + "m_bytes 1 1234\n", "'1 1234' is no value"},
        Fault{kHeader + "m_bytes \n", "'' is no value"},
        Fault{kHeader + "m_bytes NaN\n", "must be absent"},
        Fault{kHeader + "m_bytes{a=\"\xff\"} 1\n", "not UTF-8"},
        Fault{kHeader + "m_bytes 1\n\n", "neither HELP, TYPE nor a sample"},
        Fault{kHeader + "m_bytes 1\n# EOF\n", "neither HELP, TYPE nor a sample"}));

}  // namespace
}  // namespace pgrepl::test
