// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "tests/contract/source_tree.h"

namespace pgrepl::test {

/// Includes that point up or sideways: a folder includes only the folders below it.
Faults layer_faults(const std::vector<SourceFile>& files);

/// Headers that are neither of the standard library nor the system's (the plugin has only POSIX's),
/// unless they are a library's that is listed, in the one folder that owns it.
Faults third_party_faults(const std::vector<SourceFile>& files);

/// What breaks the purity of the core's libraries: any header that is not of the pure part of the
/// standard library, and any call that reads a clock or touches the world.
Faults purity_faults(const std::vector<SourceFile>& files);

}  // namespace pgrepl::test
