// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "checks/catalogue/check_row.h"
#include "checks/catalogue/fix_lines.h"
#include "checks/catalogue/rejoin.h"

namespace pgrepl::catalogue {

/// What keeps a standby's WAL receiver from streaming, as far as SQL shows it.
struct ReceiverTrouble {
  std::string_view cause;  ///< id of one of kReceiverCauses
  std::string text;        ///< "a1 has no slot a2_slot, which its primary_slot_name names"
  std::string slot;        ///< empty where it is about none
};

/// What is proved to be in the way of a standby that answers and does not stream from the only
/// primary.  Absent: nothing that SQL shows; a refused login, a closed port and a cut line are told
/// by the standby's log alone.  Pure.
std::optional<ReceiverTrouble> receiver_trouble(const CheckFacts& facts, std::size_t standby);

inline constexpr CauseRow kNoUpstream{
    .id = "no_upstream",
    .state = State::critical,
    .says = "The standby is told to follow nobody: its primary_conninfo is empty.",
    .fix =
        "ALTER SYSTEM SET primary_conninfo = '{primary_conninfo} user={replicator} "
        "application_name={node}'; SELECT pg_reload_conf();   -- on {node}; with the password, "
        "or a passfile"};

inline constexpr CauseRow kSlotMissing{
    .id = "slot_missing",
    .state = State::critical,
    .says =
        "The slot that the standby's primary_slot_name names does not exist on the primary, so "
        "that its WAL receiver is turned away.",
    .fix =
        "SELECT pg_create_physical_replication_slot('{slot}', true);   -- on {primary}\n"
        "tail -n 20 /var/log/postgresql/*.log   # on {node}: if a requested WAL segment has "
        "already been removed, build {node} anew\n"
        "or correct primary_slot_name on {node}, and reload"};

inline constexpr auto kSlotLostFix =
    fix_lines("SELECT pg_drop_replication_slot('{slot}');   -- on {primary}", kBaseBackupFix);

inline constexpr CauseRow kSlotLost{
    .id = "slot_lost",
    .state = State::critical,
    .says = "The standby's slot is lost: WAL that it needs was removed, and it cannot go on.",
    .fix = kSlotLostFix};

inline constexpr auto kWalRemovedFix = fix_lines(
    "SHOW restore_command;   -- on {node}: an archive that still has this WAL can bring it",
    kBaseBackupFix);

inline constexpr CauseRow kWalRemoved{
    .id = "wal_removed",
    .state = State::critical,
    .says =
        "The primary has removed WAL that the standby needs: no slot and no wal_keep_size kept it.",
    .fix = kWalRemovedFix};

inline constexpr CauseRow kNoWalsenderFree{
    .id = "no_walsender_free",
    .state = State::critical,
    .says = "All walsenders of the primary are in use, so that it turns the standby away.",
    .fix = "see check wal_senders of {primary}: end what is no standby"};

}  // namespace pgrepl::catalogue
