// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/unit/nagios/asked_world.h"

namespace pgrepl {
namespace {

AskedWorld world() {
  CheckResult held = lag_result("w-a2", 12);
  held.raw_state = State::critical;
  held.since = after(kTaken, Seconds{-250});
  return AskedWorld{{a_report("w", {role_result(State::ok), held})}}.at_age(0);
}

TEST(Verbosity, ZeroSaysTheSentenceAlone) { EXPECT_EQ(long_output_of(world().ask({})), ""); }

TEST(Verbosity, OneSaysWhatTheCauseMeansAndHowToMendIt) {
  EXPECT_EQ(long_output_of(world().ask({.verbosity = 1})),
            "WARNING lag w-a2: w-a2 is 12 s behind\n"
            "  It cannot keep up.\n"
            "  > look at w-a2\n"
            "  > psql -c \"select 'a' = 'b'\" \u00A6 less\n");
}

TEST(Verbosity, TwoShowsTheEvidenceOfAllResults) {
  EXPECT_EQ(long_output_of(world().ask({.verbosity = 2})),
            "OK data_freshness: report is 0 s old, limit 15 s\n"
            "  OK for 0 s\n"
            "  age 0 s, critical above 15 s\n"
            "OK role: one primary\n"
            "  OK for 0 s\n"
            "WARNING lag w-a2: w-a2 is 12 s behind\n"
            "  WARNING for 4 min 10 s, this poll alone says CRITICAL, cause busy\n"
            "  lag 12 s, warning above 10 s, critical above 25 s\n"
            "  It cannot keep up.\n"
            "  > look at w-a2\n"
            "  > psql -c \"select 'a' = 'b'\" \u00A6 less\n");
}

TEST(Verbosity, TwoTellsWhatIsLeftOutAndWhy) {
  ClusterReport report = a_report("w");
  report.absent = {{"archive", "w-a2", Absence::Kind::not_applicable, "a standby"}};
  const std::string text = AskedWorld{{report}}.ask({.verbosity = 2}).text;
  EXPECT_NE(text.find("archive w-a2: not applicable: a standby\n"), std::string::npos);
}

}  // namespace
}  // namespace pgrepl
