// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace pgrepl::plugin {

/// What `check_pgrepl --help` prints; fits one screen of 24 lines and 80 columns.
std::string_view help_text();

}  // namespace pgrepl::plugin
