// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/metrics_page.h"

#include <utility>

#include "exporter/publish/gzip.h"
#include "exporter/publish/prometheus_text.h"

namespace pgrepl {

/// One board with one set of stale clusters, and the bodies that were made of it so far.
struct MetricsPage::Edition {
  std::shared_ptr<const Board> board;
  std::vector<bool> stale;  ///< parallel to board->clusters

  std::once_flag plain_once, gzip_once;
  std::shared_ptr<const std::string> plain, gzipped;
};

namespace {

std::vector<bool> staleness(const Board& board, SteadyTime now) {
  std::vector<bool> stale;
  for (const auto& cluster : board.clusters) stale.push_back(cluster->stale_at(now));
  return stale;
}

}  // namespace

MetricsPage::MetricsPage(std::span<const FactRow> rows) : rows_(rows) {
  for (const FactRow& row : rows_) headers_.push_back(family_header(row));
}
MetricsPage::~MetricsPage() = default;

std::shared_ptr<const std::string> MetricsPage::plain(std::shared_ptr<const Board> board,
                                                      SteadyTime now) {
  return plain(*edition(std::move(board), now));
}

std::shared_ptr<const std::string> MetricsPage::gzipped(std::shared_ptr<const Board> board,
                                                        SteadyTime now) {
  const auto wanted = edition(std::move(board), now);
  std::call_once(wanted->gzip_once, [&] {
    wanted->gzipped = std::make_shared<const std::string>(gzip(*plain(*wanted)));
  });
  return wanted->gzipped;
}

std::shared_ptr<MetricsPage::Edition> MetricsPage::edition(std::shared_ptr<const Board> board,
                                                           SteadyTime now) {
  std::vector<bool> stale = staleness(*board, now);
  const std::lock_guard lock(mutex_);
  if (last_ == nullptr || last_->board != board || last_->stale != stale) {
    last_ = std::make_shared<Edition>();
    last_->board = std::move(board);
    last_->stale = std::move(stale);
  }
  return last_;
}

std::shared_ptr<const std::string> MetricsPage::plain(Edition& edition) const {
  std::call_once(edition.plain_once,
                 [&] { edition.plain = std::make_shared<const std::string>(stitch(edition)); });
  return edition.plain;
}

std::string MetricsPage::stitch(const Edition& edition) const {
  const Board& board = *edition.board;
  std::vector<FamilyLines> made_here;  // of those that bring no lines of their own
  made_here.reserve(board.clusters.size() + 1);
  std::vector<const FamilyLines*> parts;
  for (std::size_t i = 0; i < board.clusters.size(); ++i) {
    const PublishedCluster& cluster = *board.clusters[i];
    const bool polled = cluster.report != nullptr;
    if (!polled) made_here.push_back(lines_before_first_poll(cluster.name, rows_));
    parts.push_back(!polled            ? &made_here.back()
                    : edition.stale[i] ? &cluster.stale
                                       : &cluster.fresh);
  }
  made_here.push_back(exporter_lines(*board.exporter, rows_));
  parts.push_back(&made_here.back());

  std::string page;
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    const std::size_t before = page.size();
    page += headers_[row];
    const std::size_t empty = page.size();
    for (const FamilyLines* lines : parts) page += lines->at(row);
    if (page.size() == empty) page.resize(before);
  }
  return page;
}

}  // namespace pgrepl
