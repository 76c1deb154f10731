// SPDX-License-Identifier: Apache-2.0
#include "tests/support/remedies.h"

#include <algorithm>
#include <regex>
#include <sstream>

#include "checks/catalogue/catalogue.h"
#include "checks/judge/remedy.h"

namespace pgrepl::test {
namespace {

/// A line of a remedy, as what it may look like, and what stands in its places while nobody fills
/// them in.
struct Template {
  std::regex filled;
  std::vector<std::string> unfilled;
};

std::string escaped(const std::string& literal) {
  static const std::regex kSpecial(R"([.^$|()\[\]{}*+?\\/])");
  return std::regex_replace(literal, kSpecial, R"(\$&)");
}

Template template_of(const std::string& line) {
  static const std::regex kPlace(R"(\{(\w+)\})");
  Template made;
  std::string pattern, rest = line;
  for (std::smatch place; std::regex_search(rest, place, kPlace); rest = place.suffix()) {
    pattern += escaped(place.prefix()) + "(.*)";
    made.unfilled.push_back(fill_in(place.str(), {}).front());
  }
  made.filled = pattern + escaped(rest);
  return made;
}

std::vector<Template> all_templates() {
  std::vector<Template> all;
  for (const CheckRow& check : checks()) {
    for (const CauseRow& cause : check.causes) {
      std::istringstream remedy{std::string(cause.fix)};
      for (std::string line; std::getline(remedy, line);) all.push_back(template_of(line));
    }
  }
  return all;
}

}  // namespace

std::vector<std::string> remedy_faults(std::string_view line) {
  static const std::vector<Template> kTemplates = all_templates();
  // A plugin's text has no bar of its own, for that would begin its perfdata.
  const std::string text = std::regex_replace(std::string(line), std::regex("¦"), "|");
  std::vector<std::string> faults;
  bool is_known = false;
  for (const Template& remedy : kTemplates) {
    std::smatch places;
    if (!std::regex_match(text, places, remedy.filled)) continue;
    is_known = true;
    for (std::size_t i = 0; i < remedy.unfilled.size(); ++i) {
      const std::string& place = remedy.unfilled[i];
      if (places[i + 1] == place) faults.push_back(place + " is not filled in: " + text);
    }
  }
  if (!is_known) faults.push_back("of no remedy: " + text);
  return faults;
}

}  // namespace pgrepl::test
