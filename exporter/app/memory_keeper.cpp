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
  if (path_.empty()) return {};
  const std::unique_lock lock{mutex_, kPatience};
  std::optional<ClusterMemory> memory;
  if (lock.owns_lock()) {
    memory = read(cluster, now);
  } else {  // a save hangs with its disk
    ++errors_;
    say_("store: busy for too long; cluster " + cluster + " begins without what was stored of it");
  }
  const std::lock_guard late{late_mutex_};
  found_.erase(cluster);
  unread_.erase(cluster);
  if (!memory) unread_.insert(cluster);
  return std::move(memory).value_or(ClusterMemory{});
}

void MemoryKeeper::save(const std::string& cluster, const std::string& text, Instant now) {
  if (path_.empty()) return;
  const std::lock_guard lock{mutex_};
  if (!may_write_over(cluster, now) || !ensure_open(now.steady)) return;
  if (const auto error = store_->save(cluster, text)) {
    failed(error->message);
  } else {
    worked();
  }
}

std::optional<ClusterMemory> MemoryKeeper::found(const std::string& cluster) {
  const std::lock_guard late{late_mutex_};
  auto node = found_.extract(cluster);
  return node.empty() ? std::nullopt : std::optional{std::move(node.mapped())};
}

/// A store that is not open is opened by load() and save(), which also say why it cannot be.
std::optional<Announcements> MemoryKeeper::announcements() {
  const std::unique_lock lock{mutex_, kPatience};
  if (!lock.owns_lock() || !store_) return std::nullopt;
  auto all = store_->announcements();
  if (all) return std::move(all).value();
  failed(all.error().message);
  return std::nullopt;
}

/// Reads what lies there, unless load() has: what was not read would be lost.
bool MemoryKeeper::may_write_over(const std::string& cluster, Instant now) {
  {
    const std::lock_guard late{late_mutex_};
    if (!unread_.contains(cluster)) return true;
  }
  auto memory = read(cluster, now);
  if (!memory) return false;
  const std::lock_guard late{late_mutex_};
  unread_.erase(cluster);
  if (*memory == ClusterMemory{}) return true;
  found_.insert_or_assign(cluster, std::move(*memory));
  return false;
}

/// What is stored; an empty memory if that is nothing or of no use.  Absent: that is not known.
std::optional<ClusterMemory> MemoryKeeper::read(const std::string& cluster, Instant now) {
  if (!ensure_open(now.steady)) return std::nullopt;
  const auto text = store_->load(cluster);
  if (!text) {
    failed(text.error().message);
    return std::nullopt;
  }
  if (!*text) return ClusterMemory{};
  auto memory = decode_memory(**text, now);
  if (memory) return std::move(memory).value();
  if (!set_aside(cluster, **text, memory.error())) return std::nullopt;
  return ClusterMemory{};
}

/// Keeps a text that is no memory, perhaps because a newer version wrote it.
bool MemoryKeeper::set_aside(const std::string& cluster, const std::string& text,
                             const std::string& why) {
  const std::string name = cluster + " (unreadable)";  // no cluster may be called so
  if (const auto error = store_->save(name, text)) {
    failed(error->message);
    return false;
  }
  ++errors_;
  say_("store: what was stored of cluster " + cluster + " cannot be read: " + why +
       "; it is kept there as \"" + name + "\"");
  return true;
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
