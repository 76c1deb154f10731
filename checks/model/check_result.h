// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/base/range.h"
#include "checks/base/state.h"
#include "checks/base/time.h"
#include "checks/base/units.h"

namespace pgrepl {

/// One judged number of a check.  `value` absent: not known.
struct MeasureResult {
  std::string_view id;  ///< from the catalogue
  Unit unit = Unit::none;
  std::optional<double> value;
  std::optional<Range> warning, critical;
  std::optional<double> minimum, maximum;  ///< of the value, for perfdata

  bool operator==(const MeasureResult&) const = default;
};

/// The verdict of one check on one node (and slot, or filesystem).
struct CheckResult {
  std::string_view check;  ///< id from the catalogue
  std::string node;    ///< the node at fault, or that was looked at; empty: the cluster as a whole
  std::string object;  ///< slot, directory or resource; empty if there is only one
  State state = State::unknown;      ///< hold time applied
  State raw_state = State::unknown;  ///< as this poll alone would have it
  std::string_view cause = "none";   ///< id from the check's causes
  std::string summary;               ///< one sentence without a full stop, with the numbers
  std::vector<MeasureResult> measures;
  std::vector<std::string> fix;  ///< what to look at and to type, names filled in; empty while OK
  /// The other node that it is about, by which findings are tied together: whose slot it is, for
  /// whom commits wait, from whom the node should stream.  Of an UNKNOWN: the node that shows
  /// nothing, which may be `node` itself.  Empty: none.
  std::string other_node = {};
  /// The object of another check on the same node that it is due to, by which findings are tied
  /// together, too: the slot that keeps pg_wal large.  Empty: none.
  std::string other_object = {};
  SteadyTime since;    ///< since when `state` holds
  bool muted = false;  ///< not OK, but the cluster is under maintenance: it should wake nobody

  bool operator==(const CheckResult&) const = default;
};

}  // namespace pgrepl
