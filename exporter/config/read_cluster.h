// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "exporter/config/config.h"
#include "exporter/config/document.h"
#include "exporter/config/problems.h"
#include "exporter/config/read_thresholds.h"

namespace pgrepl {

/// What a [[cluster]] takes from outside of its table.
struct ClusterSetting {
  std::string directory;  ///< of its file: relative paths begin there
  const ExporterConfig& exporter;
  const LevelAbove& thresholds;  ///< of every cluster
};

/// Reads a [[cluster]] with its nodes.  With problems the result is incomplete.
ClusterConfig read_cluster(const Value& table, const ClusterSetting& setting, Problems& problems);

/// Whether a text may name a cluster or node: 1 to 63 of letters, digits, blanks and . _ - + / : @,
/// without a blank at either end.  Such a name passes through PostgreSQL's application_name, labels
/// and plugin output unchanged.  Pure.
bool is_good_name(std::string_view name);

}  // namespace pgrepl
