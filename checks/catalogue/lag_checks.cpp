// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "checks/catalogue/lag_causes.h"
#include "checks/catalogue/readings.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

std::string seconds_text(const StandbyLag& lag) {
  const LagBounds& time = lag.time;
  if (time.estimate) return time_text(*time.estimate);
  if (time.upper) return "at most " + time_text(*time.upper);
  return "at least " + time_text(time.lower.value_or(Seconds{0}));
}

/// What the standby does; why that is not known, if something else than pg_monitor hides it.
std::string state_text(const NodeSnapshot& standby, const StandbyLag& lag) {
  if (lag.state == LagState::unknown && standby.state->missing.replay)
    return "and " + not_shown("it", "state of replay", *standby.state->missing.replay);
  std::string state{to_string(lag.state)};
  std::ranges::replace(state, '_', ' ');
  return state + std::string{bottleneck_text(lag)};
}

std::string lag_sentence(const NodeSnapshot& standby, const StandbyLag& lag) {
  const std::string& node = standby.name;
  if (lag.state == LagState::caught_up) return node + " is caught up";
  const std::string distance =
      lag.time.caught_up ? "has all that is known" : "is " + seconds_text(lag) + " behind";
  return node + " " + distance + ", " + state_text(standby, lag);
}

Reading lag_reading(const CheckFacts& facts, std::size_t i, const StandbyLag& lag) {
  const NodeSnapshot& standby = facts.snapshot.nodes[i].postgres;
  if (!standby.up()) return unknown(standby.name, unreachable(standby));
  if (!lag.time.lower) {
    return unknown(standby.name,
                   why_not_measured(facts, i).value_or("nobody knows how far the primary is"));
  }
  // With all that a live receiver hears of: how long ago we saw the primary ourselves is no lag.
  const std::optional<Seconds>& upper = lag.time.caught_up ? lag.time.lower : lag.time.upper;
  return {.node = standby.name,
          .object = "",
          .cause = likely_cause(lag),
          .summary = lag_sentence(standby, lag),
          .values = {{.measure = "lag",
                      .value = judged(lag.time.estimate, lag),
                      .lower = judged(lag.time.lower, lag),
                      .upper = judged(upper, lag),
                      .minimum = 0}}};
}

Reading bytes_reading(const CheckFacts& facts, std::size_t i, const StandbyLag& lag) {
  const NodeSnapshot& standby = facts.snapshot.nodes[i].postgres;
  if (!standby.up()) return unknown(standby.name, unreachable(standby));
  if (!lag.not_replayed) {
    return unknown(standby.name,
                   why_not_measured(facts, i).value_or("the replay position is not known"));
  }
  const auto bytes = static_cast<double>(*lag.not_replayed);
  return {.node = standby.name,
          .object = "",
          .cause = likely_cause(lag),
          .summary = standby.name + " has " + bytes_text(bytes) + " of WAL to replay" +
                     std::string{bottleneck_text(lag)},
          .values = {{.measure = "bytes", .value = bytes, .minimum = 0}}};
}

Readings read_replay_lag(const CheckFacts& facts) {
  Readings readings;
  each_standby(facts, [&](std::size_t i, const NodeSnapshot&) {
    const NodeAnalysis& seen = facts.analysis.nodes[i];
    readings.found.push_back(blame_limits(seen, lag_reading(facts, i, *seen.lag)));
  });
  for_primaries(facts, readings);
  return readings;
}

Readings read_replay_lag_bytes(const CheckFacts& facts) {
  Readings readings;
  each_standby(facts, [&](std::size_t i, const NodeSnapshot&) {
    const NodeAnalysis& seen = facts.analysis.nodes[i];
    readings.found.push_back(blame_limits(seen, bytes_reading(facts, i, *seen.lag)));
  });
  for_primaries(facts, readings);
  return readings;
}

constexpr double kMegabyte = 1024.0 * 1024;

constexpr MeasureRow kSeconds[] = {
    {.id = "lag",
     .unit = Unit::seconds,
     .warning = 10,
     .critical = 25,
     .source = "guide: standby promoted at T+10 s, service restored at T+25 s"}};
constexpr MeasureRow kBytes[] = {{.id = "bytes",
                                  .unit = Unit::bytes,
                                  .warning = 512 * kMegabyte,
                                  .critical = 1024 * kMegabyte,
                                  .source = "guide: wal_keep_size 1GB"}};

}  // namespace

constexpr CheckRow kReplayLag{.id = "replay_lag",
                              .title = "How long the standby has been missing something",
                              .question = "How much would a failover cost?",
                              .topic = Topic::lag,
                              .hold = {.seconds = 10, .polls = 1},
                              .measures = kSeconds,
                              .causes = kLagCauses,
                              .source = "guide: failover sequence",
                              .read = read_replay_lag};

constexpr CheckRow kReplayLagBytes{.id = "replay_lag_bytes",
                                   .title = "WAL that the standby has not replayed",
                                   .question = "How much would a failover cost?",
                                   .topic = Topic::lag,
                                   .hold = {.seconds = 10, .polls = 1},
                                   .measures = kBytes,
                                   .causes = kLagCauses,
                                   .source = "guide: wal_keep_size",
                                   .read = read_replay_lag_bytes};

static_assert(row_rules::is_sound(kReplayLag));
static_assert(row_rules::is_sound(kReplayLagBytes));

}  // namespace pgrepl::catalogue
