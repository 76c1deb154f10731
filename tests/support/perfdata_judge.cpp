// SPDX-License-Identifier: Apache-2.0
#include "tests/support/perfdata_judge.h"

#include <algorithm>
#include <cstdlib>
#include <regex>
#include <set>

namespace pgrepl {
namespace {

constexpr std::size_t kNagiosFirstLine = 8191, kNrpeOutput = 15800;

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts{""};
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::string first_line_of(std::string_view output) {
  return std::string(output.substr(0, output.find('\n')));
}

bool matches(const std::string& text, const std::regex& pattern) {
  return std::regex_match(text, pattern);
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

const std::regex kNumber{R"(-?(\d+(\.\d*)?|\.\d+))"};
const std::regex kValue{R"((-?(?:\d+(?:\.\d*)?|\.\d+))(s|B|%|c)?|U)"};
const std::regex kRange{R"(@?((~|-?[\d.]+):)?(-?[\d.]+)?)"};
const std::regex kSentence{R"(PGREPL (OK|WARNING|CRITICAL|UNKNOWN) - \S.*)"};

bool is_number(const std::string& text) { return matches(text, kNumber); }

/// What is wrong with a threshold; empty: nothing.
std::string range_fault(const std::string& text) {
  if (text.empty()) return "";
  std::smatch parts;
  if (!std::regex_match(text, parts, kRange)) return "is not a range";
  const std::string start = parts[2], end = parts[3];
  if (end.empty() && !contains(text, ":")) return "is not a range";
  if (start.empty() && contains(text, ":")) return "has an empty start";
  if (!end.empty() && !is_number(end)) return "has no number for its end";
  if (start != "~" && !start.empty() && !is_number(start)) return "has no number for its start";
  const double from = start.empty() ? 0 : std::strtod(start.c_str(), nullptr);
  const bool bounded = start != "~" && !end.empty();
  return bounded && from > std::strtod(end.c_str(), nullptr) ? "starts behind its end" : "";
}

/// Collects sentences about one thing.
class Faults {
 public:
  void check(bool wrong, const std::string& sentence) {
    if (wrong) sentences_.push_back(sentence);
  }
  std::vector<std::string> take() { return std::move(sentences_); }

 private:
  std::vector<std::string> sentences_;
};

void judge_label(const std::string& label, Faults& faults) {
  const std::string at = "label " + label + ": ";
  faults.check(label.empty(), "an empty label");
  faults.check(label.find_first_of("'\"=|;,`") != std::string::npos,
               at + "a character cores misread");
  faults.check(contains(label, "::"), at + "check_multi's mark");
  for (const char c : label)
    faults.check(c <= ' ' || c > '~', at + "not printable ASCII, or a blank");
}

void judge_bounds(const PerfdataItem& item, Faults& faults) {
  const std::string at = "perfdata " + item.label + ": ";
  for (const std::string& bound : {item.minimum, item.maximum}) {
    faults.check(!bound.empty() && !is_number(bound),
                 at + "minimum or maximum " + bound + " is no number");
  }
  if (item.value == "U") return;
  const double value = std::strtod(item.value.c_str(), nullptr);
  faults.check(!item.minimum.empty() && value < std::strtod(item.minimum.c_str(), nullptr),
               at + "below its minimum");
  faults.check(!item.maximum.empty() && value > std::strtod(item.maximum.c_str(), nullptr),
               at + "above its maximum");
}

void judge_item(const std::string& text, std::set<std::string>& seen, Faults& faults) {
  const auto equals = text.find('=');
  if (equals == std::string::npos) return faults.check(true, "perfdata without '=': " + text);
  const std::string label = text.substr(0, equals);
  std::vector<std::string> fields = split(text.substr(equals + 1), ';');
  faults.check(fields.size() > 5, "perfdata " + label + ": more than five fields");
  fields.resize(5);

  judge_label(label, faults);
  faults.check(!seen.insert(label).second, "label " + label + ": twice");
  faults.check(!matches(fields[0], kValue), "perfdata " + label + ": value " + fields[0]);
  for (const std::string& range : {fields[1], fields[2]}) {
    const std::string fault = range_fault(range);
    faults.check(!fault.empty(), "perfdata " + label + ": threshold " + range + " " + fault);
  }
  judge_bounds({label, fields[0], fields[1], fields[2], fields[3], fields[4]}, faults);
}

void judge_perfdata(const std::string& perfdata, Faults& faults) {
  std::set<std::string> seen;
  for (const std::string& item : split(perfdata, ' ')) judge_item(item, seen, faults);
}

void judge_first_line(const std::string& line, Faults& faults) {
  const auto bar = line.find(" | ");
  const std::string sentence = line.substr(0, bar);
  faults.check(line.size() > kNagiosFirstLine, "the first line is cut by Nagios");
  faults.check(!matches(sentence, kSentence),
               "the sentence is not 'PGREPL STATE - ...': " + sentence);
  faults.check(sentence.find_first_of("`~$&|'\"<>;=") != std::string::npos,
               "a character in the sentence that cores misread: " + sentence);
  if (bar != std::string::npos) judge_perfdata(line.substr(bar + 3), faults);
}

/// The length of a character's first byte in UTF-8; 0 where it cannot begin one.
std::size_t utf8_length(unsigned char byte) {
  if (byte < 0x80) return 1;
  if (byte >= 0xC2 && byte < 0xE0) return 2;
  if (byte >= 0xE0 && byte < 0xF0) return 3;
  return byte >= 0xF0 && byte < 0xF5 ? 4 : 0;
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(static_cast<unsigned char>(text[at]));
    if (length == 0 || at + length > text.size()) return false;
    for (std::size_t i = 1; i < length; ++i) {
      if ((static_cast<unsigned char>(text[at + i]) & 0xC0) != 0x80) return false;
    }
    at += length;
  }
  return true;
}

bool is_control(char c) { return (c >= 0 && c < ' ' && c != '\n') || c == '\x7F'; }

}  // namespace

std::vector<PerfdataItem> perfdata_of(std::string_view output) {
  const std::string line = first_line_of(output);
  const auto bar = line.find('|');
  std::vector<PerfdataItem> items;
  if (bar == std::string::npos) return items;
  for (const std::string& text : split(line.substr(bar + 1), ' ')) {
    const auto equals = text.find('=');
    if (equals == std::string::npos) continue;
    std::vector<std::string> fields = split(text.substr(equals + 1), ';');
    fields.resize(5);
    items.push_back(
        {text.substr(0, equals), fields[0], fields[1], fields[2], fields[3], fields[4]});
  }
  return items;
}

std::vector<std::string> plugin_output_faults(std::string_view output) {
  Faults faults;
  const std::string first = first_line_of(output);
  faults.check(!output.ends_with('\n'), "no line break at the end");
  faults.check(output.ends_with("\n\n"), "a blank line at the end");
  faults.check(output.size() > kNrpeOutput, "more than NRPE brings");
  faults.check(!is_utf8(output), "not UTF-8");
  for (const char c : output) faults.check(is_control(c), "a control character");
  const std::size_t below = std::min(output.size(), first.size());
  faults.check(contains(output.substr(below), "|"), "a bar below the first line begins perfdata");
  judge_first_line(first, faults);
  return faults.take();
}

}  // namespace pgrepl
