// SPDX-License-Identifier: Apache-2.0
#include "checks/catalogue/catalogue.h"

#include <vector>

#include "checks/catalogue/subjects.h"

namespace pgrepl {
namespace {

std::vector<FactRow> all_facts() {
  std::vector<FactRow> rows;
  for (const auto subject :
       {catalogue::node_facts(), catalogue::topology_facts(), catalogue::walsender_facts(),
        catalogue::basebackup_facts(), catalogue::wal_receiver_facts(), catalogue::sync_facts(),
        catalogue::lag_facts(), catalogue::forecast_facts(), catalogue::slot_facts(),
        catalogue::disk_facts(), catalogue::archive_facts(), catalogue::settings_facts(),
        catalogue::failover_facts(), catalogue::journal_facts(), catalogue::readiness_facts(),
        catalogue::verdict_facts(), catalogue::exporter_facts()}) {
    rows.insert(rows.end(), subject.begin(), subject.end());
  }
  return rows;
}

/// A dead node explains a missing standby, a missing standby explains a slot that grows, and so on.
std::vector<CheckRow> all_checks() {
  using namespace catalogue;
  return {kDataFreshness, kNodeUp,      kClusterRole,    kSystemIdentifier, kTimeline,
          kUpstream,      kReplication, kSyncState,      kCommitStall,      kSlotWalStatus,
          kDiskUsage,     kDiskFullEta, kArchive,        kSlotActive,       kSlotRetention,
          kWalDirectory,  kReplayLag,   kReplayLagBytes, kLagGrowth,        kWalSenders,
          kFailoverReady, kSettings,    kNetworkLatency, kFailoverDuration};
}

template <class Row>
const Row* find(std::span<const Row> rows, std::string_view id) {
  for (const Row& row : rows) {
    if (row.id == id) return &row;
  }
  return nullptr;
}

}  // namespace

std::span<const FactRow> facts() {
  static const std::vector<FactRow> rows = all_facts();
  return rows;
}

std::span<const CheckRow> checks() {
  static const std::vector<CheckRow> rows = all_checks();
  return rows;
}

const CheckRow* find_check(std::string_view id) { return find(checks(), id); }

const MeasureRow* find_measure(const CheckRow& check, std::string_view id) {
  return find(check.measures, id);
}

Limits default_limits(const MeasureRow& measure) {
  const auto range = [&](std::optional<double> limit) -> std::optional<Range> {
    if (!limit) return std::nullopt;
    return measure.bad == BadSide::above ? above(*limit) : below(*limit);
  };
  return {.warning = range(measure.warning), .critical = range(measure.critical)};
}

}  // namespace pgrepl
