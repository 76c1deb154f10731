// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pgrepl {

/// Why the metrics page cannot be served at `path`: a sentence that begins with it.  Absent if it
/// can.  Pure.
std::optional<std::string> telemetry_path_fault(std::string_view path);

}  // namespace pgrepl
