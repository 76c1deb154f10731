// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <thread>

#include "checks/base/time.h"
#include "exporter/store/announcement.h"

namespace pgrepl {

/// Looks again and again for maintenance that commands have announced, in a thread of its own,
/// because a disk may hang and polling must not hang with it.
class AnnouncementWatch {
 public:
  using Read = std::function<std::optional<Announcements>()>;
  using Tell = std::function<void(const Announcements&)>;

  /// Both are called in the watch's thread only.  `read` may hang and owns what it uses; `tell`
  /// must not hang, and is called no more once the watch is destroyed.  What they throw is logged
  /// once, until a look succeeds again, and the watch goes on.
  AnnouncementWatch(Read read, Tell tell, Seconds interval = Seconds{2});
  /// Does not wait for a read that goes on: it ends by itself and touches nothing of this object.
  ~AnnouncementWatch();
  AnnouncementWatch(const AnnouncementWatch&) = delete;
  AnnouncementWatch& operator=(const AnnouncementWatch&) = delete;

 private:
  struct Shared;

  std::shared_ptr<Shared> shared_;
  std::jthread thread_;
};

}  // namespace pgrepl
