// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "checks/base/time.h"

namespace pgrepl {

/// Writes texts in a thread of its own, because a disk may hang and polling must not hang with it.
/// Of what waits, only a cluster's newest text is written.  Thread-safe.
class MemoryWriter {
 public:
  using Write = std::function<void(const std::string& cluster, const std::string& text)>;

  /// `write` is called in the writer's thread only; it must not throw, and owns what it uses.
  explicit MemoryWriter(Write write);
  /// Does not wait for a write that goes on: it ends by itself and touches nothing of this object.
  /// What still waits is not written; see flush().
  ~MemoryWriter();
  MemoryWriter(const MemoryWriter&) = delete;
  MemoryWriter& operator=(const MemoryWriter&) = delete;

  /// Hands a text over, in place of an older one that is not written yet.  Waits for no disk.
  void put(const std::string& cluster, std::string text);

  /// Waits until all is written.  False: it is not, after `patience`.
  bool flush(Seconds patience);

 private:
  struct Shared;

  std::shared_ptr<Shared> shared_;
  std::jthread thread_;
};

}  // namespace pgrepl
