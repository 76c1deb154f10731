// SPDX-License-Identifier: Apache-2.0
#include "exporter/config/telemetry_path.h"

#include <algorithm>
#include <array>

#include "exporter/config/problems.h"

namespace pgrepl {
namespace {

/// Paths that the exporter answers itself.
constexpr std::array<std::string_view, 4> kTakenPaths{"/", "/check", "/probe", "/runbook"};
constexpr std::array<std::string_view, 2> kTakenFolders{"/-/", "/api/"};

bool is_taken(std::string_view path) {
  return std::ranges::find(kTakenPaths, path) != kTakenPaths.end() ||
         std::ranges::any_of(kTakenFolders,
                             [&](std::string_view folder) { return path.starts_with(folder); });
}

/// Without escapes, query or anything that no address holds as it is.
bool is_plain(std::string_view path) {
  return std::ranges::all_of(
      path, [](char c) { return c > ' ' && c < '\x7f' && c != '?' && c != '#' && c != '%'; });
}

}  // namespace

std::optional<std::string> telemetry_path_fault(std::string_view path) {
  if (is_taken(path)) return in_quotes(path) + " serves another page";
  if (path.starts_with('/') && is_plain(path)) return std::nullopt;
  return in_quotes(path) + " is not a path such as \"/metrics\"";
}

}  // namespace pgrepl
