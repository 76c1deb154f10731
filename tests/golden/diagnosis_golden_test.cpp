// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "checks/base/text.h"
#include "checks/catalogue/catalogue.h"
#include "checks/nagios/check_query.h"
#include "tests/golden/broken_pairs.h"
#include "tests/golden/golden_file.h"
#include "tests/support/remedies.h"

// What every check says in every situation, and what leads: each change of a rule is one line.
namespace pgrepl {
namespace {

using test::BrokenPair;
using test::ClusterBuilder;

ClusterReport report_of(const BrokenPair& situation) {
  ClusterBuilder pair;
  if (situation.was_healthy) pair.poll();
  situation.breaks(pair);
  for (int i = 0; i < 12; ++i) pair.poll();
  return pair.poll();
}

std::string first_line(const ClusterReport& report) {
  const ClusterReport* reports[] = {&report};
  const std::string clusters[] = {report.snapshot.cluster};
  const std::string text = answer({}, reports, clusters, report.snapshot.taken.steady).text;
  return text.substr(0, text.find_first_of("|\n"));
}

std::string name_of(std::string_view check, const std::string& node, const std::string& object) {
  std::string name{check};
  if (!node.empty()) name += " " + node;
  if (!object.empty()) name += " " + object;
  return name;
}

bool is_silent(const ClusterReport& report, const std::string& node) {
  for (const std::size_t i : report.analysis.silent) {
    if (report.snapshot.nodes[i].postgres.name == node) return true;
  }
  return false;
}

/// The verdicts that are not OK with their sentences, the others by name.
std::string matrix_of(const ClusterReport& report) {
  std::string bad;
  std::vector<std::string> fine, away;
  std::set<std::string_view> mute;
  for (const CheckRow& check : checks()) mute.insert(check.id);
  for (const CheckResult& result : report.results) {
    mute.erase(result.check);
    const std::string name = name_of(result.check, result.node, result.object);
    if (result.state == State::ok) {
      fine.push_back(name);
    } else {
      bad +=
          "  " + std::string{to_string(result.state)} + " " + name + ": " + result.summary + "\n";
    }
  }
  for (const AbsentCheck& absent : report.absent) {
    mute.erase(absent.check);
    if (absent.kind == Absence::Kind::not_configured) continue;
    std::string name = name_of(absent.check, absent.node, "");
    if (is_silent(report, absent.node)) name += " (" + absent.reason + ")";
    away.push_back(std::move(name));
  }
  mute.erase("data_freshness");  // judged by the reader's clock
  std::string text = bad + "  OK: " + join(fine, ", ") + "\n  not applicable: " + join(away, ", ");
  for (const std::string_view check : mute) text += "\n  MUTE: " + std::string{check};
  return text + "\n";
}

TEST(DiagnosisGolden, OfEveryBrokenPairIsAsCommitted) {
  std::string text;
  for (const BrokenPair& situation : test::broken_pairs()) {
    const ClusterReport report = report_of(situation);
    text += "# " + std::string{situation.story} + "\n" + first_line(report) + "\n" +
            matrix_of(report) + "\n";
  }
  test::expect_golden("diagnosis.txt", text);
}

/// What pgrepl knows nobody should have to fill in.
TEST(DiagnosisGolden, LeavesNothingInAFixToBeFilledIn) {
  int fixes = 0;
  for (const BrokenPair& situation : test::broken_pairs()) {
    for (const CheckResult& result : report_of(situation).results) {
      for (const std::string& line : result.fix) {
        ++fixes;
        for (const std::string& wrong : test::remedy_faults(line))
          ADD_FAILURE() << situation.story << ": " << result.check << ": " << wrong;
      }
    }
  }
  EXPECT_GT(fixes, 100);
}

/// Nagios takes apostrophes out of what plugins say.
TEST(DiagnosisGolden, HasNoSummaryThatLosesALetterInNagios) {
  for (const BrokenPair& situation : test::broken_pairs()) {
    for (const CheckResult& result : report_of(situation).results)
      EXPECT_EQ(result.summary.find('\''), std::string::npos) << result.summary;
  }
}

/// A check that is neither judged nor said not to apply would be missed by nobody.
TEST(DiagnosisGolden, LeavesNoCheckOfAnyNodeWithoutAWord) {
  for (const BrokenPair& situation : test::broken_pairs()) {
    const ClusterReport report = report_of(situation);
    for (const CheckRow& check : checks()) {
      if (check.id == "data_freshness") continue;
      std::set<std::string> told;
      for (const CheckResult& result : report.results)
        if (result.check == check.id) told.insert(result.node);
      for (const AbsentCheck& absent : report.absent)
        if (absent.check == check.id) told.insert(absent.node);
      if (told.contains("")) continue;  // of the cluster as a whole
      EXPECT_EQ(told.size(), report.snapshot.nodes.size()) << situation.story << ": " << check.id;
    }
  }
}

}  // namespace
}  // namespace pgrepl
