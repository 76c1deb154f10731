// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace pgrepl {

/// Verdict of one check, with the numbers that Nagios gives them.
enum class State { ok = 0, warning = 1, critical = 2, unknown = 3 };

/// The name as plugins print it: OK, WARNING, CRITICAL or UNKNOWN.  Pure.
constexpr std::string_view to_string(State state) {
  switch (state) {
    case State::ok:
      return "OK";
    case State::warning:
      return "WARNING";
    case State::critical:
      return "CRITICAL";
    case State::unknown:
      return "UNKNOWN";
  }
  return "UNKNOWN";
}

/// The inverse of to_string(); absent for any other text.  Pure.
constexpr std::optional<State> parse_state(std::string_view text) {
  for (const State state : {State::ok, State::warning, State::critical, State::unknown}) {
    if (text == to_string(state)) return state;
  }
  return std::nullopt;
}

/// How much a state weighs: CRITICAL > WARNING > UNKNOWN > OK.  The only such order in the project:
/// a fault that is seen must not hide behind something that could not be looked at.  Pure.
constexpr int weight(State state) {
  switch (state) {
    case State::ok:
      return 0;
    case State::unknown:
      return 1;
    case State::warning:
      return 2;
    case State::critical:
      return 3;
  }
  return 1;
}

/// The heavier of two states.  Pure.
constexpr State worst(State a, State b) { return weight(a) >= weight(b) ? a : b; }

}  // namespace pgrepl
