// SPDX-License-Identifier: Apache-2.0
// What an announced maintenance does to verdicts and journal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checks/analysis/journal.h"
#include "checks/judge/judge.h"
#include "tests/support/cluster_builder.h"

namespace pgrepl {
namespace {

using std::chrono::minutes;
using test::ClusterBuilder;
using test::result_of;
using testing::ElementsAre;

/// A pair whose maintenance begins with the first poll and lasts ten minutes.
class MaintainedPair : public ClusterBuilder {
 public:
  MaintainedPair() {
    policy.maintenance = {.until = snapshot.taken.wall + minutes(10), .reason = "kernel update"};
  }
  void lose_standby() {
    poll();
    silence(1, FailureClass::refused).cut_standby();
  }
  std::vector<std::string> journal() const {
    std::vector<std::string> lines;
    for (const JournalEntry& entry : memory.journal) {
      lines.push_back(entry.kind + (entry.during_maintenance ? " during maintenance" : ""));
    }
    return lines;
  }
};

TEST(Maintenance, MutesFindingsAndLeavesTheirStates) {
  MaintainedPair pair;
  pair.lose_standby();
  const ClusterReport report = (pair.poll(), pair.poll(20));
  for (const CheckResult& result : report.results) {
    EXPECT_EQ(result.muted, result.state != State::ok) << result.check;
  }
  EXPECT_EQ(result_of(report, "node_up", "a2").state, State::critical);
  EXPECT_EQ(result_of(report, "replay_lag", "a2").state, State::unknown);
}

TEST(Maintenance, DoesNotMuteASplitBrain) {
  MaintainedPair pair;
  pair.poll();
  pair.cut_standby().promote_standby();
  const ClusterReport report = pair.poll(1);
  const CheckResult role = result_of(report, "cluster_role");
  EXPECT_EQ(role.cause, "two_primaries");
  EXPECT_FALSE(role.muted);
}

TEST(Maintenance, DoesNotMuteASplitBrainThatIsHeldOverABlindPoll) {
  MaintainedPair pair;
  pair.poll();
  pair.cut_standby().promote_standby();
  pair.poll(1);
  const Instant now = pair.snapshot.taken;
  pair.memory = decode_memory(encode_memory(pair.memory, now), now).value();
  pair.silence(0, FailureClass::timeout).silence(1, FailureClass::timeout);
  const CheckResult role = result_of(pair.poll(1), "cluster_role");
  ASSERT_EQ(role.raw_state, State::unknown);
  EXPECT_EQ(role.state, State::critical);
  EXPECT_EQ(role.cause, "two_primaries");
  EXPECT_FALSE(role.fix.empty());
  EXPECT_FALSE(role.muted);
  pair.poll(1);
  EXPECT_EQ(result_of(pair.poll(1), "cluster_role").cause, "none")
      << "what is published now has none";
}

TEST(Maintenance, MutesNothingOnceItIsOver) {
  MaintainedPair pair;
  pair.lose_standby();
  pair.poll();
  const ClusterReport report = pair.poll(600);
  EXPECT_EQ(result_of(report, "node_up", "a2").state, State::critical);
  EXPECT_FALSE(result_of(report, "node_up", "a2").muted);
}

TEST(Maintenance, LetsHoldsRunSoThatWhatLastsCountsAtItsEnd) {
  MaintainedPair pair;
  pair.lose_standby();
  for (int i = 0; i < 5; ++i) pair.poll();
  pair.policy.maintenance.reset();  // ended by command
  const CheckResult replication = result_of(pair.poll(1), "replication", "a2");
  EXPECT_EQ(replication.state, State::critical);
  EXPECT_FALSE(replication.muted);
}

TEST(MaintenanceInForce, IsTheLaterEndWithTheReasonThatWasGiven) {
  const WallTime now{minutes(100)};
  const Maintenance configured{now + minutes(5), ""}, announced{now + minutes(2), "work"};
  const Maintenance longer{now + minutes(9), "work"}, over{now, "work"};
  EXPECT_EQ(in_force(configured, announced, now), (Maintenance{now + minutes(5), "work"}));
  EXPECT_EQ(in_force(configured, longer, now), longer);
  EXPECT_EQ(in_force(configured, over, now), configured);
  EXPECT_EQ(in_force(std::nullopt, over, now), std::nullopt);
  EXPECT_EQ(in_force(configured, std::nullopt, now + minutes(5)), std::nullopt);
}

// The journal.

TEST(MaintenanceInTheJournal, BeginsAndEndsWithItsLengthAndMarksWhatHappensInBetween) {
  MaintainedPair pair;
  pair.lose_standby();
  pair.poll();
  pair.poll();
  pair.poll(700);
  EXPECT_THAT(pair.journal(), ElementsAre("maintenance_began", "sync_changed during maintenance",
                                          "node_lost during maintenance", "maintenance_ended"));
  const JournalEntry& end = pair.memory.journal.back();
  EXPECT_EQ(end.at, pair.policy.maintenance->until) << "and not when that was noticed";
  EXPECT_EQ(end.duration, Seconds(end.at - pair.memory.journal.front().at));
  EXPECT_EQ(end.evidence, "its time ran out");
  EXPECT_THAT(pair.memory.journal.front().evidence, testing::EndsWith(" UTC: kernel update"));
}

TEST(MaintenanceInTheJournal, EndsBeforeItsTimeByCommandAndIsNoEventWhenItIsProlonged) {
  MaintainedPair pair;
  pair.poll();
  pair.policy.maintenance->until += minutes(60);
  pair.poll(900);
  pair.policy.maintenance.reset();
  pair.poll();
  EXPECT_THAT(pair.journal(), ElementsAre("maintenance_began", "maintenance_ended"));
  EXPECT_EQ(pair.memory.journal.back().evidence, "before its time");
  EXPECT_EQ(pair.memory.journal.back().duration, Seconds{905});
}

TEST(MaintenanceInTheJournal, GoesOnOverARestart) {
  MaintainedPair pair;
  pair.poll();
  const Instant now = pair.snapshot.taken;
  pair.memory = decode_memory(encode_memory(pair.memory, now), now).value();
  pair.poll();
  EXPECT_THAT(pair.journal(), ElementsAre("maintenance_began"));
}

}  // namespace
}  // namespace pgrepl
