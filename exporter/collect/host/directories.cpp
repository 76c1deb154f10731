// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/host/directories.h"

#include <filesystem>

namespace pgrepl {
namespace {

std::string configured(const HostConfig& host, DirectoryPurpose purpose) {
  const auto found = host.paths.find(purpose);
  return found == host.paths.end() ? std::string{} : found->second;
}

/// Without "..", doubled slashes and a slash at the end, so that paths can be compared.
std::string normal(const std::string& path) {
  std::string text = std::filesystem::path{path}.lexically_normal().string();
  if (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text;
}

}  // namespace

std::vector<Directory> directories_of(const HostConfig& host, const std::string& data_directory) {
  std::string data = configured(host, DirectoryPurpose::data);
  if (data.empty()) data = data_directory;
  std::string wal = configured(host, DirectoryPurpose::wal);
  if (wal.empty() && !data.empty()) wal = data + "/pg_wal";

  std::vector<Directory> directories;
  const auto add = [&](DirectoryPurpose purpose, const std::string& path) {
    if (!path.empty()) directories.push_back({.purpose = purpose, .path = normal(path)});
  };
  add(DirectoryPurpose::data, data);
  add(DirectoryPurpose::wal, wal);
  add(DirectoryPurpose::archive, configured(host, DirectoryPurpose::archive));
  return directories;
}

}  // namespace pgrepl
