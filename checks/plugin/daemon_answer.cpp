// SPDX-License-Identifier: Apache-2.0
#include "checks/plugin/daemon_answer.h"

#include <optional>
#include <string_view>

#include "checks/base/text.h"

namespace pgrepl::plugin {
namespace {

constexpr std::string_view kOpening = "PGREPL ";
constexpr std::string_view kDash = " - ";

/// The state of a header: the number that monitoring cores give it.
std::optional<State> state_in_header(std::string_view text) {
  for (const State state : {State::ok, State::warning, State::critical, State::unknown}) {
    if (text == std::to_string(static_cast<int>(state))) return state;
  }
  return std::nullopt;
}

std::optional<bool> flag_in_header(std::string_view text) {
  if (text == "1") return true;
  if (text == "0") return false;
  return std::nullopt;
}

/// The state of "PGREPL CRITICAL - sentence".
std::optional<State> state_in_text(std::string_view text) {
  if (!text.starts_with(kOpening)) return std::nullopt;
  text.remove_prefix(kOpening.size());
  return parse_state(text.substr(0, text.find(kDash)));
}

bool is_printable(std::string_view text) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return false;
    const std::string_view line = text.substr(0, end);
    if (one_line(line, line.size()) != line) return false;
    text.remove_prefix(end + 1);
  }
  return true;
}

}  // namespace

Result<DaemonAnswer, std::string> read_answer(const HttpResponse& response) {
  constexpr int kFound = 200, kNotFound = 404;
  const auto state = state_in_header(response.header("x-pgrepl-state"));
  const auto fresh = flag_in_header(response.header("x-pgrepl-fresh"));
  if (!state || !fresh) {
    return Failed{"is not pgrepl_exporter (HTTP status " + std::to_string(response.status) + ")"};
  }
  if (response.status != kFound && response.status != kNotFound) {
    return Failed{"answers with HTTP status " + std::to_string(response.status)};
  }
  if (state_in_text(response.body) != state) {
    return Failed<std::string>{"sends a text that contradicts its state"};
  }
  if (!is_printable(response.body))
    return Failed<std::string>{"sends a text that is not printable"};
  if (!*fresh && *state == State::ok) return Failed<std::string>{"calls an old report OK"};
  return DaemonAnswer{.state = *state,
                      .text = response.body,
                      .fresh = *fresh,
                      .not_found = response.status == kNotFound};
}

}  // namespace pgrepl::plugin
