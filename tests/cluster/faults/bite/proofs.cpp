// SPDX-License-Identifier: Apache-2.0
#include "tests/cluster/faults/bite/proofs.h"

#include <algorithm>

#include "checks/catalogue/catalogue.h"

namespace pgrepl::test {
namespace {

const Scenario* scenario_for(std::string_view check, std::string_view cause) {
  for (const Scenario& one : scenarios()) {
    const auto counts_on = [&](const Verdict& verdict) {
      return verdict.check == check && (cause.empty() || verdict.cause == cause);
    };
    if (std::ranges::any_of(one.must, counts_on)) return &one;
  }
  return nullptr;
}

constexpr std::string_view kAnswer = "unit/nagios/catalogue_answer_test.cpp";
constexpr std::string_view kCommitStall = "unit/judge/commit_stall_test.cpp";
constexpr std::string_view kDisks = "unit/judge/disks_test.cpp";
constexpr std::string_view kEvery = "unit/catalogue/every_cause_test.cpp";
constexpr std::string_view kRare = "unit/catalogue/rare_causes_test.cpp";
constexpr std::string_view kSettings = "unit/judge/settings_test.cpp";
constexpr std::string_view kSlots = "unit/judge/slots_test.cpp";
constexpr std::string_view kSync = "unit/judge/sync_test.cpp";
constexpr std::string_view kTopology = "unit/judge/topology_checks_test.cpp";

constexpr Proof kProofs[] = {
    // a daemon that stands still
    {"data_freshness", kAnswer, "CatalogueAnswer", "SaysOfAStaleReportWhatToDo"},
    {"data_freshness/stale", kAnswer, "CatalogueAnswer", "SaysOfAStaleReportWhatToDo"},
    // servers that refuse for rarer reasons
    {"node_up/dns", "cluster/hanging_lookup_test.cpp", "HangingLookup", "IsAFailureOfItsNodeAlone"},
    {"node_up/tls", kEvery, "NodeUp", "SaysOfEveryFailureWhichItIs"},
    {"node_up/no_database", kEvery, "NodeUp", "SaysOfEveryFailureWhichItIs"},
    {"node_up/shutting_down", kEvery, "NodeUp", "SaysOfEveryFailureWhichItIs"},
    {"node_up/not_accepting", "cluster/unreachable_node_test.cpp", "StartingServer",
     "IsNotCalledDead"},
    {"node_up/recovery_conflict", kEvery, "NodeUp", "SaysOfEveryFailureWhichItIs"},
    {"node_up/permission", kEvery, "NodeUp", "SaysOfEveryFailureWhichItIs"},
    {"node_up/query_failed", kEvery, "NodeUp", "SaysOfEveryFailureWhichItIs"},
    {"node_up/other", kEvery, "NodeUp", "SaysOfEveryFailureWhichItIs"},
    // pairs of several nodes, or of servers that hide something
    {"cluster_role/unidentified_primaries", "unit/judge/untold_history_test.cpp", "UntoldSystem",
     "OfTwoPrimariesIsNoReasonToKeepQuiet"},
    {"timeline/fork", kTopology, "Timeline", "LeavesTheWayBackOpenWhereItsSettingsAreNotKnown"},
    {"timeline/primary_behind", kTopology, "Timeline",
     "TellsAnOldPrimaryThatCameBackInsteadOfThePromotedOne"},
    {"upstream/other_node", kTopology, "Upstream", "NamesANodeThatIsNotThePrimary"},
    {"upstream/circle", kTopology, "Upstream", "CallsACircleByItsName"},
    {"replication/catching_up", kRare, "Replication", "TellsAStandbyThatCatchesUp"},
    {"sync_state/catching_up", kSync, "SyncState", "TakesTheSameNameInOtherLettersForTheSame"},
    {"sync_state/too_few", kSync, "SyncState", "CallsTwoThatAreDemandedOfOneTooFew"},
    {"commit_stall/standby_gone", kCommitStall, "CommitStall",
     "SaysThatTheStandbyIsGoneAndHowCommitsCanGoOn"},
    {"commit_stall/standby_hung", kCommitStall, "CommitStall",
     "FindsAStandbyThatHangsWhileEverythingElseLooksGreen"},
    {"commit_stall/too_few", kCommitStall, "CommitStall", "TellsTooHighANumberFromAMissingStandby"},
    {"commit_stall/catching_up", kCommitStall, "CommitStall",
     "TellsAStandbyThatCatchesUpFromOneThatIsGone"},
    {"commit_stall/replay_held", kCommitStall, "CommitStall",
     "TellsReplayThatIsHeldFromAHungStandby"},
    {"commit_stall/slow", kCommitStall, "CommitStall", "DoesNotTakeSkewedClocksForAHungStandby"},
    {"commit_stall/unexplained", kCommitStall, "CommitStall", "AdmitsThatItCannotTell"},
    // disks: the forecast speaks after half an hour
    {"disk_usage/full", kRare, "DiskUsage", "TellsAFullFilesystemFromOneThatFills"},
    {"disk_usage/archive_full", kDisks, "DiskUsage",
     "SaysOfAFullArchiveThatItHoldsUpTheArchiverAndNotTheServer"},
    {"disk_full_eta", kDisks, "DiskFullEta", "IsCriticalLessThanFourHoursBeforeTheEnd"},
    {"disk_full_eta/filling_up", kDisks, "DiskFullEta", "IsCriticalLessThanFourHoursBeforeTheEnd"},
    {"disk_full_eta/slots", kDisks, "DiskFullEta", "NamesTheSlotThatFillsTheDisk"},
    {"disk_full_eta/archive", kDisks, "DiskFullEta", "NamesTheArchiverThatFillsTheDisk"},
    {"wal_directory/write_load", kDisks, "WalUse", "IsTheRestWhenNothingNeedsIt"},
    {"slot_active/unused", kSlots, "SlotOwner",
     "OfAStandbyThatWasNeverSeenIsGuessedByTheNameOrLeftOpen"},
    {"slot_retention/unused", kSlots, "SlotOwner", "LeftOpenIsToldOfWhatTheSlotHoldsBackToo"},
    {"slot_retention/consumer_gone", kSlots, "LogicalSlot",
     "ThatNobodyReadsHoldsBackWalForItsSubscriber"},
    {"slot_retention/slow_standby", kSlots, "LogicalSlot",
     "ThatIsReadTooSlowlyIsToldFromASlowStandby"},
    {"slot_retention/slow_consumer", kSlots, "LogicalSlot",
     "ThatIsReadTooSlowlyIsToldFromASlowStandby"},
    // lag: three checks share the reasons, and the scenarios bring each about in one of them
    {"replay_lag/receiver_down", kEvery, "EveryLagCheck", "SaysWhatMakesTheLag"},
    {"replay_lag/archive_only", kEvery, "EveryLagCheck", "SaysWhatMakesTheLag"},
    {"replay_lag/limit_below_primary", kEvery, "EveryLagCheck",
     "BlamesALimitWherePostgresqlPausedReplayItself"},
    {"replay_lag_bytes/receiver_down", kEvery, "EveryLagCheck", "SaysWhatMakesTheLag"},
    {"replay_lag_bytes/archive_only", kEvery, "EveryLagCheck", "SaysWhatMakesTheLag"},
    {"replay_lag_bytes/limit_below_primary", kEvery, "EveryLagCheck",
     "BlamesALimitWherePostgresqlPausedReplayItself"},
    {"replay_lag_bytes/blocked_by_query", kEvery, "EveryLagCheck", "SaysWhatMakesTheLag"},
    {"replay_lag_bytes/network", kEvery, "EveryLagCheck", "SaysWhatMakesTheLag"},
    {"replay_lag_bytes/standby_disk", kEvery, "EveryLagCheck", "SaysWhatMakesTheLag"},
    {"replay_lag_bytes/slow_replay", kEvery, "EveryLagCheck", "SaysWhatMakesTheLag"},
    {"lag_growth/receiver_down", kEvery, "EveryLagCheck", "SaysWhatMakesTheLag"},
    {"lag_growth/archive_only", kEvery, "EveryLagCheck", "SaysWhatMakesTheLag"},
    {"lag_growth/limit_below_primary", kEvery, "EveryLagCheck",
     "BlamesALimitWherePostgresqlPausedReplayItself"},
    {"lag_growth/blocked_by_query", kEvery, "EveryLagCheck", "SaysWhatMakesTheLag"},
    {"lag_growth/network", kEvery, "EveryLagCheck", "SaysWhatMakesTheLag"},
    {"lag_growth/standby_disk", kEvery, "EveryLagCheck", "SaysWhatMakesTheLag"},
    {"lag_growth/slow_replay", "unit/judge/lag_growth_test.cpp", "LagGrowth",
     "WarnsOfAStandbyThatFallsFurtherBehind"},
    // what hinders a failover: most of it follows from a fault that has its own check
    {"failover_ready/unreachable", kEvery, "FailoverReady", "SaysOfEveryHindranceWhichItIs"},
    {"failover_ready/other_system", kEvery, "FailoverReady", "SaysOfEveryHindranceWhichItIs"},
    {"failover_ready/other_major", kEvery, "FailoverReady", "SaysOfEveryHindranceWhichItIs"},
    {"failover_ready/not_streaming", kEvery, "FailoverReady", "SaysOfEveryHindranceWhichItIs"},
    {"failover_ready/not_synchronous", kEvery, "FailoverReady", "SaysOfEveryHindranceWhichItIs"},
    {"failover_ready/behind", kEvery, "FailoverReady", "SaysOfEveryHindranceWhichItIs"},
    {"failover_ready/disk_full", kEvery, "FailoverReady", "SaysOfEveryHindranceWhichItIs"},
    {"failover_ready/would_be_async", kEvery, "FailoverReady", "SaysOfEveryHindranceWhichItIs"},
    {"failover_duration/commits_held", "unit/catalogue/failover_checks_test.cpp",
     "FailoverDuration", "GrowsWhileCommitsAreHeldUp"},
    // settings: none of them breaks a pair that runs
    {"settings/wal_level_minimal", kSettings, "SettingsCheck",
     "AreCriticalWhereReplicationIsImpossible"},
    {"settings/no_walsenders", kSettings, "SettingsCheck",
     "AreCriticalWhereReplicationIsImpossible"},
    {"settings/cannot_feed", kSettings, "SettingsCheck", "WarnOfAStandbyThatNobodyCouldFollow"},
    {"settings/below_primary", kSettings, "SettingsCheck",
     "CompareTheLimitsOfAStandbyWithItsPrimary"},
    {"settings/weak_commit", kSettings, "SettingsCheck", "TellAllThatIsMissedAndTheWorstAsCause"},
    {"settings/few_walsenders", kRare, "WalsendersSetting", "CountsThemBesideWhatIsInUse"},
    {"settings/hot_standby_off", kSettings, "SettingsCheck",
     "FindWhatIsWrongAlsoWhereNotAllIsSeen"},
    {"settings/weak_override", kSettings, "SettingsCheck",
     "NameRolesAndDatabasesWithWeakerCommits"},
    // needs an exporter on one node and a slow link to the other
    {"network_latency", "unit/judge/judge_test.cpp", "Judge",
     "JudgesTheNetworkFromTheNodeThatTheExporterRunsOn"},
    {"network_latency/slow_network", "unit/judge/judge_test.cpp", "Judge",
     "JudgesTheNetworkFromTheNodeThatTheExporterRunsOn"},
};

}  // namespace

std::vector<JudgingRow> judging_rows() {
  std::vector<JudgingRow> all;
  for (const CheckRow& check : checks()) {
    const std::string id{check.id};
    all.push_back({id, scenario_for(check.id, "")});
    for (const CauseRow& cause : check.causes)
      all.push_back({id + "/" + std::string{cause.id}, scenario_for(check.id, cause.id)});
  }
  return all;
}

std::span<const Proof> proofs_elsewhere() { return kProofs; }

const Proof* proof_elsewhere(std::string_view row) {
  const auto* found = std::ranges::find(kProofs, row, &Proof::row);
  return found == std::end(kProofs) ? nullptr : found;
}

}  // namespace pgrepl::test
