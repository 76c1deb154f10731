// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/source_tree.h"

#include <algorithm>
#include <fstream>

namespace pgrepl::test {
namespace {

constexpr const char* kFolders[] = {"checks", "exporter", "alerts", "dashboards", "tests"};

SourceFile read_source(const std::filesystem::path& root, const std::filesystem::path& path) {
  SourceFile file{path.lexically_relative(root).generic_string(), {}};
  std::ifstream stream(path);
  for (std::string line; std::getline(stream, line);) file.lines.push_back(line);
  return file;
}

}  // namespace

std::vector<SourceFile> read_source_tree(const std::filesystem::path& root) {
  std::vector<SourceFile> files;
  for (const std::filesystem::path folder : kFolders) {
    if (!std::filesystem::exists(root / folder)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      const auto extension = entry.path().extension();
      if (extension == ".h" || extension == ".cpp")
        files.push_back(read_source(root, entry.path()));
    }
  }
  std::sort(files.begin(), files.end(),
            [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return files;
}

std::string fault(const SourceFile& file, std::size_t index, const std::string& what) {
  return file.path + ":" + std::to_string(index + 1) + ": " + what;
}

std::string listed(const Faults& faults) {
  std::string text;
  for (const std::string& one : faults) text += one + "\n";
  return text;
}

}  // namespace pgrepl::test
