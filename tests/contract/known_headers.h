// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace pgrepl::test {

/// Of the C++ standard library the part that computes: no files, no streams, no threads.
bool is_pure_header(std::string_view name);

/// Any header of the C++ standard library.
bool is_standard_header(std::string_view name);

/// POSIX, and getopt_long()'s header, which every Linux has.
bool is_posix_header(std::string_view name);

/// What Linux and glibc have beyond that, as far as we use it.
bool is_linux_header(std::string_view name);

}  // namespace pgrepl::test
