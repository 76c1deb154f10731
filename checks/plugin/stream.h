// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "checks/base/result.h"
#include "checks/plugin/deadline.h"

namespace pgrepl::plugin {

/// Bytes to and from a daemon.  What lies below (TCP today) is its business alone.
class Stream {
 public:
  virtual ~Stream() = default;

  /// Sends all of it; the reason if it cannot.
  virtual std::optional<std::string> send(std::string_view bytes, const Deadline& deadline) = 0;

  /// How many bytes have come into `buffer`; 0 at the end of the stream.
  virtual Result<std::size_t, std::string> receive(std::span<char> buffer,
                                                   const Deadline& deadline) = 0;
};

}  // namespace pgrepl::plugin
