// SPDX-License-Identifier: Apache-2.0
#include "tests/support/page_judge.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include "checks/base/utf8.h"

namespace pgrepl::test {
namespace {

constexpr std::array<std::string_view, 5> kTypes{"counter", "gauge", "histogram", "summary",
                                                 "untyped"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Prometheus's grammar of names; `extra` is ':' for metrics, which labels may not have.
bool is_name(std::string_view text, char extra) {
  const auto fits = [&](char c) {
    return is_letter(c) || is_digit(c) || (extra != 0 && c == extra);
  };
  return !text.empty() && !is_digit(text.front()) && std::ranges::all_of(text, fits);
}
bool is_metric_name(std::string_view text) { return is_name(text, ':'); }
bool is_label_name(std::string_view text) { return is_name(text, 0); }

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const Utf8Character next = first_character(text);
    if (!next.code) return false;
    text.remove_prefix(next.length);
  }
  return true;
}

/// A backslash stands only before one of `allowed`.
bool escapes_are_valid(std::string_view text, std::string_view allowed) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') continue;
    if (i + 1 == text.size() || allowed.find(text[i + 1]) == text.npos) return false;
    ++i;
  }
  return true;
}

std::string_view take_word(std::string_view& rest) {
  const auto end = std::min(rest.find(' '), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return word;
}

using Labels = std::vector<std::pair<std::string_view, std::string_view>>;

/// Where the closing quote of a value that begins at `text` stands.
std::size_t find_closing_quote(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      return i;
  }
  return std::string_view::npos;
}

/// Cuts `name="value"` off; absent if that is not what stands there.
std::optional<std::pair<std::string_view, std::string_view>> take_label(std::string_view& rest) {
  const auto equals = rest.find("=\"");
  if (equals == rest.npos) return std::nullopt;
  const std::string_view name = rest.substr(0, equals);
  rest.remove_prefix(equals + 2);
  const auto quote = find_closing_quote(rest);
  if (quote == rest.npos) return std::nullopt;
  const std::string_view value = rest.substr(0, quote);
  rest.remove_prefix(quote + 1);
  return std::pair{name, value};
}

/// Cuts "{a="1",b="2"}" off, if there is one; absent if it is broken.
std::optional<Labels> take_labels(std::string_view& rest) {
  Labels labels;
  if (!rest.starts_with('{')) return labels;
  do {
    rest.remove_prefix(1);  // the brace, or a comma
    const auto label = take_label(rest);
    if (!label) return std::nullopt;
    labels.push_back(*label);
  } while (rest.starts_with(','));
  if (!rest.starts_with('}')) return std::nullopt;
  rest.remove_prefix(1);
  return labels;
}

std::optional<double> parse_value(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

class Judge {
 public:
  std::vector<std::string> judge(std::string_view page) {
    if (!page.empty() && page.back() != '\n') complain("the page does not end with a line break");
    while (!page.empty()) {
      ++line_;
      const auto end = std::min(page.find('\n'), page.size());
      judge_line(page.substr(0, end));
      page.remove_prefix(std::min(end + 1, page.size()));
    }
    close_family();
    return std::move(complaints_);
  }

 private:
  void complain(const std::string& what) {
    complaints_.push_back("line " + std::to_string(line_) + ": " + what);
  }

  void judge_line(std::string_view line) {
    if (!is_utf8(line)) complain("not UTF-8");
    if (line.starts_with("# HELP ")) return judge_help(line.substr(7));
    if (line.starts_with("# TYPE ")) return judge_type(line.substr(7));
    if (line.empty() || line.starts_with('#')) return complain("neither HELP, TYPE nor a sample");
    judge_sample(line);
  }

  void judge_help(std::string_view rest) {
    close_family();
    family_ = take_word(rest);
    type_.clear();
    series_.clear();
    if (!is_metric_name(family_)) complain("'" + family_ + "' is no metric name");
    if (!families_.insert(family_).second) complain("family " + family_ + " stands twice");
    if (rest.empty()) complain("HELP of " + family_ + " is empty");
    if (!escapes_are_valid(rest, "\\n")) complain("HELP of " + family_ + " has a broken escape");
  }

  void judge_type(std::string_view rest) {
    const std::string_view name = take_word(rest);
    if (name != family_) return complain("TYPE of " + std::string(name) + " without its HELP");
    if (!type_.empty()) complain("TYPE of " + family_ + " stands twice");
    if (!series_.empty()) complain("TYPE of " + family_ + " stands behind its samples");
    type_ = rest;
    if (std::ranges::find(kTypes, type_) == kTypes.end()) complain("unknown type " + type_);
    if (family_.ends_with("_total") != (type_ == "counter")) {
      complain(family_ + " is a " + type_ + ": counters end in _total, and only they");
    }
  }

  void judge_sample(std::string_view line) {
    const auto name_end = std::min(line.find_first_of("{ "), line.size());
    const std::string_view name = line.substr(0, name_end);
    if (name != family_ || type_.empty()) {
      return complain(std::string(name) + " stands outside of its family");
    }
    std::string_view rest = line.substr(name_end);
    const auto labels = take_labels(rest);
    if (!labels || !rest.starts_with(' ')) return complain("the labels cannot be read");
    judge_labels(*labels);
    judge_value(rest.substr(1));
  }

  void judge_labels(Labels labels) {
    std::vector<std::string> names;
    for (const auto& [name, value] : labels) {
      names.emplace_back(name);
      if (!is_label_name(name)) complain("'" + names.back() + "' is no label name");
      if (!escapes_are_valid(value, "\\n\""))
        complain("label " + names.back() + " has a broken escape");
    }
    std::ranges::sort(names);
    if (std::ranges::adjacent_find(names) != names.end()) complain("a label stands twice");
    if (series_.empty()) label_names_ = names;
    if (names != label_names_) complain("series of " + family_ + " differ in their label names");
    std::ranges::sort(labels);
    if (!series_.insert(labels).second) complain("a series of " + family_ + " stands twice");
  }

  void judge_value(std::string_view text) {
    const auto value = parse_value(text);
    if (!value) return complain("'" + std::string(text) + "' is no value");
    if (std::isnan(*value)) complain("not a number: what is unknown must be absent");
    if (type_ == "counter" && *value < 0) complain("a counter below 0");
  }

  void close_family() {
    if (family_.empty()) return;
    if (type_.empty()) complain("family " + family_ + " has no TYPE");
    if (series_.empty()) complain("family " + family_ + " has no series");
  }

  std::vector<std::string> complaints_;
  int line_ = 0;
  std::set<std::string> families_;
  std::string family_, type_;
  std::vector<std::string> label_names_;  ///< of the family's first series
  std::set<Labels> series_;               ///< of this family
};

}  // namespace

std::vector<std::string> judge_page(std::string_view page) { return Judge().judge(page); }

}  // namespace pgrepl::test
