// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "exporter/config/config.h"

namespace pgrepl {

/// The configuration in force, for `check-config`: settings with defaults filled in, clusters,
/// nodes, every threshold with where it comes from, and what is not looked at because its source is
/// not configured. Shows no password.  Pure.
std::string describe(const Config& config);

}  // namespace pgrepl
