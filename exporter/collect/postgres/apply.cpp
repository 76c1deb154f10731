// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/postgres/apply.h"

#include <utility>

#include "exporter/collect/postgres/decode.h"
#include "exporter/collect/postgres/slow_facts.h"

namespace pgrepl {
namespace {

/// Puts a part of the state where `put` wants it, or says among the missing ones why it is not
/// there.
template <auto Decode, class Put>
std::optional<Failure> take(const StatementOutcome& outcome, std::optional<Failure>& missing,
                            Put put) {
  missing.reset();
  if (!outcome) return missing = outcome.error();
  auto decoded = Decode(**outcome);
  if (!decoded) return missing = decoded.error();
  put(*decoded);
  return std::nullopt;
}

template <auto Decode>
std::optional<Failure> apply_timeline(const StatementOutcome& outcome, NodeState& state,
                                      bool is_meant) {
  const auto timeline =
      outcome ? Decode(**outcome) : Decoded<std::optional<std::uint32_t>>(Failed{outcome.error()});
  if (!timeline) {
    if (is_meant) state.missing.timeline = timeline.error();
    return timeline.error();
  }
  if (is_meant) {
    state.timeline = *timeline;
  } else if (*timeline) {
    return Failure{FailureClass::query_failed, "the server was promoted during the poll"};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Failure> apply_node_state(const StatementOutcome& outcome, SteadyTime now,
                                        NodeState& state) {
  if (!outcome) return outcome.error();
  Decoded<NodeState> decoded = decode_node_state(**outcome);
  if (!decoded) return decoded.error();
  decoded->server_version_num = state.server_version_num;
  decoded->server_version = std::move(state.server_version);
  decoded->position_read = {.began = state.position_read.began, .ended = now};
  decoded->round_trip = state.round_trip;
  decoded->missing = std::move(state.missing);  // what could not be prepared is known before
  keep_slow_facts(state, *decoded);
  state = std::move(*decoded);
  return std::nullopt;
}

std::optional<Failure> apply_server(const StatementOutcome& outcome, SteadyTime /*now*/,
                                    NodeState& state) {
  return take<decode_server>(outcome, state.missing.server, [&](ServerFields& fields) {
    state.postmaster_start_timestamp = fields.postmaster_start_timestamp;
    state.synchronous_standby_names = std::move(fields.synchronous_standby_names);
  });
}

std::optional<Failure> apply_replay(const StatementOutcome& outcome, SteadyTime /*now*/,
                                    NodeState& state) {
  return take<decode_replay>(outcome, state.missing.replay, [&](const ReplayFields& fields) {
    state.replay_paused = fields.replay_paused;
    state.last_xact_replay_age = fields.last_xact_replay_age;
  });
}

std::optional<Failure> apply_replay_conflict(const StatementOutcome& outcome, SteadyTime /*now*/,
                                             NodeState& state) {
  return take<decode_replay_conflict>(
      outcome, state.missing.replay_conflict,
      [&](std::optional<bool> conflict) { state.replay_conflict = conflict; });
}

std::optional<Failure> apply_written_timeline(const StatementOutcome& outcome, SteadyTime /*now*/,
                                              NodeState& state) {
  return apply_timeline<decode_written_timeline>(outcome, state, !state.in_recovery);
}

std::optional<Failure> apply_replayed_timeline(const StatementOutcome& outcome, SteadyTime /*now*/,
                                               NodeState& state) {
  return apply_timeline<decode_replayed_timeline>(outcome, state, state.in_recovery);
}

std::optional<Failure> apply_redo(const StatementOutcome& outcome, SteadyTime /*now*/,
                                  NodeState& state) {
  if (!outcome) return outcome.error();
  const auto redo = decode_redo(**outcome);
  if (!redo) return redo.error();
  if (auto& directory = state.wal_directory.value) directory->redo_lsn = *redo;
  return std::nullopt;
}

std::optional<Failure> apply_wal_receiver(const StatementOutcome& outcome, SteadyTime now,
                                          NodeState& state) {
  auto failure =
      apply_core<decode_wal_receiver, &NodeState::wal_receiver, &MissingParts::wal_receiver>(
          outcome, now, state);
  const auto& receiver = state.wal_receiver;
  if (!state.in_recovery || !receiver || !receiver->received_tli) return failure;
  state.timeline = receiver->received_tli;
  state.missing.timeline.reset();
  return failure;
}

}  // namespace pgrepl
