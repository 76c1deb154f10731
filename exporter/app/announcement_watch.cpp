// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/announcement_watch.h"

#include <condition_variable>
#include <mutex>
#include <utility>

namespace pgrepl {

/// Lives on while a read goes on, even after the watch.
struct AnnouncementWatch::Shared {
  Shared(Read how, Tell whom) : read(std::move(how)), tell(std::move(whom)) {}

  void run(const std::stop_token& stop, Seconds interval);

  const Read read;
  const Tell tell;
  std::mutex mutex;  ///< guards all that follows, and is held while `tell` runs
  std::condition_variable_any changed;
  bool reading = false;
};

void AnnouncementWatch::Shared::run(const std::stop_token& stop, Seconds interval) {
  std::unique_lock lock{mutex};
  while (!stop.stop_requested()) {
    reading = true;
    lock.unlock();
    const auto found = read();
    lock.lock();
    reading = false;
    if (found && !stop.stop_requested()) tell(*found);
    changed.wait_for(lock, stop, interval, [] { return false; });
  }
}

AnnouncementWatch::AnnouncementWatch(Read read, Tell tell, Seconds interval)
    : shared_(std::make_shared<Shared>(std::move(read), std::move(tell))) {
  thread_ = std::jthread{
      [shared = shared_, interval](const std::stop_token& stop) { shared->run(stop, interval); }};
}

AnnouncementWatch::~AnnouncementWatch() {
  thread_.request_stop();
  const std::lock_guard lock{shared_->mutex};
  if (shared_->reading) thread_.detach();
}

}  // namespace pgrepl
