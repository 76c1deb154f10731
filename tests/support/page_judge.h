// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pgrepl::test {

/// What is wrong with a page in Prometheus's text format 0.0.4, one sentence per fault with its
/// line number; empty: nothing.  Stricter than Prometheus, which takes families torn apart and,
/// from some clients, duplicates: here a family stands once and in one piece behind one HELP and
/// one TYPE, its series have the same label names and no two have the same labels, counters and
/// nothing else end in _total, values are numbers (what is unknown must be absent), and the text is
/// UTF-8 to its last line break.
std::vector<std::string> judge_page(std::string_view page);

}  // namespace pgrepl::test
