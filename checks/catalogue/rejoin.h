// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checks/catalogue/check_row.h"

// How a node comes back as a standby of the primary: the guide's reinitialise step, completed by
// what it leaves out (slot and application_name, without which the node comes back asynchronous and
// without a slot).
namespace pgrepl::catalogue {

/// Lines of a remedy; rejoin_names() fills in what the judge does not know.
inline constexpr char kRewindFix[] =
    "psql -c CHECKPOINT   # on {primary}: without one since its promotion, pg_rewind takes both "
    "nodes for one timeline\n"
    "pg_rewind -D {data} -R -P --dry-run --source-server='{primary_conninfo} user=postgres "
    "dbname=postgres application_name={node}'   # on {node}, as postgres, PostgreSQL stopped; then "
    "again without --dry-run\n"
    "psql -c \"SELECT pg_create_physical_replication_slot('{slot}', true)\"   # on {primary}, if "
    "it "
    "has no such slot\n"
    "set primary_slot_name = '{slot}', and user={replicator} in primary_conninfo   # in "
    "postgresql.auto.conf of {node}, before it starts";

inline constexpr char kBaseBackupFix[] =
    "mv {data} {data}.old   # on {node}, PostgreSQL stopped: keep it until it is clear what was "
    "written only there\n"
    "pg_basebackup -d '{primary_conninfo} user={replicator} application_name={node}' -D {data} "
    "-P "
    "-R -X stream -C -S {slot}   # on {node}, as postgres; without -C if {primary} has that slot";

inline constexpr char kRewindOrBaseBackupFix[] =
    "psql -c 'SHOW wal_log_hints' -c 'SHOW data_checksums'   # on {node}: pg_rewind needs one of "
    "them on\n"
    "psql -c CHECKPOINT   # on {primary}: without one since its promotion, pg_rewind takes both "
    "nodes for one timeline\n"
    "pg_rewind -D {data} -R -P --dry-run --source-server='{primary_conninfo} user=postgres "
    "dbname=postgres application_name={node}'   # on {node}, as postgres, PostgreSQL stopped: it "
    "says whether it must, and whether it can\n"
    "pg_basebackup -d '{primary_conninfo} user={replicator} application_name={node}' -D {data} "
    "-P "
    "-R -X stream -C -S {slot}   # if it cannot, into an empty directory";

/// What a node needs before it can follow the primary, as the end of a sentence.  Pure.
std::string_view rejoin_text(RejoinWay way);

/// "the histories part between 0/3000060 and 0/3000160", or that nobody saw where.  Pure.
std::string fork_text(const std::optional<ForkInterval>& fork);

/// {data} and {slot} of a node, as it calls them or else as the guide does.  Pure.
std::vector<std::pair<std::string, std::string>> rejoin_names(const CheckFacts& facts,
                                                              std::size_t node);

}  // namespace pgrepl::catalogue
