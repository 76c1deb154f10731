// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "exporter/store/store_error.h"

namespace pgrepl {

/// SQLite's application_id of our files, "PGRP": by it a damaged store is told from a foreign file.
inline constexpr std::int32_t kStoreApplicationId = 0x50475250;

/// The error of a file, worded from an errno value.
StoreError file_error(const std::string& path, int code);

/// Makes sure that `path` is a regular file which only its owner may touch; makes an empty one if
/// there is none.  The error says why that fails.
std::optional<StoreError> prepare_store_file(const std::string& path);

/// Whether a file that SQLite cannot read was a store of ours: it has our mark, or holds nothing
/// but zeros, as after a power cut.  The file must not be open in this process, whose locks on it
/// would be lost.
bool was_store_file(const std::string& path);

/// Renames a damaged store, and its journals, to PATH.damaged-TIME.  Returns `error` with what was
/// done.
StoreError set_file_aside(const std::string& path, StoreError error);

}  // namespace pgrepl
