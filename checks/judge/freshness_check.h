// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace pgrepl {

/// The id of the check that tells that the exporter is blind; its verdict is made from the reader's
/// clock.
inline constexpr std::string_view kFreshnessCheck = "data_freshness";

}  // namespace pgrepl
