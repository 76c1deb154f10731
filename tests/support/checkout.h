// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace pgrepl::test {

/// The project's root, as it was when this program was built.
std::filesystem::path checkout();

}  // namespace pgrepl::test
