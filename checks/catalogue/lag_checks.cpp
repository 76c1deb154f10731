// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "checks/catalogue/readings.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

/// What makes the lag, by its state and by the stage where most of it lies: the guide asks for
/// network, the standby's disk, or replay.
std::string_view likely_cause(const StandbyLag& lag) {
  switch (lag.state) {
    case LagState::receiver_down:
      return "receiver_down";
    case LagState::archive_only:
      return "archive_only";
    case LagState::paused:
      return "replay_paused";
    case LagState::blocked_by_query:
      return "blocked_by_query";
    default:
      break;
  }
  const auto part = [](const std::optional<std::int64_t>& bytes) { return bytes.value_or(0); };
  const std::int64_t network = part(lag.not_sent) + part(lag.not_written);
  const std::int64_t disk = part(lag.not_flushed);
  const std::int64_t replay = part(lag.not_replayed) - network - disk;
  if (network >= disk && network >= replay && network > 0) return "network";
  return disk > replay ? "standby_disk" : "slow_replay";
}

std::string seconds_text(const StandbyLag& lag) {
  const LagBounds& time = lag.time;
  if (time.estimate) return time_text(*time.estimate);
  if (time.upper) return "at most " + time_text(*time.upper);
  return "at least " + time_text(time.lower.value_or(Seconds{0}));
}

/// A bound as it is judged: what the standby is told to wait is no fault of it.
std::optional<double> judged(const std::optional<Seconds>& time, const StandbyLag& lag) {
  if (!time) return std::nullopt;
  return std::max(0.0, (*time - lag.apply_delay.value_or(Seconds{0})).count());
}

std::string lag_sentence(const std::string& node, const StandbyLag& lag) {
  if (lag.state == LagState::caught_up) return node + " is caught up";
  const std::string distance =
      lag.time.caught_up ? "has all that is known" : "is " + seconds_text(lag) + " behind";
  std::string state{to_string(lag.state)};
  std::ranges::replace(state, '_', ' ');
  return node + " " + distance + ", " + state;
}

Reading lag_reading(const NodeSnapshot& standby, const StandbyLag& lag) {
  if (!standby.up()) return unknown(standby.name, unreachable(standby));
  if (!lag.time.lower) return unknown(standby.name, "nobody knows how far the primary is");
  // Caught up by what its receiver hears: how long ago we saw the primary ourselves is no lag.
  const bool level = lag.state == LagState::caught_up;
  const std::optional<Seconds>& upper = level ? lag.time.estimate : lag.time.upper;
  return {.node = standby.name,
          .object = "",
          .cause = likely_cause(lag),
          .summary = lag_sentence(standby.name, lag),
          .values = {{.measure = "lag",
                      .value = judged(lag.time.estimate, lag),
                      .lower = judged(lag.time.lower, lag),
                      .upper = judged(upper, lag),
                      .minimum = 0}}};
}

Reading bytes_reading(const CheckFacts& facts, const NodeSnapshot& standby, const StandbyLag& lag) {
  if (!standby.up()) return unknown(standby.name, unreachable(standby));
  if (!lag.not_replayed) {
    return unknown(standby.name,
                   no_single_primary(facts).value_or("the replay position is not known"));
  }
  const auto bytes = static_cast<double>(*lag.not_replayed);
  return {.node = standby.name,
          .object = "",
          .cause = likely_cause(lag),
          .summary = standby.name + " has " + bytes_text(bytes) + " of WAL to replay",
          .values = {{.measure = "bytes", .value = bytes, .minimum = 0}}};
}

Readings read_replay_lag(const CheckFacts& facts) {
  Readings readings;
  each_standby(facts, [&](std::size_t i, const NodeSnapshot& standby) {
    readings.found.push_back(lag_reading(standby, *facts.analysis.nodes[i].lag));
  });
  for_primaries(facts, readings);
  return readings;
}

Readings read_replay_lag_bytes(const CheckFacts& facts) {
  Readings readings;
  each_standby(facts, [&](std::size_t i, const NodeSnapshot& standby) {
    readings.found.push_back(bytes_reading(facts, standby, *facts.analysis.nodes[i].lag));
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

constexpr CauseRow kCauses[] = {
    {.id = "receiver_down",
     .says = "Nothing arrives at the standby.",
     .fix = "see check replication of {node}\n"
            "tail -n 50 /var/log/postgresql/*.log   # on {node}"},
    {.id = "archive_only",
     .says = "The standby streams from nobody: it gets each WAL file once the primary archives it.",
     .fix = "see check replication of {node}\n"
            "psql -c 'SHOW archive_timeout'   # on {primary}: the standby is at least so late"},
    {.id = "replay_paused",
     .says = "Somebody paused replay on the standby.",
     .fix = "psql -c 'SELECT pg_wal_replay_resume()'   # on {node}, once it is clear why it was "
            "paused"},
    {.id = "blocked_by_query",
     .says = "Replay waits for a query on the standby.",
     .fix = "psql -c 'SELECT pid, now() - xact_start, query FROM pg_stat_activity ORDER BY "
            "xact_start LIMIT 5'   # on {node}\n"
            "psql -c 'SHOW max_standby_streaming_delay'   # on {node}"},
    {.id = "network",
     .says = "WAL waits to be sent or is on the way: the network is the bottleneck.",
     .fix = "ping -c 20 {address}   # from {primary}\n"
            "compare pgrepl_wal_generation_rate_bytes_per_second with the bandwidth of the link"},
    {.id = "standby_disk",
     .says = "WAL has arrived and waits to be flushed: the standby's disk is the bottleneck.",
     .fix = "iostat -x 1 5   # on {node}: the device that holds pg_wal"},
    {.id = "slow_replay",
     .says = "WAL is on the standby's disk and waits to be replayed.",
     .fix = "iostat -x 1 5   # on {node}: the device that holds the data\n"
            "top   # on {node}: replay is one process, at 100 % it is the limit"},
};

}  // namespace

constexpr CheckRow kReplayLag{.id = "replay_lag",
                              .title = "How long the standby has been missing something",
                              .question = "How much would a failover cost?",
                              .topic = Topic::lag,
                              .hold = {.seconds = 10, .polls = 1},
                              .measures = kSeconds,
                              .causes = kCauses,
                              .source = "guide: failover sequence",
                              .read = read_replay_lag};

constexpr CheckRow kReplayLagBytes{.id = "replay_lag_bytes",
                                   .title = "WAL that the standby has not replayed",
                                   .question = "How much would a failover cost?",
                                   .topic = Topic::lag,
                                   .hold = {.seconds = 10, .polls = 1},
                                   .measures = kBytes,
                                   .causes = kCauses,
                                   .source = "guide: wal_keep_size",
                                   .read = read_replay_lag_bytes};

static_assert(row_rules::is_sound(kReplayLag));
static_assert(row_rules::is_sound(kReplayLagBytes));

}  // namespace pgrepl::catalogue
