// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tests/cluster/faults/play.h"

namespace pgrepl::test {

/// Markdown: what was broken, what pgrepl said first, after how long.
std::string table_of(const std::vector<Outcome>& outcomes);

/// Markdown: what other tools said of the same faults at the same moment; empty if none was asked.
std::string peers_table_of(const std::vector<Outcome>& outcomes);

}  // namespace pgrepl::test
