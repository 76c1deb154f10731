// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace pgrepl {

/// Whether an interface of this machine has the numeric address now; every loopback address counts.
/// Thread-safe.
bool is_own_address(std::string_view address);

}  // namespace pgrepl
