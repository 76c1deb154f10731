// SPDX-License-Identifier: Apache-2.0
#include "checks/judge/probable_cause.h"

#include <algorithm>

namespace pgrepl {

std::string_view probable_cause(std::span<const CheckRow> checks, const CheckResult& result) {
  if (result.state == State::ok) return {};
  const auto check = std::ranges::find(checks, result.check, &CheckRow::id);
  if (check == checks.end()) return {};
  const auto cause = std::ranges::find(check->causes, result.cause, &CauseRow::id);
  return cause == check->causes.end() ? std::string_view{} : cause->says;
}

}  // namespace pgrepl
