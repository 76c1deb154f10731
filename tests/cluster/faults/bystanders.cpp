// SPDX-License-Identifier: Apache-2.0
#include "tests/cluster/faults/bystanders.h"

#include <algorithm>

namespace pgrepl::test {
namespace {

/// Longer than a standby waits before it tries again (wal_retrieve_retry_interval, 5 s), and two
/// polls.
constexpr std::chrono::seconds kLasts{8};

constexpr int kCritical = 2;

/// On its way to CRITICAL a check may be anything; what must be less must never be that.
bool fits(const Status& status, const Verdict& verdict) {
  return is_of(status, verdict) && (verdict.status == kCritical || verdict.status == status.value);
}

}  // namespace

bool Bystanders::may_change(const Status& status) const {
  const auto leads_to = [&](const Verdict& verdict) { return fits(status, verdict); };
  return std::ranges::any_of(must_, leads_to) || is_allowed(status, may_);
}

std::vector<Status> Bystanders::new_ones(const std::vector<Status>& said) {
  std::vector<Status> found;
  for (const Status& status : said) {
    if (status.value == 0 || may_change(status)) continue;
    if (told_.insert(shown(status)).second) found.push_back(status);
  }
  return found;
}

std::vector<Status> Bystanders::lasting_ones(const std::vector<Status>& young,
                                             std::chrono::steady_clock::time_point now) {
  std::map<std::string, std::chrono::steady_clock::time_point> begun;
  std::vector<Status> found;
  for (const Status& status : young) {
    if (may_change(status)) continue;
    const std::string text = shown(status);
    const auto before = begun_.find(text);
    begun[text] = before == begun_.end() ? now : before->second;
    if (now - begun[text] >= kLasts && told_.insert(text).second) found.push_back(status);
  }
  begun_ = std::move(begun);
  return found;
}

}  // namespace pgrepl::test
