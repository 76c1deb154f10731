// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "checks/base/result.h"
#include "checks/base/time.h"
#include "checks/model/failure.h"
#include "checks/model/node_snapshot.h"
#include "exporter/collect/postgres/pg_handles.h"

namespace pgrepl {

/// When a statement runs.
enum class StatementGroup {
  core,  ///< with every poll, in one transaction
  part,  ///< instead of the first one where that fails, each for itself
  slow,  ///< on the slow cadence, each for itself: it may be slow, or forbidden
};

/// A column of a statement.
struct Column {
  const char* name;
  const char* sql = nullptr;  ///< nullptr: the name is the expression
  int since = 0;              ///< first server_version_num that has it
};

/// What became of a statement: its rows, or why there are none.
using StatementOutcome = Result<const PGresult*, Failure>;

/// One statement that the exporter may send; there is no other way to send one.
struct Statement {
  const char* name;  ///< also its name as a prepared statement
  StatementGroup group;
  std::span<const Column> columns;
  const char* rest;  ///< from "from" on

  /// Puts the outcome into its place in the state.  Returns the outcome's failure, or that of a
  /// result of the wrong shape.
  std::optional<Failure> (*apply)(const StatementOutcome&, SteadyTime now, NodeState&);
};

/// The oldest server that the statements fit.
inline constexpr int kOldestServerVersion = 130000;

/// All statements, slow last.  The first one reads all that a node says in one row; its parts
/// follow, led by the node's role and positions, without which there is no answer.
std::span<const Statement> statements();

/// The statement's text for one server version (server_version_num).  Pure.
std::string statement_sql(const Statement& statement, int server_version);

}  // namespace pgrepl
