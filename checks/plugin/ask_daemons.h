// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "checks/base/state.h"
#include "checks/plugin/options.h"

namespace pgrepl::plugin {

/// What the program prints and exits with.
struct Verdict {
  State state = State::unknown;
  std::string text;  ///< ends with a line break
};

/// A verdict of the plugin's own, in one line.  Pure.
Verdict own_verdict(State state, std::string_view sentence);

/// Asks the daemons in their order, each with its share of the time.  The first fresh report wins;
/// else the first old one, which is never OK; else the first that knows no such name; else CRITICAL
/// with what each of them did.
Verdict ask_daemons(const Options& options);

}  // namespace pgrepl::plugin
