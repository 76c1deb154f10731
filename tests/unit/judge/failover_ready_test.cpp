// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "tests/support/cluster_builder.h"

namespace pgrepl {
namespace {

using test::ClusterBuilder;
using test::result_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Pair : ClusterBuilder {
  Pair() { poll(); }
  Readiness look(double seconds = 5) { return poll(seconds).analysis.readiness; }
  CheckResult verdict(double seconds = 60) {
    poll();
    poll(seconds);
    return result_of(poll(31), "failover_ready");  // beyond its hold time
  }
};

TEST(FailoverReady, IsAHealthyPair) {
  Pair pair;
  EXPECT_THAT(pair.look().hindrances, IsEmpty());
  const CheckResult verdict = pair.verdict();
  EXPECT_EQ(verdict.state, State::ok);
  EXPECT_EQ(verdict.summary, "a2 could take over now");
}

TEST(FailoverReady, NamesAStandbyThatDoesNotAnswer) {
  Pair pair;
  pair.silence(1, FailureClass::refused).cut_standby();
  const CheckResult verdict = pair.verdict();
  EXPECT_EQ(verdict.state, State::warning);
  EXPECT_EQ(verdict.cause, "unreachable");
}

TEST(FailoverReady, IsUnknownWhileThePrimaryHidesForWhomCommitsWait) {
  Pair pair;
  pair.primary().has_pg_monitor = false;
  pair.walsender().sync_state.reset();
  const CheckResult verdict = pair.verdict();
  EXPECT_EQ(verdict.state, State::unknown);
  EXPECT_EQ(verdict.summary,
            "because it is hidden whether commits wait for a2: the monitoring role lacks "
            "pg_monitor on a1");
  EXPECT_THAT(pair.look().not_ready_for, testing::Eq(std::nullopt));
  EXPECT_EQ(pair.look().ready(), std::nullopt);
}

TEST(FailoverReady, DoesNotCountAnewForWhatIsHiddenMeanwhile) {
  Pair pair;
  pair.walsender().sync_state = "async";
  pair.verdict();
  pair.walsender().sync_state.reset();
  EXPECT_EQ(pair.look(600).ready(), std::nullopt);
  pair.walsender().sync_state = "async";
  EXPECT_GT(pair.look().not_ready_for, Seconds{600});
}

TEST(FailoverReady, IsCriticalAfterAnHourWithout) {
  Pair pair;
  pair.silence(1, FailureClass::refused).cut_standby();
  EXPECT_EQ(pair.verdict(3000).state, State::warning);
  EXPECT_EQ(pair.verdict(700).state, State::critical);
}

TEST(FailoverReady, CountsAnewAfterItWasReady) {
  Pair pair;
  const auto healthy = pair.snapshot.nodes;
  pair.silence(1, FailureClass::refused).cut_standby();
  pair.verdict(3500);
  pair.snapshot.nodes = healthy;
  EXPECT_EQ(pair.verdict().state, State::ok);
  pair.silence(1, FailureClass::refused).cut_standby();
  EXPECT_EQ(pair.verdict(200).state, State::warning);
}

TEST(FailoverReady, NeedsASynchronousStandbyWhereOneIsRequired) {
  Pair pair;
  pair.walsender().sync_state = "async";
  EXPECT_THAT(pair.look().hindrances, ElementsAre(Hindrance::not_synchronous));
  pair.policy.expect_sync = ExpectSync::off;
  EXPECT_THAT(pair.look().hindrances, IsEmpty());
}

TEST(FailoverReady, MindsAStandbyThatWouldMakeCommitsHang) {
  Pair pair;
  pair.standby().synchronous_standby_names = "\"a2\"";
  EXPECT_THAT(pair.look().hindrances, ElementsAre(Hindrance::commits_would_hang));
  EXPECT_THAT(pair.verdict().summary, HasSubstr("would make commits hang"));
}

TEST(FailoverReady, MindsASilentlyAsynchronousOneOnlyWhereSyncIsDemanded) {
  Pair pair;
  pair.standby().synchronous_standby_names = "";
  EXPECT_THAT(pair.look().hindrances, IsEmpty());
  pair.policy.expect_sync = ExpectSync::required;
  EXPECT_THAT(pair.look().hindrances, ElementsAre(Hindrance::would_be_async));
}

TEST(FailoverReady, MindsAForeignSystemAndAnotherMajor) {
  Pair pair;
  pair.standby().server_version_num = 160004;
  EXPECT_THAT(pair.look().hindrances, ElementsAre(Hindrance::other_major));
  pair.standby().system_identifier = "1";
  EXPECT_EQ(pair.look().hindrances.front(), Hindrance::other_system);
}

TEST(FailoverReady, MindsAStandbyThatWouldReplayForLong) {
  Pair pair;
  pair.write(1 << 20);
  pair.poll(5);
  pair.write(1 << 20);
  pair.poll(30);
  EXPECT_THAT(pair.look(10).hindrances, ElementsAre(Hindrance::behind));
}

TEST(FailoverReady, MindsAFullDiskOfTheStandby) {
  Pair pair;
  pair.policy.nodes[1].host_configured = true;
  const Filesystem full{.mountpoint = "/", .size = 100, .free = 5, .available = 5};
  pair.snapshot.nodes[1].host = HostSnapshot{
      .directories = {{.purpose = DirectoryPurpose::wal, .path = "/wal", .filesystem = full}}};
  EXPECT_THAT(pair.look().hindrances, ElementsAre(Hindrance::disk_full));
}

TEST(FailoverReady, IsNotKnownWithoutOnePrimary) {
  Pair pair;
  pair.silence(0, FailureClass::timeout);
  const CheckResult verdict = pair.verdict();
  EXPECT_EQ(verdict.state, State::unknown);
  EXPECT_THAT(verdict.summary, HasSubstr("a1"));
}

}  // namespace
}  // namespace pgrepl
