// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/analysis/scenario.h"

#include <algorithm>

namespace pgrepl::test {

Scenario random_scenario(Dice& dice) {
  Scenario scenario;
  const bool is_long = dice.one_in(1500);
  scenario.events = static_cast<int>(is_long ? 2000 : 20 + dice.up_to(40));
  const bool capped = !is_long && dice.one_in(4);
  if (capped) scenario.cap = 9 + static_cast<std::size_t>(dice.up_to(4));
  const int steps = static_cast<int>(is_long ? 2000 : capped ? 60 : 1 + dice.up_to(40));
  const Moment end = 2000000 + dice.magnitude(36);
  scenario.before = scenario.after = WalHistory::random(dice, end, steps);
  if (!dice.one_in(3)) return scenario;
  scenario.promotion = 1500000 + dice.up_to(end - 1500000);
  const std::int64_t reached = scenario.before.position(*scenario.promotion - 1);
  scenario.branch = dice.one_in(3)
                        ? reached
                        : std::max(scenario.before.position(0), reached - dice.magnitude(28));
  scenario.after = scenario.before.branched(dice, *scenario.promotion, scenario.branch, end, steps);
  return scenario;
}

}  // namespace pgrepl::test
