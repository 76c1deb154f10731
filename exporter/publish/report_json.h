// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "checks/judge/judge.h"

namespace pgrepl {

/// How a JSON text is laid out.
enum class JsonLayout { one_line, indented };

/// Reports as JSON: what was seen, what is concluded, and every verdict with its numbers, cause and
/// fix.  Members are called like columns, metrics and checks; a unit other than a plain number
/// stands in the name (_bytes, _seconds).  What is not known, or does not apply, is null and never
/// 0.  Ends in a line break.  Pure.
std::string reports_json(std::span<const ClusterReport> reports, std::span<const std::string> notes,
                         JsonLayout layout);

}  // namespace pgrepl
