// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/host/look.h"

#include "exporter/collect/host/http_fetch.h"
#include "exporter/collect/host/local_filesystem.h"
#include "exporter/collect/host/node_exporter_page.h"

namespace pgrepl {
namespace {

template <class Find>
std::vector<DirectorySpace> for_each(const std::vector<Directory>& directories, Find find) {
  std::vector<DirectorySpace> found;
  for (const auto& [purpose, path] : directories) {
    found.push_back({.purpose = purpose, .path = path, .filesystem = find(path)});
  }
  return found;
}

std::vector<DirectorySpace> ask_node_exporter(const std::string& url,
                                              const std::vector<Directory>& directories) {
  const auto page = http_get(url, {});
  if (!page) return all_failed(directories, page.error());
  const auto mounts = parse_mounts(*page);
  if (!mounts) return all_failed(directories, mounts.error());
  return for_each(directories,
                  [&](const std::string& path) { return filesystem_of(path, *mounts); });
}

}  // namespace

std::vector<DirectorySpace> look_at_host(const HostConfig& host,
                                         const std::vector<Directory>& directories) {
  if (host.source == HostSource::node_exporter) return ask_node_exporter(host.url, directories);
  return for_each(directories, local_filesystem);
}

std::vector<DirectorySpace> all_failed(const std::vector<Directory>& directories,
                                       const Failure& failure) {
  return for_each(directories, [&](const std::string&) { return Failed{failure}; });
}

}  // namespace pgrepl
