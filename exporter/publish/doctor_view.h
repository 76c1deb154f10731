// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "exporter/publish/doctor_tests.h"
#include "exporter/publish/terminal_view.h"

namespace pgrepl {

/// What a doctor found out of one cluster: a line per test, then all findings under the issues of
/// the guide's troubleshooting chapter, each with everything that there is to type.  Pure.
std::string doctor_view(const DoctorView& view, std::span<const DoctorTest> tests,
                        std::span<const Diagnosis> diagnoses, const TerminalStyle& style);

/// The heaviest state of tests and results together.  Pure.
State worst_state(const DoctorView& view, std::span<const DoctorTest> tests);

}  // namespace pgrepl
