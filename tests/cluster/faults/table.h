// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tests/cluster/faults/play.h"

namespace pgrepl::test {

/// A page of Markdown: what was broken, what pgrepl said first, after how long.
std::string table_of(const std::vector<Outcome>& outcomes);

/// A page of Markdown: what the peers said of the same faults.
std::string peers_table_of(const std::vector<Outcome>& outcomes);

/// Prints it, and writes it to that file under $PGREPL_FAULTS_RESULTS if there is one.
void keep_result(const std::string& name, const std::string& text);

}  // namespace pgrepl::test
