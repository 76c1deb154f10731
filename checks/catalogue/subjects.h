// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "checks/catalogue/check_row.h"
#include "checks/catalogue/fact_row.h"

// Each subject is a file with up to two tables.  catalogue.cpp puts them in order.
namespace pgrepl::catalogue {

std::span<const FactRow> node_facts();
std::span<const FactRow> topology_facts();
std::span<const FactRow> walsender_facts();
std::span<const FactRow> basebackup_facts();
std::span<const FactRow> wal_receiver_facts();
std::span<const FactRow> sync_facts();
std::span<const FactRow> lag_facts();
std::span<const FactRow> forecast_facts();
std::span<const FactRow> slot_facts();
std::span<const FactRow> disk_facts();
std::span<const FactRow> archive_facts();
std::span<const FactRow> settings_facts();
std::span<const FactRow> failover_facts();
std::span<const FactRow> journal_facts();
std::span<const FactRow> readiness_facts();
std::span<const FactRow> verdict_facts();
std::span<const FactRow> exporter_facts();

extern const CheckRow kNodeUp;
extern const CheckRow kClusterRole;
extern const CheckRow kSystemIdentifier;
extern const CheckRow kTimeline;
extern const CheckRow kUpstream;
extern const CheckRow kNetworkLatency;
extern const CheckRow kReplication, kWalSenders;
extern const CheckRow kSyncState, kCommitStall;
extern const CheckRow kReplayLag, kReplayLagBytes;
extern const CheckRow kLagGrowth;
extern const CheckRow kSlotActive, kSlotRetention, kSlotWalStatus;
extern const CheckRow kWalDirectory, kDiskUsage;
extern const CheckRow kDiskFullEta;
extern const CheckRow kArchive;
extern const CheckRow kFailoverDuration;
extern const CheckRow kFailoverReady;
extern const CheckRow kSettings;
extern const CheckRow kDataFreshness;

}  // namespace pgrepl::catalogue
