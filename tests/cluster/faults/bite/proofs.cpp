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

constexpr std::string_view kConnectError = "unit/collect/connect_error_test.cpp";
constexpr std::string_view kCommitStall = "unit/judge/commit_stall_test.cpp";
constexpr std::string_view kDisks = "unit/judge/disks_test.cpp";
constexpr std::string_view kRare = "unit/catalogue/rare_causes_test.cpp";
constexpr std::string_view kReady = "unit/judge/failover_ready_test.cpp";
constexpr std::string_view kSettings = "unit/judge/settings_test.cpp";
constexpr std::string_view kSlots = "unit/judge/slots_test.cpp";
constexpr std::string_view kSync = "unit/judge/sync_test.cpp";
constexpr std::string_view kTopology = "unit/judge/topology_checks_test.cpp";

constexpr Proof kProofs[] = {
    // a daemon that stands still
    {"data_freshness", "unit/nagios/freshness_test.cpp", "DataFreshness",
     "IsCriticalBeyondItsLimit"},
    {"data_freshness/stale", "unit/nagios/freshness_test.cpp", "DataFreshness", "NamesTheRemedy"},
    // servers that refuse for rarer reasons
    {"node_up/dns", "cluster/hanging_lookup_test.cpp", "HangingLookup", "IsAFailureOfItsNodeAlone"},
    {"node_up/tls", kConnectError, "ConnectError", "IsClassifiedByCodeAndToldInOneSentence"},
    {"node_up/no_database", kConnectError, "ConnectError",
     "IsClassifiedByCodeAndToldInOneSentence"},
    {"node_up/shutting_down", kConnectError, "ConnectError",
     "IsClassifiedByCodeAndToldInOneSentence"},
    {"node_up/not_accepting", "cluster/unreachable_node_test.cpp", "StartingServer",
     "IsNotCalledDead"},
    {"node_up/recovery_conflict", kConnectError, "StatementError", "CancellationTellsWhoCancelled"},
    {"node_up/permission", kConnectError, "StatementError", "IsClassifiedAndNamesTheStatement"},
    {"node_up/query_failed", kConnectError, "StatementError", "CancellationTellsWhoCancelled"},
    {"node_up/other", kConnectError, "ConnectError", "IsClassifiedByCodeAndToldInOneSentence"},
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
    {"disk_full_eta/archive", kDisks, "WalUse", "NamesTheArchiver"},
    {"wal_directory/write_load", kDisks, "WalUse", "IsTheRestWhenNothingNeedsIt"},
    {"slot_active/unused", kSlots, "SlotOwner",
     "OfAStandbyThatWasNeverSeenIsGuessedByTheNameOrLeftOpen"},
    {"slot_retention/unused", kSlots, "SlotOwner",
     "OfAStandbyThatWasNeverSeenIsGuessedByTheNameOrLeftOpen"},
    {"slot_retention/consumer_gone", kSlots, "LogicalSlot",
     "ThatNobodyReadsIsItsSubscribersFaultAndNoOrphan"},
    {"slot_retention/slow_standby", kSlots, "LogicalSlot",
     "ThatIsReadTooSlowlyIsToldFromASlowStandby"},
    {"slot_retention/slow_consumer", kSlots, "LogicalSlot",
     "ThatIsReadTooSlowlyIsToldFromASlowStandby"},
    // lag: three checks share the reasons, and the scenarios bring each about in one of them
    {"replay_lag/receiver_down", kRare, "LagCause", "IsTheStateOfTheStandbyOrElseTheBottleneck"},
    {"replay_lag/archive_only", kRare, "LagCause", "IsTheStateOfTheStandbyOrElseTheBottleneck"},
    {"replay_lag/limit_below_primary", kSettings, "SettingsCheck",
     "ExplainReplayThatPostgresqlPausedByItself"},
    {"replay_lag/standby_disk", kRare, "LagCause", "IsTheStateOfTheStandbyOrElseTheBottleneck"},
    {"replay_lag_bytes/receiver_down", kRare, "LagCause",
     "IsTheStateOfTheStandbyOrElseTheBottleneck"},
    {"replay_lag_bytes/archive_only", kRare, "LagCause",
     "IsTheStateOfTheStandbyOrElseTheBottleneck"},
    {"replay_lag_bytes/limit_below_primary", kRare, "LagCause",
     "IsALimitWherePostgresqlPausedReplayItself"},
    {"replay_lag_bytes/blocked_by_query", kRare, "LagCause",
     "IsTheStateOfTheStandbyOrElseTheBottleneck"},
    {"replay_lag_bytes/network", kRare, "LagCause", "IsTheStateOfTheStandbyOrElseTheBottleneck"},
    {"replay_lag_bytes/standby_disk", kRare, "LagCause",
     "IsTheStateOfTheStandbyOrElseTheBottleneck"},
    {"replay_lag_bytes/slow_replay", kRare, "LagCause",
     "IsTheStateOfTheStandbyOrElseTheBottleneck"},
    {"lag_growth/receiver_down", kRare, "LagCause", "IsTheStateOfTheStandbyOrElseTheBottleneck"},
    {"lag_growth/archive_only", kRare, "LagCause", "IsTheStateOfTheStandbyOrElseTheBottleneck"},
    {"lag_growth/limit_below_primary", kRare, "LagCause",
     "IsALimitWherePostgresqlPausedReplayItself"},
    {"lag_growth/blocked_by_query", kRare, "LagCause", "IsTheStateOfTheStandbyOrElseTheBottleneck"},
    {"lag_growth/network", kRare, "LagCause", "IsTheStateOfTheStandbyOrElseTheBottleneck"},
    {"lag_growth/standby_disk", kRare, "LagCause", "IsTheStateOfTheStandbyOrElseTheBottleneck"},
    {"lag_growth/slow_replay", "unit/judge/lag_growth_test.cpp", "LagGrowth",
     "WarnsOfAStandbyThatFallsFurtherBehind"},
    // what hinders a failover: most of it follows from a fault that has its own check
    {"failover_ready/unreachable", kReady, "FailoverReady", "NamesAStandbyThatDoesNotAnswer"},
    {"failover_ready/other_system", kReady, "FailoverReady", "MindsAForeignSystemAndAnotherMajor"},
    {"failover_ready/other_major", kReady, "FailoverReady", "MindsAForeignSystemAndAnotherMajor"},
    {"failover_ready/not_streaming", kRare, "FailoverReady", "MindsAStandbyThatDoesNotStream"},
    {"failover_ready/not_synchronous", kReady, "FailoverReady",
     "NeedsASynchronousStandbyWhereOneIsRequired"},
    {"failover_ready/behind", kReady, "FailoverReady", "MindsAStandbyThatWouldReplayForLong"},
    {"failover_ready/disk_full", kReady, "FailoverReady", "MindsAFullDiskOfTheStandby"},
    {"failover_ready/would_be_async", kReady, "FailoverReady",
     "MindsASilentlyAsynchronousOneOnlyWhereSyncIsDemanded"},
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
    {"settings/few_walsenders", kRare, "SettingsCheck", "CountsWalsendersBesideWhatIsInUse"},
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
