// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pgrepl {

/// The beginning of a page for people, up to and with <body>.  `refresh_seconds`: the page loads
/// itself anew, so that one left open does not show what is long over.  Pure.
std::string page_begin(std::string_view title, std::optional<int> refresh_seconds);

/// The end of such a page.  Pure.
std::string page_end();

/// A link to a path of ours, shown as `text`.  Pure.
std::string page_link(std::string_view path, std::string_view text);

/// Where the runbook tells of a check: "/runbook#replay-lag".  Pure.
std::string runbook_path(std::string_view check);

/// The anchor of a check or cause: its id with '-' for '_'.  Pure.
std::string runbook_anchor(std::string_view id);

}  // namespace pgrepl
