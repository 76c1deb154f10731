// SPDX-License-Identifier: Apache-2.0
#include "tests/support/remedies.h"

#include <gmock/gmock.h>

namespace pgrepl::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(RemedyFaults, AreNoneInALineThatIsFilledIn) {
  EXPECT_THAT(remedy_faults("df -h   # on wallix-a2"), IsEmpty());
  EXPECT_THAT(remedy_faults("see check node_up of wallix-a2"), IsEmpty());
}

TEST(RemedyFaults, AreThePlacesThatNobodyFilledIn) {
  EXPECT_THAT(remedy_faults("df -h   # on STANDBY"),
              ElementsAre("STANDBY is not filled in: df -h   # on STANDBY"));
}

TEST(RemedyFaults, AreNoCapitalsOfTheRemedysOwn) {
  EXPECT_THAT(remedy_faults("psql -c 'SELECT pid, now() - xact_start, query FROM pg_stat_activity "
                            "ORDER BY xact_start LIMIT 5'   # on a2"),
              IsEmpty());
}

TEST(RemedyFaults, AreLinesThatNoRemedyHas) {
  EXPECT_THAT(remedy_faults("reboot"), ElementsAre("of no remedy: reboot"));
}

}  // namespace
}  // namespace pgrepl::test
