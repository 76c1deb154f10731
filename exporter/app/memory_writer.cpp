// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/memory_writer.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <utility>

namespace pgrepl {

/// Lives on while a write goes on, even after the writer.
struct MemoryWriter::Shared {
  explicit Shared(Write function) : write(std::move(function)) {}

  void run(const std::stop_token& stop);

  const Write write;
  std::mutex mutex;  ///< guards all that follows
  std::condition_variable_any changed;
  std::map<std::string, std::string> waiting;  ///< cluster -> newest text
  bool writing = false;
};

void MemoryWriter::Shared::run(const std::stop_token& stop) {
  std::unique_lock lock{mutex};
  while (changed.wait(lock, stop, [this] { return !waiting.empty(); }) && !stop.stop_requested()) {
    const auto next = waiting.extract(waiting.begin());
    writing = true;
    lock.unlock();
    write(next.key(), next.mapped());
    lock.lock();
    writing = false;
    changed.notify_all();
  }
}

MemoryWriter::MemoryWriter(Write write) : shared_(std::make_shared<Shared>(std::move(write))) {
  thread_ = std::jthread{[shared = shared_](const std::stop_token& stop) { shared->run(stop); }};
}

MemoryWriter::~MemoryWriter() {
  thread_.request_stop();
  const std::lock_guard lock{shared_->mutex};
  if (shared_->writing) thread_.detach();
}

void MemoryWriter::put(const std::string& cluster, std::string text) {
  const std::lock_guard lock{shared_->mutex};
  shared_->waiting.insert_or_assign(cluster, std::move(text));
  shared_->changed.notify_all();
}

bool MemoryWriter::flush(Seconds patience) {
  std::unique_lock lock{shared_->mutex};
  return shared_->changed.wait_for(
      lock, patience, [this] { return shared_->waiting.empty() && !shared_->writing; });
}

}  // namespace pgrepl
