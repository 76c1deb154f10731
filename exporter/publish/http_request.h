// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pgrepl {

/// The pairs of a query string ("a=1&b=x%20y"), decoded and in order; a key without '=' has an
/// empty value.  Absent when an escape is broken, or when a pair decodes to a control character.
/// Pure.
std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view text);

/// Whether an Accept-Encoding header allows gzip: named, and not with q=0.  Pure.
bool allows_gzip(std::string_view accept_encoding);

}  // namespace pgrepl
