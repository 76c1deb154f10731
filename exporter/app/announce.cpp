// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/announce.h"

#include <string>

#include "exporter/app/log.h"

namespace pgrepl {
namespace {

std::string describe(const ClusterReport& report, const CheckResult& result) {
  std::string text = "cluster " + report.snapshot.cluster + ": " + std::string{result.check} + " ";
  if (!result.object.empty()) text += "(" + result.object + ") ";
  return text + "is " + std::string{to_string(result.state)} + ": " + result.summary;
}

}  // namespace

void announce(const ClusterReport& report, bool first) {
  for (const CheckResult& result : report.results) {
    const bool changed = result.since == report.snapshot.taken.steady;
    const bool bad = result.state != State::ok;
    if (!changed || (first && !bad)) continue;
    log::write(bad ? log::Level::warning : log::Level::info, describe(report, result));
  }
  if (!first) return;
  for (const AbsentCheck& absent : report.absent) {
    if (absent.kind != Absence::Kind::not_configured) continue;
    log::info("cluster " + report.snapshot.cluster + ": " + std::string{absent.check} +
              " is not configured: " + absent.reason);
  }
}

}  // namespace pgrepl
