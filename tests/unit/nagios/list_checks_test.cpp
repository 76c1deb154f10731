// SPDX-License-Identifier: Apache-2.0
#include "checks/nagios/list_checks.h"

#include <gtest/gtest.h>

#include "tests/unit/nagios/asked_world.h"

namespace pgrepl {
namespace {

TEST(ListChecks, TellsEachCheckWithItsDefaultsAndTheirSource) {
  const PluginOutput output = AskedWorld{{}}.ask({.check = "list"});
  EXPECT_EQ(output.state, State::ok);
  EXPECT_EQ(output.text,
            "PGREPL OK - 5 checks, and health for all of them\n"
            "data_freshness - age of the report\n"
            "    age: no limits (ours)\n"
            "role - exactly one primary\n"
            "    judges no number (guide)\n"
            "lag - time behind the primary\n"
            "    lag: warning above 10 s, critical above 25 s (guide)\n"
            "archive - the archiver\n"
            "    failing_for: warning above 5 min, critical above 15 min (ours)\n"
            "    backlog: warning above 64, critical above 256 (ours)\n"
            "slot - room for a slot\n"
            "    safe: warning below 1 kB (ours)\n");
}

}  // namespace
}  // namespace pgrepl
