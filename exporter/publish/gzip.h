// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace pgrepl {

/// The text in gzip's format, by zlib's fastest level: on metric pages the slower ones cost three
/// times as much for a tenth fewer bytes.  Throws std::bad_alloc.
std::string gzip(std::string_view text);

}  // namespace pgrepl
