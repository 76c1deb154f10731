// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "exporter/collect/postgres/queries.h"

// What a statement's outcome does to the state: its rows go to their place, or the place stays
// empty and, where readers are told so, says why.  All are Statement::apply, and pure.
namespace pgrepl {

/// The node's own state, without which there is no answer: the caller keeps the failure.
std::optional<Failure> apply_node_state(const StatementOutcome& outcome, SteadyTime now,
                                        NodeState& state);
std::optional<Failure> apply_server(const StatementOutcome& outcome, SteadyTime now,
                                    NodeState& state);
std::optional<Failure> apply_replay(const StatementOutcome& outcome, SteadyTime now,
                                    NodeState& state);
std::optional<Failure> apply_replay_conflict(const StatementOutcome& outcome, SteadyTime now,
                                             NodeState& state);

/// One statement tells the timeline of a primary and is NULL on a standby, the other one is the
/// reverse.  The other role's statement may fail: that costs nothing.
std::optional<Failure> apply_written_timeline(const StatementOutcome& outcome, SteadyTime now,
                                              NodeState& state);
std::optional<Failure> apply_replayed_timeline(const StatementOutcome& outcome, SteadyTime now,
                                               NodeState& state);

/// A standby believes its receiver's timeline before that of its control file, so this one comes
/// after the two above.
std::optional<Failure> apply_wal_receiver(const StatementOutcome& outcome, SteadyTime now,
                                          NodeState& state);

/// Belongs to what was read of the directory, and comes after it.
std::optional<Failure> apply_redo(const StatementOutcome& outcome, SteadyTime now,
                                  NodeState& state);

/// A list or row that the core group reads.
template <auto Decode, auto Field, auto Missing>
std::optional<Failure> apply_core(const StatementOutcome& outcome, SteadyTime /*now*/,
                                  NodeState& state) {
  std::optional<Failure>& missing = state.missing.*Missing;
  missing.reset();
  if (!outcome) return missing = outcome.error();
  auto decoded = Decode(**outcome);
  if (!decoded) return missing = decoded.error();
  state.*Field = std::move(*decoded);
  return std::nullopt;
}

template <auto Decode, auto Field>
std::optional<Failure> apply_slow(const StatementOutcome& outcome, SteadyTime now,
                                  NodeState& state) {
  auto& fact = state.*Field;
  fact = {};
  if (!outcome) return fact.failure = outcome.error();
  auto decoded = Decode(**outcome);
  if (!decoded) return fact.failure = decoded.error();
  fact.value = std::move(*decoded);
  fact.read_at = now;
  return std::nullopt;
}

}  // namespace pgrepl
