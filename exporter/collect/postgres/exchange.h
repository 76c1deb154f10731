// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "checks/base/time.h"
#include "checks/model/node_snapshot.h"
#include "exporter/collect/postgres/pg_handles.h"
#include "exporter/collect/postgres/pipeline.h"
#include "exporter/collect/postgres/queries.h"

namespace pgrepl {

/// The statements of one connection: prepared once, then sent and read with every poll.
///
/// An error in the core group is answered by a second try at once, because a promotion in its
/// middle causes one; after a second error each statement goes for itself, and the first one in its
/// parts, so that the others' facts survive.  That lasts until none of them fails: a lasting error
/// costs the first poll two more round trips, and the later ones more statements but no round trip.
/// Confined to the loop's thread.
class Exchange {
 public:
  enum class Progress {
    waiting,  ///< for the server, or for the socket to take more
    done,     ///< everything has been answered
    broken,   ///< the connection is of no more use
  };

  /// `connection` and `state` must outlive this object.  `on_position` is called when the node's
  /// positions are in the state.
  Exchange(PGconn* connection, NodeState& state, std::function<void()> on_position);

  /// Sends all statements to be prepared.
  Progress prepare();
  /// Empties the state but for its slow facts, and asks for everything, the slow group only if it
  /// is due.
  Progress query(bool with_slow);
  /// Reads and sends what is possible now, a further try of the core group included.
  Progress advance();

  bool wants_to_write() const { return pipeline_.wants_to_write(); }

  /// Whether the state holds all that the core group can tell although the slow group is still
  /// going on.
  bool has_core() const;
  /// Notes the failure in each slow fact that was not answered.
  void give_up_slow(const Failure& failure);

  /// Whether a statement could not be prepared for a reason that may be gone on another connection,
  /// such as a lock that was held too long.  A missing privilege stays.
  bool needs_new_connection() const;

  /// Why there is no state, after `done`.  Absent: there is one.
  const std::optional<Failure>& failure() const { return state_failure_; }
  /// What the server said last before the connection broke.
  const std::optional<Failure>& last_words() const { return last_words_; }

 private:
  Progress try_query(bool with_slow);
  bool send(StatementGroup group, bool one_by_one);
  Progress sent(bool all);
  void on_answer(std::size_t index, const PGresult& result);
  void apply(std::size_t index, const StatementOutcome& outcome);
  Failure failure_of(std::size_t index, const PGresult& result) const;

  PGconn* connection_;
  NodeState& state_;
  std::function<void()> on_position_;
  Pipeline pipeline_;

  bool preparing_ = false;
  std::vector<std::optional<Failure>> unprepared_;  ///< by statement
  std::vector<bool> awaited_;                       ///< by statement
  int tries_ = 0;                                   ///< of the core group in this poll
  bool one_by_one_ = false;  ///< a group per core statement, until all of them work again
  std::optional<Failure> core_failure_;   ///< the first one of this try
  std::optional<Failure> state_failure_;  ///< of the whole, or of its first part
  std::optional<Failure> last_words_;
};

}  // namespace pgrepl
