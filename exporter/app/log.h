// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

// The one door to the log.  Messages are lower case, one line, and never hold a secret.
// Thread-safe.
namespace pgrepl::log {

enum class Level { debug, info, warning, error };

/// Sets level ("debug", "info", "warn", "error") and format ("logfmt" or "json"); the log goes to
/// standard error.  False, and nothing changes, for any other word.
bool configure(const std::string& level, const std::string& format);

void write(Level level, std::string_view message);
inline void info(std::string_view message) { write(Level::info, message); }
inline void warning(std::string_view message) { write(Level::warning, message); }
inline void error(std::string_view message) { write(Level::error, message); }

}  // namespace pgrepl::log
