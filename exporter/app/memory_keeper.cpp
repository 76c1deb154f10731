// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/memory_keeper.h"

#include <chrono>
#include <utility>

namespace pgrepl {
namespace {

constexpr Seconds kOpenInterval{30};
constexpr std::chrono::seconds kPatience{1};

}  // namespace

MemoryKeeper::MemoryKeeper(std::string path, Say say)
    : path_(std::move(path)), say_(std::move(say)) {}

ClusterMemory MemoryKeeper::load(const std::string& cluster, Instant now) {
  const auto text = read(cluster, now.steady);
  if (!text) return {};
  auto memory = decode_memory(*text, now);
  if (memory) return std::move(memory).value();
  ++errors_;
  say_("store: what was stored of cluster " + cluster + " cannot be read: " + memory.error());
  return {};
}

std::optional<std::string> MemoryKeeper::read(const std::string& cluster, SteadyTime now) {
  if (path_.empty()) return std::nullopt;
  const std::unique_lock lock{mutex_, kPatience};
  if (!lock.owns_lock()) {  // a save hangs with its disk
    ++errors_;
    say_("store: busy for too long; cluster " + cluster + " begins without what was stored of it");
    return std::nullopt;
  }
  if (!ensure_open(now)) return std::nullopt;
  auto text = store_->load(cluster);
  if (text) return std::move(text).value();
  failed(text.error().message);
  return std::nullopt;
}

void MemoryKeeper::save(const std::string& cluster, const std::string& text, SteadyTime now) {
  if (path_.empty()) return;
  const std::lock_guard lock{mutex_};
  if (!ensure_open(now)) return;
  if (const auto error = store_->save(cluster, text)) {
    failed(error->message);
  } else {
    worked();
  }
}

bool MemoryKeeper::ensure_open(SteadyTime now) {
  if (store_) return true;
  if (tried_ && elapsed(*tried_, now) < kOpenInterval) {
    ++errors_;
    return false;
  }
  tried_ = now;
  auto opened = MemoryStore::open(path_);
  if (!opened) {
    failed(opened.error().message);
    return false;
  }
  store_ = std::move(opened).value();
  if (store_->set_aside()) failed(store_->set_aside()->message);
  return true;
}

void MemoryKeeper::failed(const std::string& what) {
  ++errors_;
  if (what != fault_) say_(what + "; monitoring goes on without it");
  fault_ = what;
}

void MemoryKeeper::worked() {
  if (!fault_.empty()) say_("store: works again");
  fault_.clear();
}

}  // namespace pgrepl
