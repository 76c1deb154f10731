// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace pgrepl::test {

/// A C++ file of ours.
struct SourceFile {
  std::string path;  ///< from the root, with '/'
  std::vector<std::string> lines;

  bool is_header() const { return path.ends_with(".h"); }
  bool is_in(const std::string& folder) const { return path.starts_with(folder); }
};

/// All .h and .cpp files of our folders, sorted by path.
std::vector<SourceFile> read_source_tree(const std::filesystem::path& root);

/// A rule that a line breaks, as `path:line: what`.
using Faults = std::vector<std::string>;
std::string fault(const SourceFile& file, std::size_t index, const std::string& what);

/// All faults, one a line, for a test's message.
std::string listed(const Faults& faults);

}  // namespace pgrepl::test
