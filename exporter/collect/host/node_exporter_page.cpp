// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/host/node_exporter_page.h"

#include <array>

#include "checks/base/number.h"

namespace pgrepl {
namespace {

constexpr std::string_view kPrefix = "node_filesystem_";

/// Series whose number is kept; of the others only the mount point counts.
struct Column {
  std::string_view series;
  std::optional<double> MountNumbers::*field;
};
constexpr std::array kColumns{Column{"node_filesystem_size_bytes", &MountNumbers::size},
                              Column{"node_filesystem_free_bytes", &MountNumbers::free},
                              Column{"node_filesystem_avail_bytes", &MountNumbers::available}};

/// Stand-ins that share their mount point with the real filesystem.
bool is_stand_in(std::string_view fstype) { return fstype == "rootfs" || fstype == "autofs"; }

/// Takes a quoted label value off the front of `text`.
std::optional<std::string> take_quoted(std::string_view& text) {
  if (!text.starts_with('"')) return std::nullopt;
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return value;
    }
    if (text[i] != '\\') {
      value += text[i];
    } else if (++i < text.size()) {
      value += text[i] == 'n' ? '\n' : text[i];
    }
  }
  return std::nullopt;
}

struct Series {
  std::string_view name;
  std::string mountpoint, fstype;
  std::string_view value;
};

/// Takes `name="value"` off the front of `text`.
bool take_label(std::string_view& text, Series& series) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return false;
  const std::string_view name = text.substr(0, equals);
  text.remove_prefix(equals + 1);
  auto value = take_quoted(text);
  if (!value) return false;
  if (name == "mountpoint") series.mountpoint = std::move(*value);
  if (name == "fstype") series.fstype = std::move(*value);
  return true;
}

std::optional<Series> parse_series(std::string_view line) {
  const auto brace = line.find('{');
  if (brace == std::string_view::npos) return std::nullopt;
  Series series{.name = line.substr(0, brace)};
  line.remove_prefix(brace + 1);
  while (!line.starts_with('}')) {
    if (!take_label(line, series)) return std::nullopt;
    if (line.starts_with(',')) line.remove_prefix(1);
  }
  line.remove_prefix(1);
  series.value = line.substr(std::min(line.size(), line.find_first_not_of(' ')));
  return series;
}

bool keep(const Series& series, MountTable& mounts) {
  if (series.mountpoint.empty()) return false;
  MountNumbers& numbers = mounts[series.mountpoint];
  for (const Column& column : kColumns) {
    if (series.name != column.series) continue;
    const auto number = leading_number(series.value);
    if (!number) return false;
    numbers.*column.field = number->value;
  }
  return true;
}

Failure unreadable(std::string why) {
  return {.reason = FailureClass::other, .message = "node_exporter: " + std::move(why)};
}

}  // namespace

Result<MountTable, Failure> parse_mounts(std::string_view page) {
  MountTable mounts;
  std::size_t number = 0;
  while (!page.empty()) {
    const auto end = page.find('\n');
    if (end == std::string_view::npos) return Failed{unreadable("the page breaks off in a line")};
    const std::string_view line = page.substr(0, end);
    page.remove_prefix(end + 1);
    ++number;
    if (!line.starts_with(kPrefix)) continue;
    const auto series = parse_series(line);
    if (series && is_stand_in(series->fstype)) continue;
    if (!series || !keep(*series, mounts)) {
      return Failed{unreadable("line " + std::to_string(number) + " of the page cannot be read")};
    }
  }
  if (mounts.empty()) return Failed{unreadable("the page has no node_filesystem series")};
  return mounts;
}

Result<Filesystem, Failure> filesystem_of(const std::string& path, const MountTable& mounts) {
  const MountTable::value_type* best = nullptr;
  for (const auto& mount : mounts) {
    const std::string& point = mount.first;
    const bool holds = point == "/" || path == point || path.starts_with(point + "/");
    if (holds && (best == nullptr || point.size() > best->first.size())) best = &mount;
  }
  if (best == nullptr) return Failed{unreadable("no filesystem holds " + path)};
  const auto& [size, free, available] = best->second;
  if (!size || !free || !available) {
    return Failed{unreadable("no numbers for " + best->first + ", which holds " + path)};
  }
  return Filesystem{
      .mountpoint = best->first, .size = *size, .free = *free, .available = *available};
}

}  // namespace pgrepl
