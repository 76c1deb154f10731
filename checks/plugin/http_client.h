// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checks/base/result.h"
#include "checks/plugin/deadline.h"
#include "checks/plugin/http_response.h"
#include "checks/plugin/stream.h"

namespace pgrepl::plugin {

/// Names and values of a question, in order.
using QueryParameters = std::vector<std::pair<std::string_view, std::string>>;

/// "path?name=value&..." with everything escaped that could be misread.  Pure.
std::string with_query(std::string path, const QueryParameters& parameters);

/// Asks over a stream that is open, for one answer.  `host` is that of the Host header.  The error
/// is a short text that tells what the other side did, such as "no answer within 3 s".
Result<HttpResponse, std::string> http_get(Stream& stream, std::string_view host,
                                           std::string_view path, const Deadline& deadline);

}  // namespace pgrepl::plugin
