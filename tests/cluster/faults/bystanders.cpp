// SPDX-License-Identifier: Apache-2.0
#include "tests/cluster/faults/bystanders.h"

#include <algorithm>

#include "tests/cluster/faults/statuses.h"

namespace pgrepl::test {
namespace {

constexpr int kCritical = 2;

bool may_change(const Scenario& scenario, const Status& status) {
  const auto of_it = [&](const Verdict& verdict) { return is_of(status, verdict); };
  if (std::ranges::any_of(scenario.must, of_it)) return true;
  return is_named(status, scenario.may) && !(scenario.quiet && status.value == kCritical);
}

}  // namespace

std::vector<std::string> Bystanders::new_ones(const MetricsPage& page) {
  std::vector<std::string> texts;
  for (const Status& status : statuses(page)) {
    if (status.value == 0 || may_change(scenario_, status)) continue;
    const std::string text = shown(status);
    if (told_.insert(text).second) texts.push_back(text);
  }
  return texts;
}

}  // namespace pgrepl::test
