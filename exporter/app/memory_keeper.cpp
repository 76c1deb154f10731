// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/memory_keeper.h"

#include "exporter/app/log.h"

namespace pgrepl {
namespace {

constexpr Seconds kSaveInterval{30};

}  // namespace

MemoryKeeper::MemoryKeeper(const std::string& path) {
  if (path.empty()) return;
  auto opened = MemoryStore::open(path);
  if (!opened) {
    failed(opened.error().message);
    return;
  }
  store_ = std::move(opened).value();
  if (store_->set_aside()) failed(store_->set_aside()->message);
}

ClusterMemory MemoryKeeper::load(const std::string& cluster, Instant now) {
  if (!store_) return {};
  const auto text = store_->load(cluster);
  if (!text) {
    failed(text.error().message);
    return {};
  }
  if (!text->has_value()) return {};
  auto memory = decode_memory(**text, now);
  if (memory) return std::move(memory).value();
  failed("what was stored of cluster " + cluster + " cannot be read: " + memory.error());
  return {};
}

void MemoryKeeper::save(const std::string& cluster, const ClusterMemory& memory, Instant now) {
  saved_[cluster] = now.steady;
  if (!store_) return;
  if (const auto error = store_->save(cluster, encode_memory(memory, now))) failed(error->message);
}

void MemoryKeeper::save_now_and_then(const std::string& cluster, const ClusterMemory& memory,
                                     Instant now) {
  const auto last = saved_.find(cluster);
  if (last != saved_.end() && elapsed(last->second, now.steady) < kSaveInterval) return;
  save(cluster, memory, now);
}

void MemoryKeeper::failed(const std::string& what) {
  ++errors_;
  log::warning("store: " + what + "; monitoring goes on without it");
}

}  // namespace pgrepl
