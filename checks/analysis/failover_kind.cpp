// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/failover_kind.h"

#include <algorithm>
#include <iterator>

namespace pgrepl {
namespace {

/// First match wins.
struct Rule {
  bool (*fits)(const Handover&);
  KindVerdict verdict;
};

template <Departure departure>
bool went(const Handover& handover) {
  return handover.departure == departure;
}

constexpr Rule kRules[] = {
    // Neither a fault nor an order: somebody promoted beside a living primary.
    {[](const Handover& handover) { return handover.side_by_side; },
     {FailoverKind::unknown, "the old primary still took writes when the new one was promoted"}},
    // A fast shutdown tells its sessions, and waits until its standbys have all WAL.  A cluster
    // manager that recovers a resource stops it the same way.
    {went<Departure::announced>,
     {FailoverKind::switchover, "the old primary said that it was being stopped"}},
    {went<Departure::demoted>,
     {FailoverKind::switchover, "the old primary answered as a standby without being missed"}},
    // An orderly end loses nothing.
    {[](const Handover& handover) { return handover.wal_lost; },
     {FailoverKind::crash, "WAL of the old primary never reached the new one"}},
    {went<Departure::unheard>, {FailoverKind::crash, "the old primary was no longer heard"}},
    {went<Departure::broke_off>,
     {FailoverKind::crash, "the old primary ended without a word of being stopped"}},
    {[](const Handover&) { return true; },
     {FailoverKind::unknown, "the old primary could not be asked"}},
};

}  // namespace

KindVerdict kind_of(const Handover& handover) {
  const auto rule =
      std::ranges::find_if(kRules, [&](const Rule& known) { return known.fits(handover); });
  return rule == std::end(kRules) ? KindVerdict{} : rule->verdict;
}

Departure departure_of(const NodeSnapshot& node) {
  if (node.up()) return Departure::demoted;
  if (node.announced_stop) return Departure::announced;
  switch (node.state.error().reason) {
    case FailureClass::shutting_down:
      return Departure::announced;
    case FailureClass::timeout:
      return Departure::unheard;
    case FailureClass::refused:
    case FailureClass::starting_up:
    case FailureClass::not_accepting:
      return Departure::broke_off;
    default:
      return Departure::other;
  }
}

}  // namespace pgrepl
