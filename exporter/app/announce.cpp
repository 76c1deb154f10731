// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/announce.h"

#include <string>

#include "checks/base/text.h"
#include "checks/base/units.h"
#include "exporter/app/log.h"
#include "exporter/publish/cluster_section.h"

namespace pgrepl {
namespace {

constexpr std::size_t kLongestReason = 200;

std::string describe(const ClusterReport& report, const CheckResult& result) {
  return "cluster " + report.snapshot.cluster + ": " + name_of(result) + " is " +
         std::string{to_string(result.state)} + ": " + result.summary;
}

}  // namespace

void announce(const ClusterReport& report, bool first) {
  for (const CheckResult& result : report.results) {
    const bool changed = result.since == report.snapshot.taken.steady;
    const bool bad = result.state != State::ok;
    // A finding that has just come up and does not count yet is no verdict.
    const bool is_held = !bad && result.raw_state != State::ok;
    if (!changed || is_held || (first && !bad)) continue;
    log::write(bad ? log::Level::warning : log::Level::info, describe(report, result));
  }
  if (!first) return;
  for (const AbsentCheck& absent : report.absent) {
    if (absent.kind != Absence::Kind::not_configured) continue;
    log::info("cluster " + report.snapshot.cluster + ": " + std::string{absent.check} +
              " is not configured: " + absent.reason);
  }
}

void announce_maintenance(const std::string& cluster, const std::optional<Maintenance>& present) {
  if (!present) {
    log::info("cluster " + cluster + ": maintenance is over");
    return;
  }
  const std::string until = humanize(since_1970(present->until), Unit::timestamp);
  const std::string reason = one_line(present->reason, kLongestReason);
  log::info("cluster " + cluster + ": maintenance until " + until +
            (reason.empty() ? "" : ": " + reason));
}

}  // namespace pgrepl
