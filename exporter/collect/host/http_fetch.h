// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "checks/base/result.h"
#include "checks/base/time.h"
#include "checks/model/failure.h"

namespace pgrepl {

/// Bounds of one request.
struct HttpLimits {
  Seconds timeout{4};  ///< for everything but the name lookup, which cannot be bounded
  std::size_t most_bytes = 8U << 20U;  ///< of the whole answer
};

/// Gets a page by plain HTTP.  Anything but status 200 with a complete body is a failure.  Waits,
/// at most for as long as the limits say and the name lookup takes.  Thread-safe.
Result<std::string, Failure> http_get(const std::string& url, const HttpLimits& limits);

}  // namespace pgrepl
