// SPDX-License-Identifier: Apache-2.0
#include "checks/nagios/freshness.h"

#include <algorithm>

#include "checks/base/units.h"
#include "checks/judge/remedy.h"

namespace pgrepl {
namespace {

double age_of(const ClusterReport& report, SteadyTime now) {
  return std::max(0.0, elapsed(report.snapshot.taken.steady, now).count());
}

MeasureResult age_measure(const ClusterReport& report, const CheckRow* row, SteadyTime now) {
  const bool declared = row != nullptr && !row->measures.empty();
  return {.id = declared ? row->measures.front().id : "age",
          .unit = Unit::seconds,
          .value = age_of(report, now),
          .critical = above(report.policy.freshness_limit().count()),
          .minimum = 0};
}

void add_remedy(const ClusterReport& report, const CheckRow* row, CheckResult& result) {
  if (row == nullptr || row->causes.empty()) return;
  const CauseRow& cause = row->causes.front();
  result.cause = cause.id;
  result.fix = fill_in(cause.fix, {{"cluster", report.snapshot.cluster}});
}

}  // namespace

bool is_fresh(const ClusterReport& report, SteadyTime now) { return now <= report.valid_until(); }

std::string freshness_sentence(const ClusterReport& report, SteadyTime now) {
  return "report is " + humanize(age_of(report, now), Unit::seconds) + " old, limit " +
         humanize(report.policy.freshness_limit().count(), Unit::seconds);
}

CheckResult judge_freshness(const ClusterReport& report, const CheckRow* row, SteadyTime now) {
  const bool fresh = is_fresh(report, now);
  const State state = fresh ? State::ok : State::critical;
  CheckResult result{.check = kFreshnessCheck,
                     .state = state,
                     .raw_state = state,
                     .summary = freshness_sentence(report, now),
                     .measures = {age_measure(report, row, now)},
                     .since = fresh ? report.snapshot.taken.steady : report.valid_until()};
  if (!fresh) add_remedy(report, row, result);
  return result;
}

}  // namespace pgrepl
