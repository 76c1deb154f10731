// SPDX-License-Identifier: Apache-2.0
// A function whose EXECUTE was revoked costs what it alone tells, on each role, and no round trip.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/cluster/collect_fixture.h"
#include "tests/support/tcp_gate.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

using Parts = std::set<std::string>;

/// What a healthy server of this role tells and this answer lacks, positions and lists included.
Parts lacking(const NodeState& state) {
  const std::pair<const char*, bool> parts[] = {
      {"positions",
       state.in_recovery ? state.replay_lsn && state.receive_lsn : !!state.current_wal_flush_lsn},
      {"pg_monitor", state.has_pg_monitor},
      {"system", state.system_identifier.has_value()},
      {"timeline", state.timeline.has_value()},
      {"start", state.postmaster_start_timestamp.has_value()},
      {"sync_names", state.synchronous_standby_names.has_value()},
      {"walsenders", !state.missing.wal_senders},
      {"slots", !state.missing.slots},
      {"receiver", !state.missing.wal_receiver},
      {"waiters", !state.missing.sync_rep_waiters},
      {"paused", !state.in_recovery || state.replay_paused},
      {"conflict", !state.in_recovery || state.replay_conflict},
      {"settings", state.settings.value.has_value()},
      {"pg_wal", state.wal_directory.value.has_value()},
      {"redo", state.wal_directory.value && state.wal_directory.value->redo_lsn},
      {"archiver", state.archiver.value.has_value()},
  };
  Parts all;
  for (const auto& [name, is_there] : parts) {
    if (!is_there) all.insert(name);
  }
  return all;
}

struct Function {
  const char* name;
  Parts primary, standby;  ///< what only it tells
};

const Function kFunctions[] = {
    {"pg_control_system()", {"system"}, {"system"}},
    {"pg_walfile_name(pg_lsn)", {"timeline"}, {}},
    {"pg_control_recovery()", {}, {}},
    {"pg_control_checkpoint()", {"redo"}, {"redo"}},
    {"pg_postmaster_start_time()", {"start", "sync_names"}, {"start", "sync_names"}},
    {"pg_is_wal_replay_paused()", {}, {"paused"}},
    {"pg_last_xact_replay_timestamp()", {}, {"paused"}},
    // The view pg_stat_replication calls it, too.
    {"pg_stat_get_activity(integer)",
     {"walsenders", "waiters"},
     {"walsenders", "waiters", "conflict"}},
};

bool lacks(const ClusterSnapshot& snapshot, const Parts& primary, const Parts& standby) {
  const auto& a = snapshot.nodes[0].postgres;
  const auto& b = snapshot.nodes[1].postgres;
  return a.up() && b.up() && lacking(*a.state) == primary && lacking(*b.state) == standby;
}

std::string told(const std::optional<ClusterSnapshot>& snapshot) {
  if (!snapshot) return "no poll";
  std::string text;
  for (const NodeObservation& node : snapshot->nodes) {
    text += node.postgres.name + (node.postgres.up() ? " lacks" : " is down");
    if (!node.postgres.up()) continue;
    for (const std::string& part : lacking(*node.postgres.state)) text += " " + part;
    text += "; ";
  }
  return text;
}

TEST(ForbiddenFunction, CostsWhatItAloneTellsAndComesBack) {
  PostgresPair pair;
  ExporterConfig exporter = quick_exporter();
  exporter.slow_interval = exporter.poll_interval;
  RunningPoller poller(exporter, {cluster_config(pair)});
  const auto execute = [&](const std::string& sql) { pair.primary().sql().execute(sql); };
  const auto whole = [](const ClusterSnapshot& seen) { return lacks(seen, {}, {}); };
  ASSERT_TRUE(poller.wait_for(whole)) << told(poller.next());
  for (const Function& function : kFunctions) {
    SCOPED_TRACE(function.name);
    execute(std::string("revoke execute on function ") + function.name + " from public");
    const auto is_seen = [&](const ClusterSnapshot& seen) {
      return lacks(seen, function.primary, function.standby);
    };
    EXPECT_TRUE(poller.wait_for(is_seen)) << told(poller.next());
    for (int poll = 0; poll < 2; ++poll) {
      const auto next = poller.next();
      EXPECT_TRUE(next && is_seen(*next)) << told(next);
    }
    execute(std::string("grant execute on function ") + function.name + " to public");
    EXPECT_TRUE(poller.wait_for(whole)) << told(poller.next());
  }
  EXPECT_EQ(poller.stats()[0].connects, 1U);
  EXPECT_EQ(poller.stats()[1].connects, 1U);
}

/// Round trips in so many polls, of which one may be under way at either end.
int round_trips_in(RunningPoller& poller, const TcpGate& gate, std::size_t polls) {
  poller.next();
  const int before = gate.round_trips();
  const std::size_t begun = poller.polls();
  EXPECT_TRUE(
      wait_until([&] { return poller.polls() >= begun + polls; }, std::chrono::seconds(60)));
  return gate.round_trips() - before;
}

TEST(ForbiddenFunction, IsAskedForInTheOneRoundTripOfAPollLikeAllElse) {
  PostgresPair pair;
  TcpGate gate(pair.primary().port());
  RunningPoller poller(quick_exporter(),
                       {cluster_config({node_config(kPrimaryName, gate.port())})});
  constexpr int kPolls = 6;
  EXPECT_LE(round_trips_in(poller, gate, kPolls), kPolls + 1);
  pair.primary().sql().execute("revoke execute on function pg_control_system() from public");
  const auto forbidden = [](const ClusterSnapshot& seen) {
    const auto& state = seen.nodes[0].postgres.state;
    return state && state->missing.system_identifier.has_value();
  };
  ASSERT_TRUE(poller.wait_for(forbidden));
  EXPECT_LE(round_trips_in(poller, gate, kPolls), kPolls + 1);
  EXPECT_GE(gate.round_trips(), 2 * kPolls) << "or the gate counts nothing";
}

}  // namespace
}  // namespace pgrepl::test
