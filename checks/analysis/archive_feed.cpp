// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/archive_feed.h"

#include <algorithm>

namespace pgrepl {
namespace {

/// A quiet primary archives a file each archive_timeout, often a few minutes.
constexpr Seconds kBetweenFiles{900};

}  // namespace

void note_archive_feed(ClusterMemory& memory, const NodeSnapshot& node, SteadyTime now) {
  const NodeState& state = *node.state;
  if (!state.in_recovery || state.wal_receiver || !state.replay_lsn) {
    memory.without_receiver.erase(node.name);
    return;
  }
  if (!state.has_pg_monitor || state.missing.wal_receiver) return;
  // What was received before the receiver went away is replayed without any archive.
  const Lsn at_hand = std::max(*state.replay_lsn, state.receive_lsn.value_or(Lsn{}));
  const auto [known, is_new] =
      memory.without_receiver.try_emplace(node.name, ReplayWithoutReceiver{.lsn = at_hand});
  if (is_new || *state.replay_lsn <= known->second.lsn) return;
  known->second = {.lsn = at_hand, .advanced = now};
}

bool is_fed_from_archive(const NodeSnapshot& node, const ClusterMemory& memory, SteadyTime now) {
  const auto& settings = node.state->settings.value;
  if (node.state->wal_receiver || !settings) return false;
  if (!settings->restore_configured.value_or(false)) return false;
  if (settings->upstream_configured == false) return true;
  const auto known = memory.without_receiver.find(node.name);
  if (known == memory.without_receiver.end() || !known->second.advanced) return false;
  return elapsed(*known->second.advanced, now) < kBetweenFiles;
}

}  // namespace pgrepl
