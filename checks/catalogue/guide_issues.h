// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "checks/catalogue/check_row.h"

namespace pgrepl {

/// An issue of the replication guide's troubleshooting chapter, under the guide's own heading.
struct GuideIssue {
  std::string_view heading;
  std::string_view symptoms;                 ///< the guide's
  std::string_view source;                   ///< how a row's source names it
  std::span<const std::string_view> checks;  ///< further checks that see it
};

/// All of them, in the guide's order.  Thread-safe.
std::span<const GuideIssue> guide_issues();

/// Whether a check sees an issue: its source, or that of one of its measures, names it, or it is
/// listed there.  Pure.
bool sees(const CheckRow& check, const GuideIssue& issue);

/// The issue that a check sees, the first of several; null: none.  Thread-safe.
const GuideIssue* issue_seen_by(const CheckRow& check);

}  // namespace pgrepl
