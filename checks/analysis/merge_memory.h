// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/analysis/memory.h"

namespace pgrepl {

/// A memory that began empty at `first_poll`, joined with what a store that opened later remembers
/// of the time before.
///
/// Events are put in order, positions of one history become one clock, and what was there at the
/// first poll goes on from when the store says that it began.  Of nodes that have not answered
/// since, the stored memory stands; of the others the running one counts, it is newer, and so do
/// its holds.  What a node that was silent at the first poll showed later may have lasted longer
/// than is said, never shorter.  Pure.
ClusterMemory merge_memory(ClusterMemory running, const ClusterMemory& stored, Instant first_poll);

}  // namespace pgrepl
