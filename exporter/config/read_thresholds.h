// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "checks/thresholds/thresholds.h"
#include "exporter/config/document.h"
#include "exporter/config/problems.h"

namespace pgrepl {

/// The limits of one measure as they are written, in the measure's unit.
struct WrittenLimits {
  std::optional<double> warning, critical;
};

/// What one or more levels say, by (check id, measure id).
using WrittenLevel = std::map<std::pair<std::string, std::string>, WrittenLimits>;

/// What the levels above a table say.
struct LevelAbove {
  WrittenLevel written;
  bool is_whole = true;  ///< false: one of them could not be read, and may say anything
};

/// Reads a table of thresholds.  `title` is what messages call it, `above` is what the levels above
/// it say: a warning must not lie beyond the critical limit that is in force with it.
WrittenLevel read_thresholds(const Value& table, const std::string& title, const LevelAbove& above,
                             Problems& problems);

/// `level` laid over `above`.  Pure.
LevelAbove merged(LevelAbove above, const WrittenLevel& level);

/// The same as ranges, on the side on which each measure is bad.  Pure.
ThresholdLevel to_ranges(const WrittenLevel& level);

}  // namespace pgrepl
