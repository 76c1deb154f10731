// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "checks/catalogue/readings.h"

// What the checks of lag share: why a standby lags, and what to do about it.
namespace pgrepl::catalogue {

/// What makes the lag, as the id of one of kLagCauses: its state, or else its bottleneck.  Pure.
std::string_view likely_cause(const StandbyLag& lag);

/// The end of a sentence about a lag that names its bottleneck: ": replay is slow"; empty where
/// none is known, or another reason stands in the lag's state.  Pure.
std::string_view bottleneck_text(const StandbyLag& lag);

/// A length of lag as it is judged: what the standby is told to wait is no fault of it.  Pure.
std::optional<double> judged(const std::optional<Seconds>& time, const StandbyLag& lag);

/// Why a lag of a standby that answers is not known; absent: none of the reasons that apply to
/// every measure.  Pure.
std::optional<Because> why_not_measured(const CheckFacts& facts, std::size_t standby);

/// The reading of a standby, with another cause where PostgreSQL itself paused replay.  Pure.
Reading blame_limits(const NodeAnalysis& standby, Reading reading);

inline constexpr CauseRow kLagCauses[] = {
    {.id = "receiver_down",
     .says = "Nothing arrives at the standby.",
     .fix = "see check replication of {node}\n"
            "tail -n 50 /var/log/postgresql/*.log   # on {node}"},
    {.id = "archive_only",
     .says = "The standby streams from nobody: it gets each WAL file once the primary archives it.",
     .fix = "see check replication of {node}\n"
            "psql -c 'SHOW archive_timeout'   # on {primary}: the standby is at least so late"},
    {.id = "replay_paused",
     .says = "Somebody paused replay on the standby.",
     .fix = "psql -c 'SELECT pg_wal_replay_resume()'   # on {node}, once it is clear why it was "
            "paused"},
    {.id = "limit_below_primary",
     .says = "PostgreSQL paused replay itself: a limit of the standby is below the primary's.",
     .fix = "raise it on {node} to the value of {primary}, and restart {node}: see check settings\n"
            "do not call pg_wal_replay_resume() before: it would end the server"},
    {.id = "blocked_by_query",
     .says = "Replay waits for a query on the standby.",
     .fix = "psql -c 'SELECT pid, now() - xact_start, query FROM pg_stat_activity ORDER BY "
            "xact_start LIMIT 5'   # on {node}\n"
            "psql -c 'SHOW max_standby_streaming_delay'   # on {node}"},
    {.id = "network",
     .says = "WAL waits to be sent or is on the way: the network is the bottleneck.",
     .fix = "ping -c 20 {address}   # from {primary}\n"
            "compare pgrepl_wal_generation_rate_bytes_per_second with the bandwidth of the link"},
    {.id = "standby_disk",
     .says = "WAL has arrived and waits to be flushed: the standby's disk is the bottleneck.",
     .fix = "iostat -x 1 5   # on {node}: the device that holds pg_wal"},
    {.id = "slow_replay",
     .says = "WAL is on the standby's disk and waits to be replayed.",
     .fix = "iostat -x 1 5   # on {node}: the device that holds the data\n"
            "top   # on {node}: replay is one process, at 100 % it is the limit"},
};

}  // namespace pgrepl::catalogue
