// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "checks/base/time.h"
#include "checks/model/failure.h"

namespace pgrepl {

/// Spaces the attempts to connect to a server whose refusal stands until somebody changes a
/// configuration: each attempt costs the server a process and a line in its log.  The pause doubles
/// from one to the next, up to half a minute.  Confined to one thread.
class Backoff {
 public:
  /// The first pause is this long, less the jitter.
  explicit Backoff(Seconds first) : first_(first) {}

  /// Notes how an attempt failed.  A failure that may pass by itself ends the spacing, one of
  /// another class than before begins it anew.  `jitter`, from 0 to 1, shortens the pause, so that
  /// not all nodes are tried at the same moment.
  void note(const Failure& failure, SteadyTime now, double jitter);

  /// An attempt succeeded, or the configuration is new: the next attempt is due at once.
  void reset() { refusal_.reset(); }

  /// The refusal that makes an attempt at `now` useless.  Absent: one is due.
  std::optional<Failure> standing(SteadyTime now) const;

 private:
  Seconds first_;
  Seconds pause_{};  ///< the latest one, without its jitter
  SteadyTime retry_at_{};
  std::optional<Failure> refusal_;
};

}  // namespace pgrepl
