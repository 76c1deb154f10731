// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/cluster/faults/scenario.h"

namespace pgrepl::test {

/// One series of pgrepl_check_status with its cause.
struct Status {
  std::string check, node, object;
  int value = 0;
  std::string cause;  ///< "none" if it has none
};

/// "CRITICAL" is 2.  Throws for what is no state.
int status_of(std::string_view state);

std::vector<Status> statuses(const MetricsPage& page);
/// "replication of wallix-a2 is CRITICAL (receiver_down)"
std::string shown(const Status& status);
/// Whether the verdict speaks of this check of this node, and of this object where it names one.
bool is_of(const Status& status, const Verdict& verdict);
/// Whether one of these lets it be what it is.  Throws for one that is not written as it should be.
bool is_allowed(const Status& status, const Changes& changes);
/// Those of the wanted that the page does not give, each with what it gives instead.
std::vector<std::string> missing_verdicts(const MetricsPage& page,
                                          const std::vector<Verdict>& wanted);

bool is_on(const MetricsPage& page, const Shown& wanted);
std::string text_of(const Shown& wanted);

}  // namespace pgrepl::test
