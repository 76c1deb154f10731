// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

// The words that encode_memory() and decode_memory() share.  A line is a word and its fields; see
// memory_fields.h for how a field is written.
namespace pgrepl::memory_format {

inline constexpr std::string_view kName = "pgrepl-memory";
inline constexpr int kVersion = 1;
inline constexpr std::string_view kTaken = "taken";  ///< the moment of writing, by both clocks
inline constexpr std::string_view kNever = "-";      ///< in place of a time that is absent
inline constexpr std::string_view kEnd = "end";  ///< the last line: proof that nothing is missing

}  // namespace pgrepl::memory_format
