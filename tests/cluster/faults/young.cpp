// SPDX-License-Identifier: Apache-2.0
#include "tests/cluster/faults/young.h"

#include <regex>
#include <set>
#include <sstream>

namespace pgrepl::test {
namespace {

/// "OK replication wallix-a2: ...", with a node and an object where it has them.
const std::regex kVerdict("[A-Z]+ (\\S+?)(?: (\\S+?))?(?: (\\S+?))?: .*");
/// "  OK for 3 s, this poll alone says CRITICAL".
const std::regex kEvidence("  [A-Z]+ for .*, this poll alone says (WARNING|CRITICAL|UNKNOWN).*");

void read_young(const std::string& text, std::vector<Status>& found) {
  std::istringstream lines(text);
  Status last;
  for (std::string line; std::getline(lines, line);) {
    std::smatch part;
    if (std::regex_match(line, part, kEvidence)) {
      last.value = status_of(part[1].str());
      found.push_back(last);
    } else if (std::regex_match(line, part, kVerdict)) {
      last = {
          .check = part[1], .node = part[2], .object = part[3], .value = 0, .cause = "too young"};
    }
  }
}

}  // namespace

std::vector<Status> young_findings(const ExporterProcess& exporter, const MetricsPage& page) {
  std::set<std::string> checks;
  for (const Status& status : statuses(page)) checks.insert(status.check);
  std::vector<Status> found;
  for (const std::string& check : checks)
    read_young(exporter.get("/check?verbose=2&check=" + check).body, found);
  return found;
}

}  // namespace pgrepl::test
