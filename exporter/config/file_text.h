// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "checks/base/result.h"

namespace pgrepl {

/// The system's words for an errno value, beginning in lower case.
std::string errno_words(int code);

/// Who may read a file.
enum class Privacy { any, owner_only };

/// A whole file of at most `most` bytes.  owner_only demands a regular file that neither group nor
/// others may touch, as libpq does of its passfile.  The error is one sentence without the file's
/// name.
Result<std::string, std::string> read_file_text(const std::string& path, std::size_t most,
                                                Privacy privacy);

}  // namespace pgrepl
