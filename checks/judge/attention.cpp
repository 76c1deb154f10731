// SPDX-License-Identifier: Apache-2.0
#include "checks/judge/attention.h"

#include <algorithm>

#include "checks/catalogue/catalogue.h"

namespace pgrepl {
namespace {

constexpr Seconds kFresh{300};
/// A commit that is seen to wait so long was seen by two polls: the beginning of a stall.
constexpr Seconds kLongCommit{2};

bool is_urgent(Topic topic) {
  return topic == Topic::availability || topic == Topic::role || topic == Topic::replication ||
         topic == Topic::lag;
}

bool commits_begin_to_hang(const ClusterReport& report) {
  return std::ranges::any_of(report.analysis.nodes, [](const NodeAnalysis& node) {
    const auto& wait = node.longest_sync_rep_wait;
    return wait && *wait > kLongCommit && *wait < kFresh;
  });
}

}  // namespace

bool deserves_attention(const ClusterReport& report) {
  if (commits_begin_to_hang(report)) return true;
  const SteadyTime now = report.snapshot.taken.steady;
  return std::ranges::any_of(report.results, [&](const CheckResult& result) {
    const CheckRow* row = find_check(result.check);
    if (row == nullptr || !is_urgent(row->topic)) return false;
    const bool pending = result.raw_state != result.state;
    const bool fresh = result.state != State::ok && elapsed(result.since, now) < kFresh;
    return pending || fresh;
  });
}

}  // namespace pgrepl
