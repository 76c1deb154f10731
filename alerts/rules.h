// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "checks/catalogue/check_row.h"

namespace pgrepl {

/// Alerting rules for Prometheus, one for each check and severity.  Thresholds and hold times are
/// in pgrepl_check_status already; announced maintenance mutes all but causes that destroy data,
/// and an exporter that is blind.  The annotations tell what the present cause means and what to
/// type. pgrepl.rules.yml is this text, and a test fails when it is stale.  Pure.
std::string alert_rules(std::span<const CheckRow> checks);

}  // namespace pgrepl
