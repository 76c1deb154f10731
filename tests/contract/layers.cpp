// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/layers.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "tests/contract/known_headers.h"

namespace pgrepl::test {
namespace {

/// A folder and what it may include beside itself.
struct Layer {
  std::string_view folder;
  std::vector<std::string_view> below;
};

const std::vector<Layer>& layers() {
  static const std::vector<Layer> kLayers{
      {"checks/base/", {}},
      {"checks/model/", {"checks/base/"}},
      {"checks/thresholds/", {"checks/base/"}},
      {"checks/analysis/", {"checks/model/", "checks/base/"}},
      {"checks/catalogue/",
       {"checks/analysis/", "checks/thresholds/", "checks/model/", "checks/base/"}},
      {"checks/judge/",
       {"checks/catalogue/", "checks/analysis/", "checks/thresholds/", "checks/model/",
        "checks/base/"}},
      {"checks/nagios/",
       {"checks/judge/", "checks/catalogue/", "checks/analysis/", "checks/thresholds/",
        "checks/model/", "checks/base/"}},
      {"checks/plugin/", {"checks/base/"}},
      // what a folder of the core that has no line above may include
      {"checks/", {}},
      {"exporter/config/", {"checks/"}},
      {"exporter/store/", {"checks/"}},
      {"exporter/collect/", {"checks/", "exporter/config/"}},
      {"exporter/publish/", {"checks/", "exporter/config/"}},
      {"exporter/", {"checks/"}},
      {"alerts/", {"checks/"}},
      {"dashboards/", {"checks/"}},
      {"tests/", {"checks/", "exporter/", "alerts/", "dashboards/"}},
  };
  return kLayers;
}

/// A library and the folders that may see it.
struct ThirdParty {
  std::string_view header;
  std::vector<std::string_view> folders;
};

const std::vector<ThirdParty>& third_party() {
  static const std::vector<ThirdParty> kLibraries{
      {"civetweb", {"exporter/publish/"}},
      {"prometheus/", {"exporter/publish/"}},
      {"zlib", {"exporter/publish/", "tests/"}},
      {"nlohmann/", {"exporter/publish/", "tests/"}},
      // the grammar of a conninfo is libpq's own, so that its parser is used on reading, too
      {"libpq", {"exporter/collect/postgres/", "exporter/config/conninfo.cpp", "tests/"}},
      {"toml++/", {"exporter/config/"}},
      {"sqlite3", {"exporter/store/", "tests/"}},
      {"spdlog/", {"exporter/app/"}},
      {"fmt/", {"exporter/app/"}},
      {"CLI/", {"exporter/app/"}},
      {"pugixml", {"exporter/collect/pacemaker/"}},
      {"gtest/", {"tests/"}},
      {"gmock/", {"tests/"}},
      {"openssl/", {"exporter/publish/"}},
  };
  return kLibraries;
}

/// Calls that look at a clock or touch the world.
constexpr std::string_view kImpureCalls[] = {
    "::now(",        "gettimeofday(", "clock_gettime(", "std::time(",   "std::clock(",
    "time(nullptr)", "time(NULL)",    "localtime(",     "localtime_r(", "timespec_get(",
    "fopen(",        "fprintf(",      " printf(",       "std::printf(", "puts(",
    "putchar(",      "getenv("};

/// `<x>` or `"x"` of an #include line; what stands there otherwise, a macro, as if in quotes.
struct Include {
  std::string name;
  bool in_angles = false;
};

std::optional<Include> include_of(const std::string& line) {
  const std::size_t hash = line.find_first_not_of(" \t");
  if (hash == std::string::npos || line[hash] != '#') return std::nullopt;
  const std::size_t word = line.find_first_not_of(" \t", hash + 1);
  if (word == std::string::npos || line.compare(word, 7, "include") != 0) return std::nullopt;
  const std::size_t open = line.find_first_of("<\"", word);
  if (open == std::string::npos) return Include{line.substr(word), false};
  const std::size_t close = line.find_first_of(">\"", open + 1);
  return Include{line.substr(open + 1, close - open - 1), line[open] == '<'};
}

template <class Judge>
Faults judge_includes(const std::vector<SourceFile>& files, Judge judge) {
  Faults faults;
  for (const SourceFile& file : files)
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const auto include = include_of(file.lines[i]);
      if (include && !judge(file, *include))
        faults.push_back(fault(file, i, "must not include " + include->name));
    }
  return faults;
}

bool begins_with_any(std::string_view text, const std::vector<std::string_view>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](std::string_view prefix) { return text.starts_with(prefix); });
}

/// Longest folders stand first in the table, so that the first fit is the right one.
const Layer* layer_of(std::string_view path) {
  for (const Layer& layer : layers())
    if (path.starts_with(layer.folder)) return &layer;
  return nullptr;
}

/// Brackets do not hide a file of ours: the compiler searches the root for both kinds.
bool is_of_the_house(const Include& include) {
  constexpr std::string_view kRoots[] = {"checks/", "exporter/", "alerts/", "dashboards/",
                                         "tests/"};
  const std::string_view name = include.name;
  return !include.in_angles || name.starts_with('/') || name.find("..") != name.npos ||
         std::any_of(std::begin(kRoots), std::end(kRoots),
                     [&](std::string_view root) { return name.starts_with(root); });
}

bool is_allowed_by_layer(const SourceFile& file, const Include& include) {
  if (!is_of_the_house(include)) return true;
  const Layer* layer = layer_of(file.path);
  if (layer == nullptr || include.name.find('/') == std::string::npos) return false;
  if (include.name.find("..") != std::string::npos) return false;
  return include.name.starts_with(layer->folder) || begins_with_any(include.name, layer->below);
}

/// What nobody has listed is a library that nobody has decided to use.
bool is_allowed_third_party(const SourceFile& file, const Include& include) {
  for (const ThirdParty& library : third_party())
    if (include.name.starts_with(library.header))
      return begins_with_any(file.path, library.folders);
  if (is_of_the_house(include) || is_standard_header(include.name)) return true;
  if (is_posix_header(include.name)) return true;
  return is_linux_header(include.name) && !file.is_in("checks/");
}

bool is_pure(const SourceFile&, const Include& include) {
  return !include.in_angles || is_pure_header(include.name);
}

std::string without_comment(const std::string& line) { return line.substr(0, line.find("//")); }

Faults call_faults(const SourceFile& file) {
  Faults faults;
  for (std::size_t i = 0; i < file.lines.size(); ++i)
    for (const std::string_view call : kImpureCalls)
      if (without_comment(file.lines[i]).find(call) != std::string::npos)
        faults.push_back(fault(file, i, "must not call " + std::string(call) + ")"));
  return faults;
}

}  // namespace

Faults layer_faults(const std::vector<SourceFile>& files) {
  return judge_includes(files, is_allowed_by_layer);
}

Faults third_party_faults(const std::vector<SourceFile>& files) {
  return judge_includes(files, is_allowed_third_party);
}

Faults purity_faults(const std::vector<SourceFile>& files) {
  std::vector<SourceFile> core;
  for (const SourceFile& file : files)
    if (file.is_in("checks/") && !file.is_in("checks/plugin/")) core.push_back(file);
  Faults faults = judge_includes(core, is_pure);
  for (const SourceFile& file : core)
    for (const std::string& one : call_faults(file)) faults.push_back(one);
  return faults;
}

}  // namespace pgrepl::test
