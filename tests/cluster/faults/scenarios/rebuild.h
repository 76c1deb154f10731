// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tests/cluster/faults/stage.h"

// The ways back into a pair, which several scenarios go to their end.  What fails throws.
namespace pgrepl::test {

/// Starts a server that is down as a standby with these settings.
void start_as_standby(PostgresServer& server, const Settings& settings);

/// Starts the old primary, which is down, as the standby of the node that was promoted; with a slot
/// there, and commits that wait for it.
void rejoin_as_standby(Stage& stage);

/// The old primary goes back by pg_rewind, or as a copy of the promoted node: as the remedy of
/// `timeline` says.
void rewind_old_primary(Stage& stage);
void build_old_primary_anew(Stage& stage);

/// The standby becomes a new copy of the primary, with a new slot: as the remedy of
/// `slot_wal_status` says.
void build_standby_anew(Stage& stage);

}  // namespace pgrepl::test
