// SPDX-License-Identifier: Apache-2.0
// What the exporter remembers of a failover of a real pair, although it is killed in the middle.
#include <gmock/gmock.h>

#include "checks/analysis/failover.h"
#include "exporter/collect/clock.h"
#include "exporter/store/stored_memory.h"
#include "tests/cluster/watch.h"
#include "tests/support/tcp_gate.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kSwift = "poll_interval = \"1s\"\npoll_timeout = \"1s\"\n";

std::string upstream(int port, const std::string& name) {
  return "host=127.0.0.1 port=" + std::to_string(port) + " user=" + kReplicatorRole +
         " password=" + kReplicatorPassword + " application_name=" + name;
}

class FailoverJournal : public testing::Test {
 protected:
  ClusterMemory stored() {
    auto store = StoredMemory::open(watch_.store());
    if (!store) throw std::runtime_error(store.error().message);
    return decode_memory(store->load("wallix").value().value(), read_clocks()).value();
  }
  /// The last entry of that kind about that node; fails the test if there is none.
  JournalEntry entry(const std::string& kind, const std::string& node) {
    JournalEntry last;
    for (const JournalEntry& one : stored().journal) {
      if (one.kind == kind && one.node == node) last = one;
    }
    EXPECT_EQ(last.kind, kind) << "of " << node;
    return last;
  }
  testing::AssertionResult happens(const std::string& kind, int times = 1) {
    return watch_.becomes("pgrepl_events_total", {{"kind", kind}}, times);
  }
  testing::AssertionResult reaches(const std::string& phase) {
    return watch_.exceeds("pgrepl_failover_phase_upper_bound_seconds", {{"phase", phase}}, 0);
  }
  std::optional<double> last_writes() {
    return watch_.value("pgrepl_failover_phase_upper_bound_seconds",
                        {{"phase", "accepting_writes"}});
  }
  void let_old_primary_rejoin() {
    pair_.primary().set({{"primary_conninfo", upstream(pair_.standby().port(), kPrimaryName)},
                         {"synchronous_standby_names", ""}});
    write_file(pair_.primary().data() / "standby.signal", "");
    give_to_server_user(pair_.primary().data() / "standby.signal");
    pair_.primary().start();
    pair_.standby().set("synchronous_standby_names", '"' + std::string(kPrimaryName) + '"');
    pair_.standby().reload();
  }

  PostgresPair pair_;
  Watch watch_{pair_, {.exporter = kSwift}};
};

TEST_F(FailoverJournal, TellsACrashWholeAlthoughTheExporterIsKilledTwiceInTheMiddle) {
  ASSERT_TRUE(watch_.all_green());
  pair_.primary().kill();
  ASSERT_TRUE(happens("node_lost"));
  watch_.exporter().kill_and_restart();
  pair_.promote_standby();
  ASSERT_TRUE(watch_.becomes("pgrepl_failover_kind", {{"kind", "crash"}}, 1));
  ASSERT_TRUE(reaches("accepting_writes"));
  const auto took = last_writes();
  ASSERT_TRUE(wait_until([&] { return stored().failover.has_value(); }, std::chrono::seconds(15)))
      << "would be lost in a crash";
  watch_.exporter().kill_and_restart();

  EXPECT_NEAR(last_writes().value_or(0), took.value_or(-1), 0.01) << "concluded anew";
  EXPECT_EQ(watch_.value("pgrepl_failover_kind", {{"kind", "crash"}}), 1);
  EXPECT_EQ(watch_.value("pgrepl_events_total", {{"kind", "promoted"}}), 1);
  EXPECT_THAT(entry("node_lost", kPrimaryName).evidence, HasSubstr("refused"));
  EXPECT_THAT(
      entry("promoted", kStandbyName).evidence,
      AllOf(HasSubstr("standby -> primary, timeline 1 -> 2, at "), HasSubstr("had replayed ")));
  const JournalEntry failover = entry("failover", kStandbyName);
  EXPECT_EQ(failover.object, "crash");
  EXPECT_GT(failover.duration.value_or(Seconds{0}), Seconds{0});
  EXPECT_THAT(watch_.exporter().check({"failover_duration"}).out,
              AllOf(HasSubstr("wallix-a2 took over from wallix-a1 in "), HasSubstr(";25;60;0")));
}

TEST_F(FailoverJournal, TellsASwitchoverWithAllItsPhasesUntilTheOldPrimaryIsItsStandby) {
  ASSERT_TRUE(watch_.all_green());
  pair_.primary().stop();
  ASSERT_TRUE(happens("node_lost"));
  pair_.promote_standby();
  ASSERT_TRUE(watch_.becomes("pgrepl_failover_kind", {{"kind", "switchover"}}, 1));
  let_old_primary_rejoin();
  ASSERT_TRUE(reaches("sync_again"));
  ASSERT_TRUE(happens("node_back"));

  const std::vector<PhaseTime> phases =
      last_failover(stored(), read_clocks().steady).value().phases;
  ASSERT_EQ(phases.size(), kFailoverPhases.size());
  for (std::size_t i = 1; i < phases.size(); ++i) {
    EXPECT_EQ(phases[i].phase, kFailoverPhases[i]);
    EXPECT_LE(phases[i].lower, phases[i].upper);
    if (i > 1) {
      EXPECT_GE(phases[i].upper, phases[i - 1].upper) << to_string(phases[i].phase);
    }
  }
  EXPECT_EQ(entry("failover", kStandbyName).object, "switchover");
  EXPECT_EQ(entry("role_changed", kPrimaryName).evidence, "primary -> standby");
  EXPECT_EQ(entry("timeline_switched", kPrimaryName).evidence, "1 -> 2");
  EXPECT_GT(entry("node_back", kPrimaryName).duration.value_or(Seconds{0}), Seconds{0});
  EXPECT_THAT(entry("sync_changed", kStandbyName).evidence, HasSubstr(" -> wallix-a1"));

  TcpGate detour{pair_.standby().port()};
  pair_.primary().set("primary_conninfo", upstream(detour.port(), kPrimaryName));
  pair_.primary().reload();
  ASSERT_TRUE(happens("upstream_changed"));
  EXPECT_EQ(entry("upstream_changed", kPrimaryName).evidence,
            "127.0.0.1:" + std::to_string(pair_.standby().port()) +
                " -> 127.0.0.1:" + std::to_string(detour.port()));
}

}  // namespace
}  // namespace pgrepl::test
