// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "exporter/config/config.h"
#include "exporter/config/document.h"
#include "exporter/config/problems.h"

namespace pgrepl {

/// Reads the host table of a [[cluster.node]].
HostConfig read_host(const Value& table, Problems& problems);

}  // namespace pgrepl
