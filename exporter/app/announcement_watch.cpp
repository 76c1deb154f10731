// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/announcement_watch.h"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "exporter/app/log.h"

namespace pgrepl {

/// Lives on while a read goes on, even after the watch.
struct AnnouncementWatch::Shared {
  Shared(Read how, Tell whom) : read(std::move(how)), tell(std::move(whom)) {}

  void run(const std::stop_token& stop, Seconds interval);
  class Reading;
  void look(const std::stop_token& stop, std::unique_lock<std::mutex>& lock);

  const Read read;
  const Tell tell;
  std::mutex mutex;  ///< guards all that follows, and is held while `tell` runs
  std::condition_variable_any changed;
  bool reading = false;
};

namespace {

void say(std::string_view why) {
  try {
    log::warning("announced maintenance cannot be looked for, and what was known before holds: " +
                 std::string{why});
  } catch (const std::exception&) {
    log::warning("announced maintenance cannot be looked for: out of memory");
  }
}

}  // namespace

/// The time of a read, in which the mutex is free; it is held again however the read ends.
class AnnouncementWatch::Shared::Reading {
 public:
  Reading(Shared& shared, std::unique_lock<std::mutex>& lock) : shared_(shared), lock_(lock) {
    shared_.reading = true;
    lock_.unlock();
  }
  ~Reading() {
    lock_.lock();
    shared_.reading = false;
  }
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

 private:
  Shared& shared_;
  std::unique_lock<std::mutex>& lock_;
};

void AnnouncementWatch::Shared::look(const std::stop_token& stop,
                                     std::unique_lock<std::mutex>& lock) {
  const auto found = [&] {
    const Reading while_it_lasts{*this, lock};
    return read();
  }();
  if (found && !stop.stop_requested()) tell(*found);
}

/// A machine that is short of memory or threads wants monitoring all the more.
void AnnouncementWatch::Shared::run(const std::stop_token& stop, Seconds interval) {
  std::unique_lock lock{mutex};
  bool failing = false;
  while (!stop.stop_requested()) {
    try {
      look(stop, lock);
      failing = false;
    } catch (const std::exception& error) {
      if (!stop.stop_requested() && !std::exchange(failing, true)) say(error.what());
    }
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
