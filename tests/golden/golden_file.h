// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace pgrepl::test {

/// Compares a text with the committed file tests/golden/NAME and fails the test with the first line
/// that differs.  With PGREPL_UPDATE_GOLDEN=1 in the environment the file is written instead, for
/// review.
void expect_golden(const std::string& name, const std::string& text);

}  // namespace pgrepl::test
