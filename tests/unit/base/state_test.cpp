// SPDX-License-Identifier: Apache-2.0
#include "checks/base/state.h"

#include <gtest/gtest.h>

namespace pgrepl {
namespace {

TEST(State, NamesAreReadBack) {
  for (const State state : {State::ok, State::warning, State::critical, State::unknown}) {
    EXPECT_EQ(parse_state(to_string(state)), state);
  }
  EXPECT_FALSE(parse_state("ok").has_value());
  EXPECT_FALSE(parse_state("").has_value());
}

TEST(State, WarningHidesNeitherBehindUnknownNorBeforeCritical) {
  EXPECT_EQ(worst(State::unknown, State::warning), State::warning);
  EXPECT_EQ(worst(State::warning, State::critical), State::critical);
  EXPECT_EQ(worst(State::critical, State::unknown), State::critical);
  EXPECT_EQ(worst(State::ok, State::unknown), State::unknown);
  EXPECT_EQ(worst(State::ok, State::ok), State::ok);
}

}  // namespace
}  // namespace pgrepl
