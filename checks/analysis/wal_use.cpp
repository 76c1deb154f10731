// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/wal_use.h"

#include <algorithm>

#include "checks/analysis/archive_trouble.h"
#include "checks/analysis/cluster_analysis.h"

namespace pgrepl {
namespace {

std::optional<std::int64_t> archive_backlog(const NodeState& node) {
  if (nothing_to_archive(node)) return 0;
  const auto& settings = node.settings.value;
  if (!node.archive_status.value || !settings || !settings->wal_segment_size) return std::nullopt;
  return node.archive_status.value->ready_files * *settings->wal_segment_size;
}

std::optional<std::int64_t> kept_by_setting(const NodeState& node) {
  return node.settings.value ? node.settings.value->wal_keep_size : std::nullopt;
}

std::optional<std::int64_t> since_checkpoint(const NodeState& node, std::optional<Lsn> position) {
  const auto& redo = node.wal_directory.value->redo_lsn;
  if (!redo || !position) return std::nullopt;
  return wal_distance(*redo, *position);
}

void count_slots(WalUse& use, const NodeState& node, const std::vector<SlotAnalysis>& slots) {
  if (node.missing.slots) return;
  std::int64_t most = 0;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const std::int64_t retained = slots[i].retained.value_or(0);
    if (retained <= most) continue;
    most = retained;
    use.slot = node.slots[i].slot_name;
  }
  use.by(WalHolder::slots) = most;
}

/// Nobody keeps more than there is.  The rest is what the greatest of them leaves.
void fit_into(WalUse& use, std::int64_t all) {
  std::optional<std::int64_t> most = 0;
  for (std::optional<std::int64_t>& bytes : use.bytes) {
    if (&bytes == &use.by(WalHolder::rest)) break;
    if (bytes) bytes = std::clamp<std::int64_t>(*bytes, 0, all);
    most = most && bytes ? std::optional{std::max(*most, *bytes)} : std::nullopt;
  }
  if (most) use.by(WalHolder::rest) = all - *most;
}

/// The greater of two that keeps at least half of it.
std::optional<WalHolder> greater(const WalUse& use, WalHolder a, WalHolder b, std::int64_t all) {
  const WalHolder holder = use.by(b).value_or(0) > use.by(a).value_or(0) ? b : a;
  if (use.by(holder).value_or(0) < all / 2) return std::nullopt;
  return holder;
}

/// What stays until somebody acts goes before what passes or was asked for.
std::optional<WalHolder> main_holder(const WalUse& use, std::int64_t all) {
  if (all <= 0) return WalHolder::rest;
  if (const auto stuck = greater(use, WalHolder::slots, WalHolder::archive, all)) return stuck;
  if (const auto passing = greater(use, WalHolder::wal_keep_size, WalHolder::checkpoint, all))
    return passing;
  return use.by(WalHolder::rest) ? std::optional{WalHolder::rest} : std::nullopt;
}

}  // namespace

std::optional<WalUse> wal_use(const NodeState& node, const std::vector<SlotAnalysis>& slots,
                              std::optional<Lsn> position) {
  if (!node.wal_directory.value) return std::nullopt;
  const std::int64_t all = node.wal_directory.value->bytes;
  WalUse use;
  count_slots(use, node, slots);
  use.by(WalHolder::archive) = archive_backlog(node);
  use.by(WalHolder::wal_keep_size) = kept_by_setting(node);
  use.by(WalHolder::checkpoint) = since_checkpoint(node, position);
  fit_into(use, all);
  use.main = main_holder(use, all);
  return use;
}

}  // namespace pgrepl
