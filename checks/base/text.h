// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pgrepl {

/// `parts` with `separator` between them.  Pure.
std::string join(std::span<const std::string> parts, std::string_view separator);

/// The candidate that a misspelt `word` most likely meant: smallest edit distance, at most a third
/// of the word's length and at least 2.  Absent when nothing is near.  Pure.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

/// A text of unknown origin made fit for one line of output: control characters become a blank,
/// invalid UTF-8 becomes '?', and at most `limit` bytes are kept (cut at a character's edge, "..."
/// appended to them).  Pure.
std::string one_line(std::string_view text, std::size_t limit);

/// A text made fit for the sentence of a Nagios plugin: made one line as by one_line(), quotes left
/// out, and ';', '|', '=' and the other characters that monitoring cores treat specially replaced
/// by harmless ones.  Doing it twice changes nothing.  Pure.
std::string plugin_safe(std::string_view text);

}  // namespace pgrepl
