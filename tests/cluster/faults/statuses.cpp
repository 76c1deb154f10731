// SPDX-License-Identifier: Apache-2.0
#include "tests/cluster/faults/statuses.h"

#include <algorithm>
#include <array>
#include <ranges>
#include <sstream>
#include <stdexcept>

namespace pgrepl::test {
namespace {

std::string label(const Series& series, const std::string& name) {
  const auto found = series.labels.find(name);
  return found == series.labels.end() ? "" : found->second;
}

constexpr std::array<std::string_view, 4> kStates{"OK", "WARNING", "CRITICAL", "UNKNOWN"};

std::string state_name(int value) {
  return std::string(kStates.at(static_cast<std::size_t>(value)));
}

/// Whether "UNKNOWN|CRITICAL" has the state.
bool has_state(std::string_view states, int value) {
  bool has = false;
  for (const auto state : std::views::split(states, '|')) {
    has = has || status_of({state.begin(), state.end()}) == value;
  }
  return has;
}

bool is_allowed(const Status& status, std::string_view change) {
  const auto sign = change.find('=');
  const bool blind_only = sign == std::string_view::npos;
  const std::string_view name = change.substr(0, sign);
  const bool fits = has_state(blind_only ? "UNKNOWN" : change.substr(sign + 1), status.value);
  return fits && (name == status.check || name == status.check + '@' + status.node);
}

bool same_result(const Series& cause, const Status& status) {
  return label(cause, "check") == status.check && label(cause, "node") == status.node &&
         label(cause, "object") == status.object;
}

bool fits(const Status& status, const Verdict& wanted) {
  return is_of(status, wanted) && status.value == wanted.status &&
         (wanted.cause.empty() || status.cause == wanted.cause);
}

std::string shown(const Verdict& wanted) {
  return shown(Status{wanted.check, wanted.node, wanted.object, wanted.status, wanted.cause});
}

}  // namespace

int status_of(std::string_view state) {
  const auto* found = std::ranges::find(kStates, state);
  if (found == kStates.end()) throw std::runtime_error("no state: " + std::string(state));
  return static_cast<int>(found - kStates.begin());
}

std::vector<Status> statuses(const MetricsPage& page) {
  const std::vector<Series> causes = page.series("pgrepl_check_cause");
  std::vector<Status> all;
  for (const Series& one : page.series("pgrepl_check_status")) {
    Status status{label(one, "check"), label(one, "node"), label(one, "object"),
                  static_cast<int>(one.value), "none"};
    for (const Series& cause : causes) {
      if (cause.value == 1 && same_result(cause, status)) status.cause = label(cause, "cause");
    }
    all.push_back(std::move(status));
  }
  return all;
}

std::string shown(const Status& status) {
  std::string text = status.check;
  if (!status.node.empty()) text += " of " + status.node;
  if (!status.object.empty()) text += " (" + status.object + ")";
  return text + " is " + state_name(status.value) + " (" + status.cause + ")";
}

bool is_of(const Status& status, const Verdict& verdict) {
  return status.check == verdict.check && status.node == verdict.node &&
         (verdict.object.empty() || status.object == verdict.object);
}

bool is_allowed(const Status& status, const Changes& changes) {
  return std::ranges::any_of(changes,
                             [&](const std::string& change) { return is_allowed(status, change); });
}

std::vector<std::string> missing_verdicts(const MetricsPage& page,
                                          const std::vector<Verdict>& wanted) {
  const std::vector<Status> now = statuses(page);
  std::vector<std::string> missing;
  for (const Verdict& verdict : wanted) {
    const auto says = [&](const Status& status) { return fits(status, verdict); };
    if (std::ranges::any_of(now, says)) continue;
    std::string text = shown(verdict) + ", but";
    for (const Status& status : now) {
      if (status.check == verdict.check) text += " [" + shown(status) + "]";
    }
    missing.push_back(std::move(text));
  }
  return missing;
}

bool is_on(const MetricsPage& page, const Shown& wanted) {
  const std::optional<double> value = page.value(wanted.metric, wanted.labels);
  return value && *value > wanted.above;
}

std::string text_of(const Shown& wanted) {
  std::ostringstream text;
  text << wanted.metric;
  for (const auto& [name, value] : wanted.labels) text << ' ' << name << '=' << value;
  text << " > " << wanted.above;
  return text.str();
}

}  // namespace pgrepl::test
