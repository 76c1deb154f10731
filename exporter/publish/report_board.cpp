// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/report_board.h"

#include <utility>

namespace pgrepl {

ReportBoard::ReportBoard() { next_.exporter = std::make_shared<const ExporterSnapshot>(); }

std::shared_ptr<const Board> ReportBoard::read() const {
  const std::lock_guard lock(mutex_);
  if (last_ == nullptr) last_ = std::make_shared<const Board>(next_);
  return last_;
}

void ReportBoard::publish(std::shared_ptr<const PublishedCluster> cluster) {
  const std::lock_guard lock(mutex_);
  const auto place = index_.find(cluster->name);
  if (place == index_.end()) return;
  next_.clusters[place->second] = std::move(cluster);
  last_.reset();
}

void ReportBoard::publish(ExporterSnapshot exporter) {
  auto snapshot = std::make_shared<const ExporterSnapshot>(std::move(exporter));
  const std::lock_guard lock(mutex_);
  next_.exporter = std::move(snapshot);
  last_.reset();
}

void ReportBoard::configure(const std::vector<std::string>& clusters) {
  const std::lock_guard lock(mutex_);
  std::map<std::string, std::size_t> index;
  std::vector<std::shared_ptr<const PublishedCluster>> units;
  for (const std::string& name : clusters) {
    const auto known = index_.find(name);
    index.emplace(name, units.size());
    units.push_back(known != index_.end()
                        ? next_.clusters[known->second]
                        : std::make_shared<const PublishedCluster>(PublishedCluster{.name = name}));
  }
  next_.clusters = std::move(units);
  index_ = std::move(index);
  last_.reset();
}

}  // namespace pgrepl
