// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace pgrepl {
namespace {

/// Wider lines are read less well.
constexpr std::size_t kWidest = 132;

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : value;
}

}  // namespace

std::optional<std::size_t> output_lines() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0) return std::nullopt;
  return size.ws_row;
}

bool output_is_terminal() { return ::isatty(STDOUT_FILENO) != 0; }

TerminalStyle output_style() {
  TerminalStyle style;
  if (!output_is_terminal()) return style;
  style.colour = environment("NO_COLOR").empty() && environment("TERM") != "dumb";
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    style.width = std::clamp<std::size_t>(size.ws_col, style.width, kWidest);
  }
  return style;
}

}  // namespace pgrepl
