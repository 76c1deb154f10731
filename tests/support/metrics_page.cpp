// SPDX-License-Identifier: Apache-2.0
#include "tests/support/metrics_page.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace pgrepl::test {
namespace {

/// Reads one series from left to right.
class Line {
 public:
  explicit Line(std::string_view text) : text_(text), rest_(text) {}

  Series read() {
    Series series;
    series.name = until("{ ");
    if (accept('{')) read_labels(series.labels);
    expect(' ');
    series.value = number(until(" "));
    return series;
  }

 private:
  void read_labels(Labels& labels) {
    while (!accept('}')) {
      const std::string name = until("=");
      expect('=');
      expect('"');
      if (!labels.emplace(name, quoted()).second) fail("a label twice");
      if (!accept(',') && !rest_.starts_with('}')) fail("no comma");
    }
  }

  std::string quoted() {
    std::string value;
    while (!accept('"')) {
      const bool escaped = accept('\\');
      if (rest_.empty()) fail("an open quote");
      value += escaped && rest_[0] == 'n' ? '\n' : rest_[0];
      rest_.remove_prefix(1);
    }
    return value;
  }

  double number(const std::string& word) {
    if (word == "NaN" || word == "Nan") return std::numeric_limits<double>::quiet_NaN();
    if (word == "+Inf") return std::numeric_limits<double>::infinity();
    if (word == "-Inf") return -std::numeric_limits<double>::infinity();
    std::size_t used = 0;
    double value = 0;
    try {
      value = std::stod(word, &used);
    } catch (const std::logic_error&) {
      fail("no number");
    }
    if (used != word.size()) fail("no number");
    return value;
  }

  std::string until(std::string_view stops) {
    const std::size_t end = std::min(rest_.find_first_of(stops), rest_.size());
    if (end == 0) fail("a word is missing");
    const std::string word(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return word;
  }

  bool accept(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void expect(char c) {
    if (!accept(c)) fail(std::string("no ") + c);
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error("metrics page: " + what + ": " + std::string(text_));
  }

  std::string_view text_, rest_;
};

bool has_labels(const Series& series, const Labels& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const auto& label) {
    const auto found = series.labels.find(label.first);
    return found != series.labels.end() && found->second == label.second;
  });
}

}  // namespace

MetricsPage::MetricsPage(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) throw std::runtime_error("metrics page: last line is cut");
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (!line.empty() && !line.starts_with('#')) series_.push_back(Line(line).read());
  }
}

std::vector<Series> MetricsPage::series(std::string_view name, const Labels& labels) const {
  std::vector<Series> found;
  for (const Series& series : series_)
    if (series.name == name && has_labels(series, labels)) found.push_back(series);
  return found;
}

std::optional<double> MetricsPage::value(std::string_view name, const Labels& labels) const {
  const std::vector<Series> found = series(name, labels);
  if (found.size() > 1) throw std::runtime_error("several series of " + std::string(name));
  return found.empty() ? std::nullopt : std::optional(found[0].value);
}

}  // namespace pgrepl::test
