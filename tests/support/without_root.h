// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace pgrepl::test {

/// What `ask` answers in a process of its own that has given root up, for root may read, write and
/// listen wherever it likes.  Throws when that process ends without an answer.  To be called while
/// this one has no other threads.
std::string without_root(const std::function<std::string()>& ask);

/// Makes that process the owner of a folder and all that it holds; without root it is already.
void give_to_nobody(const std::filesystem::path& folder);

}  // namespace pgrepl::test
