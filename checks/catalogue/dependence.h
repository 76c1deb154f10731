// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "checks/model/check_result.h"

namespace pgrepl {

/// Which node a finding and what follows from it have in common.
enum class Tie {
  same_node,            ///< both are of one node
  same_object,          ///< both are of one node and one object
  effect_names_object,  ///< both are of one node, and what follows names the cause's object as
                        ///< CheckResult::other_object
  effect_names,         ///< what follows names the cause's node as CheckResult::other_node
  cause_names,          ///< the cause names the node of what follows so
  cluster,              ///< none: one of the two is of the cluster as a whole
  cluster_only,         ///< the same, and what follows names no node that it would be due to
};

/// One way in which a finding explains another.  Causes of checks are listed with spaces between
/// them; "*" stands for every cause, "unknown" for an UNKNOWN verdict.
struct Dependence {
  std::string_view check, causes;
  std::string_view effect, effect_causes;  ///< a check or "*", and its causes
  Tie tie = Tie::same_node;
  std::string_view object = {};  ///< of the cause; empty: whichever
};

/// The table.  It has no circles.
std::span<const Dependence> dependences();

/// The rows by which something may follow from that finding, which is not OK.  Pure.
std::vector<const Dependence*> rows_of(const CheckResult& cause);

/// Whether `effect`, which is not OK, follows from `cause` by that row, one of rows_of(cause); both
/// are of one cluster.  Pure.
bool holds(const Dependence& row, const CheckResult& cause, const CheckResult& effect);

/// Whether it does by any row.  For single pairs: among many findings the rows of each are to be
/// picked once.  Pure.
bool follows_from(const CheckResult& effect, const CheckResult& cause);

}  // namespace pgrepl
