// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "exporter/config/listen_address.h"

namespace pgrepl {

/// Tries to listen on the address and gives the reason why that fails, as a sentence with what to
/// do about it; absent if it works.  civetweb says only that some port could not be set up.
std::optional<std::string> why_not_listening(const ListenAddress& address);

}  // namespace pgrepl
