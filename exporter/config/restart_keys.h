// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "exporter/config/config.h"

namespace pgrepl {

/// The keys of [exporter] that differ and that a running exporter cannot take over: what they name
/// is opened once, at its start.  Empty: all that has changed can be taken over.  Pure.
std::vector<std::string> keys_that_need_a_restart(const ExporterConfig& running,
                                                  const ExporterConfig& wanted);

}  // namespace pgrepl
