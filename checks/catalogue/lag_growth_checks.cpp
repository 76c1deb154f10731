// SPDX-License-Identifier: Apache-2.0
#include "checks/catalogue/lag_causes.h"
#include "checks/catalogue/readings.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

std::string growth_sentence(const std::string& node, const StandbyLag& lag,
                            const LagForecast& forecast) {
  const std::string has =
      node + " has " + bytes_text(static_cast<double>(*lag.not_replayed)) + " of WAL to replay";
  const std::string bottleneck{bottleneck_text(lag)};
  if (forecast.growing_for > Seconds{0}) {
    const std::string rate = forecast.growth && *forecast.growth > 0
                                 ? ", at present by " + bytes_text(*forecast.growth) + " per second"
                                 : "";
    return has + ", growing for " + time_text(forecast.growing_for) + rate + bottleneck;
  }
  if (forecast.trend == LagTrend::shrinking) {
    return has + " and catches up in about " + time_text(*forecast.catch_up);
  }
  if (forecast.trend == LagTrend::level) return node + " keeps up";
  return has + ", not growing" + bottleneck;
}

Reading growth_reading(const CheckFacts& facts, std::size_t i) {
  const NodeSnapshot& standby = facts.snapshot.nodes[i].postgres;
  const NodeAnalysis& seen = facts.analysis.nodes[i];
  if (!standby.up()) return unknown(standby.name, unreachable(standby));
  const StandbyLag& lag = *seen.lag;
  if (!lag.not_replayed) {
    return unknown(standby.name,
                   why_not_measured(facts, i).value_or("the replay position is not known"));
  }
  const LagForecast& forecast = *seen.lag_forecast;
  // For growth to matter the lag must be bad for certain.
  const auto behind = judged(lag.time.estimate ? lag.time.estimate : lag.time.lower, lag);
  return {.node = standby.name,
          .object = "",
          .cause = likely_cause(lag),
          .summary = growth_sentence(standby.name, lag, forecast),
          .values = {
              {.measure = "growing", .value = forecast.growing_for.count(), .minimum = 0},
              {.measure = "lag", .value = behind, .minimum = 0},
              {.measure = "bytes", .value = static_cast<double>(*lag.not_replayed), .minimum = 0}}};
}

Readings read_lag_growth(const CheckFacts& facts) {
  Readings readings;
  each_standby(facts, [&](std::size_t i, const NodeSnapshot&) {
    readings.found.push_back(blame_limits(facts.analysis.nodes[i], growth_reading(facts, i)));
  });
  for_primaries(facts, readings);
  return readings;
}

constexpr MeasureRow kGrowth[] = {
    {.id = "growing",
     .unit = Unit::seconds,
     .warning = 120,
     .critical = 600,
     .source = "guide: replication lag increasing; the times are ours, they count only beyond the "
               "warnings of replay_lag and, for critical, of replay_lag_bytes",
     .warning_needs = {"replay_lag", "lag"},
     .critical_needs = {"replay_lag_bytes", "bytes"}},
    {.id = "lag", .unit = Unit::seconds, .source = "replay_lag judges it"},
    {.id = "bytes", .unit = Unit::bytes, .source = "replay_lag_bytes judges it"}};

}  // namespace

constexpr CheckRow kLagGrowth{.id = "lag_growth",
                              .title = "How long the lag has been growing",
                              .question = "Will the standby ever catch up?",
                              .topic = Topic::lag,
                              .hold = {.seconds = 0, .polls = 1},
                              .measures = kGrowth,
                              .causes = kLagCauses,
                              .source = "guide: lag increasing",
                              .read = read_lag_growth};

static_assert(row_rules::is_sound(kLagGrowth));

}  // namespace pgrepl::catalogue
