// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/note_maintenance.h"

#include <algorithm>
#include <string>
#include <utility>

#include "checks/analysis/journal.h"
#include "checks/base/units.h"

namespace pgrepl {
namespace {

void tell_begin(ClusterMemory& memory, const Maintenance& present, WallTime now) {
  std::string evidence = "until " + humanize(since_1970(present.until), Unit::timestamp);
  if (!present.reason.empty()) evidence += ": " + present.reason;
  write_down(memory,
             {.at = now, .kind = event::kMaintenanceBegan, .evidence = std::move(evidence)});
}

/// One that ran out while nobody polled ended when it was to end.
void tell_end(ClusterMemory& memory, const NotedMaintenance& known, WallTime now) {
  const bool ran_out = known.until <= now;
  const WallTime ended = ran_out ? known.until : now;
  const Seconds length = ended - known.began;
  write_down(memory, {.at = ended,
                      .kind = event::kMaintenanceEnded,
                      .evidence = ran_out ? "its time ran out" : "before its time",
                      .duration = std::max(Seconds{0}, length)});
}

}  // namespace

void note_maintenance(ClusterMemory& memory, const ClusterPolicy& policy, WallTime now) {
  const auto present = policy.maintenance_at(now);
  const auto known = std::exchange(memory.maintenance, std::nullopt);
  if (known && !present) tell_end(memory, *known, now);
  if (!present) return;
  if (!known) tell_begin(memory, *present, now);
  memory.maintenance = {.began = known ? known->began : now, .until = present->until};
}

}  // namespace pgrepl
