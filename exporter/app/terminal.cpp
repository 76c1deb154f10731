// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "exporter/publish/text_table.h"

namespace pgrepl {
namespace {

/// Wider lines are read less well.
constexpr std::size_t kWidest = 132;

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : value;
}

struct Screen {
  std::size_t rows = 1000, columns = 1000;
};

Screen screen() {
  winsize size{};
  Screen found;
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return found;
  if (size.ws_row > 0) found.rows = size.ws_row;
  if (size.ws_col > 0) found.columns = size.ws_col;
  return found;
}

/// Rows that a line takes, of which paint takes none.
std::size_t rows_of(std::string_view line, std::size_t columns) {
  std::string seen;
  bool in_paint = false;
  for (const char letter : line) {
    if (letter == '\x1b') in_paint = true;
    if (!in_paint) seen += letter;
    if (letter == 'm') in_paint = false;
  }
  return std::max<std::size_t>(1, (width_of(seen) + columns - 1) / columns);
}

}  // namespace

std::string cut_to_screen(const std::string& text) {
  const Screen full = screen();
  const std::size_t most = full.rows - 1;  // the cursor stands on the last one
  std::string cut;
  std::size_t used = 0, begin = 0;
  for (std::size_t end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    const std::string_view line = std::string_view{text}.substr(begin, end - begin);
    const std::size_t rows = rows_of(line, full.columns);
    const std::size_t kept_free = end + 1 < text.size() ? 1 : 0;  // to say that there is more
    if (used + rows + kept_free > most)
      return cut + "... and more: status without --watch shows all\x1b[K\n";
    cut.append(line).append("\x1b[K\n");
    used += rows;
  }
  return cut;
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
