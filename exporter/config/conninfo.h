// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checks/base/result.h"
#include "exporter/config/secret.h"

namespace pgrepl {

/// A libpq connection string taken apart.
struct Conninfo {
  std::vector<std::pair<std::string, std::string>> keywords;  ///< as given, without the password
  Secret password;                                            ///< empty if none is given
};

/// Takes a connection string apart (keyword=value pairs or a postgresql:// URI) and refuses what
/// does not fit a monitor: several hosts, and keywords that the exporter sets itself.  It is libpq
/// that parses: this file and conninfo.cpp may use it, nothing is connected.  Errors never show a
/// value, since any piece of a malformed string may belong to a password.  Pure.
Result<Conninfo, std::vector<std::string>> parse_conninfo(const std::string& text);

/// The value of a keyword, of several the last one, as libpq has it; empty if it is not given.
/// Pure.
std::string keyword(const std::vector<std::pair<std::string, std::string>>& keywords,
                    std::string_view name);

}  // namespace pgrepl
