// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/base_backup.h"

#include <algorithm>
#include <map>
#include <utility>

#include "checks/model/node_snapshot.h"

namespace pgrepl {

std::optional<double> BaseBackup::share() const {
  if (!streamed || total.value_or(0) <= 0) return std::nullopt;
  return std::min(1.0, static_cast<double>(*streamed) / static_cast<double>(*total));
}

std::vector<BaseBackup> base_backups(const NodeState& node) {
  std::map<std::string, BaseBackup> by_name;
  if (!node.basebackups.value) return {};
  for (const ProgressBasebackupRow& row : *node.basebackups.value) {
    const auto sender = std::ranges::find(node.wal_senders, row.pid, &StatReplicationRow::pid);
    if (sender == node.wal_senders.end()) continue;
    const std::string& name = sender->application_name;
    by_name.try_emplace(name, BaseBackup{name, row.phase, row.backup_streamed, row.backup_total});
  }
  std::vector<BaseBackup> all;
  for (auto& [name, backup] : by_name) all.push_back(std::move(backup));
  return all;
}

}  // namespace pgrepl
