// SPDX-License-Identifier: Apache-2.0
// What the checks say where a server may not tell its system identifier or its timeline.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/cluster_builder.h"

namespace pgrepl {
namespace {

using test::ClusterBuilder;
using test::result_of;
using testing::Contains;
using testing::HasSubstr;

const Failure kNoSystem{FailureClass::permission,
                        "pgrepl_system_identifier: permission denied for function "
                        "pg_control_system"};
const Failure kNoTimeline{FailureClass::permission,
                          "pgrepl_written_timeline: permission denied for function "
                          "pg_walfile_name"};

void hide_system(NodeState& node) {
  node.system_identifier.reset();
  node.missing.system_identifier = kNoSystem;
}

void hide_timeline(NodeState& node) {
  node.timeline.reset();
  node.missing.timeline = kNoTimeline;
}

ClusterReport after_holds(ClusterBuilder& pair) {
  for (int i = 0; i < 4; ++i) pair.poll();
  return pair.poll();
}

void expect_unknown(const ClusterReport& report, const char* check, const char* node,
                    const std::string& because) {
  const CheckResult result = result_of(report, check, node);
  EXPECT_EQ(result.state, State::unknown) << check << " on " << node << ": " << result.summary;
  EXPECT_EQ(result.summary, "because " + because);
}

/// All but the one check that asks for what is hidden.
void expect_others_fine(const ClusterReport& report, const std::string& but) {
  for (const CheckResult& result : report.results) {
    if (result.check == but) continue;
    EXPECT_EQ(result.state, State::ok)
        << result.check << " on " << result.node << ": " << result.summary;
  }
}

TEST(UntoldSystem, IsUnknownForItsReasonAndCostsNoOtherCheck) {
  ClusterBuilder pair;
  hide_system(pair.primary());
  hide_system(pair.standby());
  const ClusterReport report = after_holds(pair);
  for (const char* node : {"a1", "a2"}) {
    expect_unknown(report, "system_identifier", node,
                   node + (" does not show its system identifier: " + kNoSystem.message));
  }
  expect_others_fine(report, "system_identifier");
  EXPECT_EQ(report.analysis.topology.verdict, TopologyVerdict::healthy);
  EXPECT_EQ(report.analysis.nodes[1].lag->state, LagState::caught_up);
}

TEST(UntoldSystem, OfThePrimaryLeavesNothingToCompareTheStandbyWith) {
  ClusterBuilder pair;
  hide_system(pair.primary());
  expect_unknown(after_holds(pair), "system_identifier", "a2",
                 "a1 does not show its system identifier: " + kNoSystem.message);
}

TEST(UntoldSystem, IsUnknownAlsoWhereItIsRemembered) {
  ClusterBuilder pair;
  ASSERT_EQ(result_of(after_holds(pair), "system_identifier", "a2").state, State::ok);
  hide_system(pair.standby());
  const ClusterReport report = after_holds(pair);
  expect_unknown(report, "system_identifier", "a2",
                 "a2 does not show its system identifier: " + kNoSystem.message);
  EXPECT_EQ(result_of(report, "system_identifier", "a1").state, State::ok);
}

TEST(UntoldSystem, LeavesTheHistoryOfAStandbyThatDoesNotStreamUnknown) {
  ClusterBuilder pair;
  hide_system(pair.primary());
  hide_system(pair.standby());
  pair.cut_standby();
  expect_unknown(after_holds(pair), "timeline", "a2",
                 "a2 does not show its system identifier: " + kNoSystem.message);
}

TEST(UntoldSystem, IsNoOtherSystem) {
  for (const bool of_primary : {true, false}) {
    ClusterBuilder pair;
    hide_system(of_primary ? pair.primary() : pair.standby());
    pair.cut_standby().standby().replay_lsn.reset();
    expect_unknown(after_holds(pair), "replay_lag_bytes", "a2", "the replay position is not known");
  }
}

TEST(UntoldTimeline, IsUnknownForItsReasonAndCostsNoOtherCheck) {
  ClusterBuilder pair;
  hide_timeline(pair.primary());
  const ClusterReport report = after_holds(pair);
  expect_unknown(report, "timeline", "a2", "a1 does not show its timeline: " + kNoTimeline.message);
  expect_others_fine(report, "timeline");
  EXPECT_EQ(report.analysis.nodes[1].lag->state, LagState::caught_up);
}

TEST(UntoldTimeline, OfAStandbyWithoutReceiverIsUnknownForItsReason) {
  ClusterBuilder pair;
  pair.cut_standby();
  hide_timeline(pair.standby());
  expect_unknown(after_holds(pair), "timeline", "a2",
                 "a2 does not show its timeline: " + kNoTimeline.message);
}

TEST(UntoldTimeline, IsUnknownAlsoWhereItIsRemembered) {
  ClusterBuilder pair;
  ASSERT_EQ(result_of(after_holds(pair), "timeline", "a2").state, State::ok);
  hide_timeline(pair.primary());
  const ClusterReport report = after_holds(pair);
  expect_unknown(report, "timeline", "a2", "a1 does not show its timeline: " + kNoTimeline.message);
  EXPECT_EQ(result_of(report, "replay_lag", "a2").state, State::ok);
}

TEST(UntoldSystem, OfTwoPrimariesIsNoReasonToKeepQuiet) {
  ClusterBuilder pair;
  hide_system(pair.primary());
  hide_system(pair.standby());
  pair.poll();
  pair.cut_standby().promote_standby();
  pair.poll();
  const CheckResult role = result_of(pair.poll(1), "cluster_role");
  EXPECT_EQ(role.state, State::critical);
  EXPECT_EQ(role.cause, "unidentified_primaries");
  EXPECT_THAT(role.summary, HasSubstr("a1 and a2 are both primary, and a1 does not show its system "
                                      "identifier: "));
  EXPECT_THAT(role.fix, Contains(HasSubstr("pg_control_system()")));
}

TEST(UntoldSystem, OfTwoPrimariesIsRememberedWhileTheyRun) {
  ClusterBuilder pair;
  pair.poll();
  hide_system(pair.primary());
  hide_system(pair.standby());
  pair.cut_standby().promote_standby();
  pair.poll();
  EXPECT_EQ(result_of(pair.poll(1), "cluster_role").cause, "two_primaries");
}

}  // namespace
}  // namespace pgrepl
