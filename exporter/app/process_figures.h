// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/model/exporter_snapshot.h"

namespace pgrepl {

/// Fills in what the kernel knows of this process; a figure that cannot be read stays absent.
void read_process_figures(ExporterSnapshot& self);

}  // namespace pgrepl
