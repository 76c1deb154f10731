// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>

#include "checks/catalogue/catalogue.h"
#include "exporter/publish/report_board.h"

// The catalogue's facts in Prometheus's text format 0.0.4, family by family, so that the families
// of many clusters can be stitched into one page.  The rows are an argument so that tests can bring
// their own; a sample whose label values do not fit its row throws std::logic_error, a broken
// promise of ours.
namespace pgrepl {

/// The HELP and TYPE lines of a family: what the fact is, and where it is taken from.  Pure.
std::string family_header(const FactRow& row);

/// A cluster's unit for the board, from its report: fresh lines, and the stale ones that every
/// reader gets after valid_until.  Stale: all statuses UNKNOWN, data_freshness CRITICAL, when the
/// last poll was, and no values.  Pure.
std::shared_ptr<const PublishedCluster> render_cluster(std::shared_ptr<const ClusterReport> report,
                                                       std::span<const FactRow> rows = facts());

/// What is said of a cluster that has not been polled yet: data_freshness is UNKNOWN.  Pure.
FamilyLines lines_before_first_poll(const std::string& cluster, std::span<const FactRow> rows);

/// The exporter's own families.  Pure.
FamilyLines exporter_lines(const ExporterSnapshot& exporter, std::span<const FactRow> rows);

}  // namespace pgrepl
