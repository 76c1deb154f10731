// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/catalogue/check_row.h"

// What the checks of slots share: why nobody uses a slot, and what to do about it.
namespace pgrepl::catalogue {

inline constexpr CauseRow kStandbyGone{
    .id = "standby_gone",
    .says =
        "The standby that uses the slot is not connected, and the slot keeps all WAL since "
        "then.",
    .fix =
        "bring {standby} back, and WAL is released by itself: see checks node_up and "
        "replication of {standby}\n"
        "only if it never comes back: SELECT pg_drop_replication_slot('{object}');   -- on "
        "{node}, and build the standby anew later"};

inline constexpr CauseRow kOrphan{
    .id = "orphan",
    .says = "No configured standby uses the slot, and it keeps all WAL since somebody did.",
    .fix =
        "SELECT pg_drop_replication_slot('{object}');   -- on {node}\n"
        "or, if a standby was meant to use it: primary_slot_name = '{object}' in its "
        "postgresql.conf, and reload"};

inline constexpr CauseRow kConsumerGone{
    .id = "consumer_gone",
    .says = "No subscriber reads the logical slot, and it keeps all WAL since one did.",
    .fix =
        "SELECT database, plugin FROM pg_replication_slots WHERE slot_name = '{object}';   -- "
        "on {node}: whose is it?\n"
        "bring its subscriber back, and WAL is released by itself\n"
        "or, if it never returns: SELECT pg_drop_replication_slot('{object}');   -- on {node}"};

/// For a slot of which nobody can tell whose it is.
inline constexpr CauseRow kUnused{.id = "unused",
                                  .says = "Nobody uses the slot, and it keeps all WAL since then.",
                                  .fix =
                                      "bring its standby back, and WAL is released by itself\n"
                                      "or, if no standby will ever use it again: SELECT "
                                      "pg_drop_replication_slot('{object}');   -- on {node}"};

}  // namespace pgrepl::catalogue
