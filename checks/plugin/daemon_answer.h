// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "checks/base/result.h"
#include "checks/base/state.h"
#include "checks/plugin/http_response.h"

namespace pgrepl::plugin {

/// What a daemon says, as a plugin prints it.
struct DaemonAnswer {
  State state = State::unknown;
  std::string text;        ///< ends with a line break
  bool fresh = false;      ///< false: its reports are too old to be believed
  bool not_found = false;  ///< it does not know the check, cluster or node
};

/// Reads a daemon's verdict, if it is one: header and first line must name the same state, an old
/// report must not be OK, and the text must be printable.  The error is a short text that tells
/// what is wrong. Pure.
Result<DaemonAnswer, std::string> read_answer(const HttpResponse& response);

}  // namespace pgrepl::plugin
