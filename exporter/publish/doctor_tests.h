// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checks/base/state.h"
#include "checks/catalogue/check_row.h"
#include "checks/judge/judge.h"
#include "checks/model/node_probe.h"

namespace pgrepl {

/// One step of the guide's troubleshooting list, and what came of it.
struct DoctorTest {
  std::optional<State> state;  ///< absent: not tried
  std::string node;
  std::string what;         ///< one line without the node's name
  std::string_view cause;   ///< of connection_causes(); empty: none
  bool as_standby = false;  ///< as the replication role, and not as the monitoring role
};

/// The cause of a refusal by pg_hba.conf that holds for the address of this machine, and need not
/// for a standby's.
inline constexpr std::string_view kOnlyFromHere = "hba_from_here";

/// What one cluster looks like to a doctor.
struct DoctorView {
  const ClusterReport& report;
  std::span<const NodeProbe> probes;  ///< parallel to the report's nodes
};

/// Every step on every node: the name, the port, the login of the monitoring role and its right to
/// see all, and the login of the replication role.  A refused replication role is a failure where a
/// standby is missing on that primary, and else a warning; and no more than that with
/// kOnlyFromHere. Pure.
std::vector<DoctorTest> doctor_tests(const DoctorView& view);

/// Why replication does not start: the cause and the node it is on.
struct Diagnosis {
  std::size_t node = 0;             ///< index of the node that the remedy speaks of
  const CauseRow* cause = nullptr;  ///< of connection_causes()
  std::vector<std::string> fix;     ///< names filled in
};

/// The causes that explain why standbys are missing, network first; empty while none is missing and
/// every node answers.  Pure.
std::vector<Diagnosis> diagnose(const DoctorView& view, std::span<const DoctorTest> tests);

}  // namespace pgrepl
