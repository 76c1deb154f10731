// SPDX-License-Identifier: Apache-2.0
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

/// How old a report is can only be told when it is read, so that the outputs judge it by their own
/// clock.
Readings read_data_freshness(const CheckFacts&) { return {}; }

constexpr MeasureRow kMeasures[] = {
    {.id = "age",
     .unit = Unit::seconds,
     .source = "the larger of 3 poll intervals, and one interval and 2 time-outs"}};

constexpr CauseRow kCauses[] = {
    {.id = "stale",
     .state = State::critical,
     .says = "The exporter serves pages, but has not finished a poll for too long.",
     .fix = "systemctl status pgrepl_exporter\n"
            "journalctl -u pgrepl_exporter -n 50\n"
            "systemctl restart pgrepl_exporter"}};

}  // namespace

constexpr CheckRow kDataFreshness{.id = "data_freshness",
                                  .title = "The report is fresh",
                                  .question = "Can I believe this page?",
                                  .topic = Topic::exporter,
                                  .measures = kMeasures,
                                  .causes = kCauses,
                                  .source = "ours",
                                  .read = read_data_freshness};

static_assert(row_rules::is_sound(kDataFreshness));

}  // namespace pgrepl::catalogue
