// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "checks/base/time.h"
#include "checks/catalogue/catalogue.h"
#include "exporter/publish/report_board.h"

namespace pgrepl {

/// The page that Prometheus reads, stitched by family from the board: a family stands once, with
/// HELP and TYPE once, and not at all if it has no line.  A page is made when the first reader
/// wants it, by one thread while others wait, and kept until the board or a cluster's staleness
/// changes. Thread-safe.
class MetricsPage {
 public:
  explicit MetricsPage(std::span<const FactRow> rows = facts());
  ~MetricsPage();

  /// The page as it is at `now`: a cluster past its valid_until stands there with its stale lines.
  std::shared_ptr<const std::string> plain(std::shared_ptr<const Board> board, SteadyTime now);

  /// The same, compressed.
  std::shared_ptr<const std::string> gzipped(std::shared_ptr<const Board> board, SteadyTime now);

 private:
  struct Edition;

  std::shared_ptr<Edition> edition(std::shared_ptr<const Board> board, SteadyTime now);
  std::shared_ptr<const std::string> plain(Edition& edition) const;
  std::string stitch(const Edition& edition) const;

  const std::span<const FactRow> rows_;
  std::vector<std::string> headers_;  ///< HELP and TYPE, parallel to rows_
  std::mutex mutex_;
  std::shared_ptr<Edition> last_;
};

}  // namespace pgrepl
