// SPDX-License-Identifier: Apache-2.0
// A question for something that is not there, to a real exporter, through the plugin and by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cluster/watch.h"

namespace pgrepl::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

/// Expects that both ways of asking are answered alike.
void expect_unknown(const ExporterProcess& exporter, const std::vector<std::string>& arguments,
                    const std::string& query, const testing::Matcher<const std::string&>& answer) {
  SCOPED_TRACE(query);
  const ProgramResult plugin = exporter.check(arguments);
  EXPECT_EQ(plugin.exit_code, 3);
  EXPECT_THAT(plugin.out, AllOf(StartsWith("PGREPL UNKNOWN - there is no "), answer));
  const RawReply reply = exporter.get("/check?" + query);
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(reply.header("x-pgrepl-state"), "3");
  EXPECT_EQ(reply.body, plugin.out);
}

TEST(UnknownName, IsAnsweredWithTheKnownOnes) {
  PostgresPair pair;
  Watch watch(pair);
  const ExporterProcess& exporter = watch.exporter();
  expect_unknown(exporter, {"-m", "replay_lagg"}, "check=replay_lagg",
                 AllOf(HasSubstr("check replay_lagg, perhaps replay_lag is meant (known: health, "),
                       HasSubstr(", slot_active, "), HasSubstr(", data_freshness")));
  expect_unknown(exporter, {"-m", "health", "-C", "walix"}, "cluster=walix",
                 HasSubstr("cluster walix, perhaps wallix is meant (known: wallix)\n"));
  expect_unknown(exporter, {"-m", "replay_lag", "-n", "other"}, "check=replay_lag&node=other",
                 HasSubstr("node other (known: wallix-a1, wallix-a2)\n"));
}

}  // namespace
}  // namespace pgrepl::test
