// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "exporter/config/config.h"
#include "exporter/config/document.h"
#include "exporter/config/problems.h"

namespace pgrepl {

/// Reads the [exporter] table.  Relative paths begin at `directory`.
ExporterConfig read_exporter(const Value& table, const std::string& directory, Problems& problems);

}  // namespace pgrepl
