// SPDX-License-Identifier: Apache-2.0
#include "checks/judge/root_cause.h"

#include <gtest/gtest.h>
#include <time.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "checks/catalogue/catalogue.h"
#include "checks/catalogue/dependence.h"

namespace pgrepl {
namespace {

CheckResult finding(std::string_view check, std::string node, std::string_view cause,
                    State state = State::critical) {
  return {
      .check = check, .node = std::move(node), .state = state, .raw_state = state, .cause = cause};
}

CheckResult hidden(std::string_view check, std::string node, std::string by) {
  CheckResult result = finding(check, std::move(node), "none", State::unknown);
  result.other_node = std::move(by);
  return result;
}

CheckResult about(CheckResult result, std::string other) {
  result.other_node = std::move(other);
  return result;
}

std::string_view led_by(const std::vector<CheckResult>& results) {
  const CheckResult* root = root_cause(results);
  return root == nullptr ? "nothing" : root->check;
}

TEST(RootCause, IsNothingWithoutAResult) {
  EXPECT_EQ(find_lead({}).result, nullptr);
  EXPECT_EQ(heaviest_state(std::vector<CheckResult>{}), State::unknown);
}

TEST(RootCause, IsTheFirstResultWhileAllIsFine) {
  const std::vector<CheckResult> results{finding("node_up", "a1", "none", State::ok),
                                         finding("settings", "a1", "none", State::ok)};
  EXPECT_EQ(led_by(results), "node_up");
  EXPECT_EQ(heaviest_state(results), State::ok);
}

TEST(RootCause, LeadsThoughItStandsBehindWhatFollowsFromIt) {
  const std::vector<CheckResult> results{about(finding("replication", "a2", "slot_lost"), "a1"),
                                         finding("sync_state", "a2", "no_standby"),
                                         about(finding("slot_wal_status", "a1", "lost"), "a2")};
  const Lead lead = find_lead(pointers_to(results));
  EXPECT_EQ(lead.result->check, "slot_wal_status");
  EXPECT_EQ(lead.followers, 2U);
}

TEST(RootCause, LeadsThoughItWeighsLess) {
  const std::vector<CheckResult> results{finding("wal_directory", "a1", "archive"),
                                         finding("archive", "a1", "command_fails", State::warning)};
  EXPECT_EQ(led_by(results), "archive");
  EXPECT_EQ(heaviest_state(results), State::critical);
}

TEST(RootCause, IsNotAFindingFromWhichNothingHeavyFollows) {
  const std::vector<CheckResult> results{finding("archive", "a1", "command_fails", State::warning),
                                         finding("sync_state", "a2", "async")};
  EXPECT_EQ(led_by(results), "sync_state");
}

TEST(RootCause, IsTheOneFromWhichMostFollows) {
  std::vector<CheckResult> results{
      finding("node_up", "a3", "refused"), finding("cluster_role", "", "two_primaries"),
      hidden("replication", "a1", ""), hidden("replication", "a2", "")};
  EXPECT_EQ(led_by(results), "cluster_role");
  results = {finding("sync_state", "a2", "async"), finding("disk_usage", "a1", "filling_up")};
  EXPECT_EQ(led_by(results), "sync_state") << "among equals the catalogue's order counts";
}

TEST(RootCause, OfWhatASilentNodeHidesIsThatNode) {
  const std::vector<CheckResult> results{
      finding("node_up", "a1", "refused"), finding("node_up", "a2", "refused"),
      hidden("replay_lag", "a2", "a2"), hidden("settings", "a2", "a2"),
      hidden("archive", "a1", "a1")};
  const Lead lead = find_lead(pointers_to(results));
  EXPECT_EQ(lead.result->node, "a2") << "for more follows from it";
  ASSERT_EQ(lead.beside.size(), 1U);
  EXPECT_EQ(lead.beside.front()->node, "a1");
  EXPECT_EQ(lead.followers, 3U);
}

TEST(RootCause, OfAMissingStandbyIsNotThatItRejectsTheMonitor) {
  const CheckResult missing = finding("replication", "a2", "standby_unreachable");
  EXPECT_TRUE(follows_from(missing, finding("node_up", "a2", "refused")));
  EXPECT_FALSE(follows_from(missing, finding("node_up", "a1", "refused")));
  EXPECT_FALSE(follows_from(missing, finding("node_up", "a2", "hba_rejected")));
}

TEST(RootCause, OfADeadServerIsAFullDiskOfItsWalOnly) {
  CheckResult full = finding("disk_usage", "a1", "full");
  const CheckResult dead = finding("node_up", "a1", "refused");
  full.object = "archive";
  EXPECT_FALSE(follows_from(dead, full));
  full.object = "wal";
  EXPECT_TRUE(follows_from(dead, full));
}

TEST(RootCause, OfAFailingArchiveIsAnArchiveWithoutAnyRoomOnly) {
  CheckResult disk = finding("disk_usage", "a1", "archive_full");
  const CheckResult failing = finding("archive", "a1", "command_fails");
  disk.object = "archive";
  EXPECT_TRUE(follows_from(failing, disk));
  disk.cause = "filling_up";
  EXPECT_FALSE(follows_from(failing, disk)) << "there is room still, so something else is wrong";
}

TEST(RootCause, OfAStandbyWithoutRoomIsNotItsArchive) {
  CheckResult disk = finding("disk_usage", "a2", "filling_up");
  const CheckResult unready = about(finding("failover_ready", "", "disk_full"), "a2");
  disk.object = "data";
  EXPECT_TRUE(follows_from(unready, disk));
  disk.object = "wal";
  EXPECT_TRUE(follows_from(unready, disk));
  disk.object = "archive";
  EXPECT_FALSE(follows_from(unready, disk));
}

TEST(RootCause, OfAnotherSlotsLossIsNotThisSlots) {
  CheckResult lost = finding("slot_wal_status", "a1", "lost");
  CheckResult unused = finding("slot_active", "a1", "lost");
  lost.object = unused.object = "a2_slot";
  EXPECT_TRUE(follows_from(unused, lost));
  unused.object = "a3_slot";
  EXPECT_FALSE(follows_from(unused, lost));
}

TEST(RootCause, OfWhatANodeItselfHidesIsNotASplitBrain) {
  const CheckResult split = finding("cluster_role", "", "two_primaries");
  EXPECT_TRUE(follows_from(hidden("settings", "a2", ""), split));
  EXPECT_FALSE(follows_from(hidden("settings", "a2", "a2"), split));
  EXPECT_FALSE(follows_from(hidden("replay_lag", "a3", "a3"), split));
}

TEST(RootCause, OfAStandbyThatIsGoneIsEveryKindOfSecondPrimary) {
  for (const CauseRow& cause : find_check("cluster_role")->causes) {
    if (cause.id == "no_primary") continue;  // all others are of several
    for (const std::string_view check : {"commit_stall", "slot_active", "slot_retention"}) {
      const CheckResult gone = about(finding(check, "a1", "standby_gone"), "a2");
      EXPECT_TRUE(follows_from(gone, finding("cluster_role", "", cause.id)))
          << check << " and " << cause.id;
    }
  }
}

TEST(RootCause, OfWalHeldForASlowStandbyIsWhatKeepsItFromFlushing) {
  const CheckResult held = about(finding("slot_retention", "a1", "slow_standby"), "a2");
  for (const std::string_view cause : {"network", "standby_disk"})
    EXPECT_TRUE(follows_from(held, finding("replay_lag", "a2", cause))) << cause;
  for (const std::string_view cause :
       {"replay_paused", "limit_below_primary", "blocked_by_query", "slow_replay"})
    EXPECT_FALSE(follows_from(held, finding("replay_lag", "a2", cause))) << cause;
}

TEST(RootCause, OfALargePgWalIsTheSlotThatHoldsItAndNoInnocentOne) {
  CheckResult innocent = finding("slot_active", "a1", "orphan", State::warning);
  CheckResult culprit = finding("slot_retention", "a1", "slow_standby", State::warning);
  CheckResult large = finding("wal_directory", "a1", "slots");
  CheckResult filling = finding("disk_full_eta", "a1", "slots");
  innocent.object = "forgotten";
  culprit.object = large.other_object = filling.other_object = "a2_slot";
  const std::vector<CheckResult> results{filling, innocent, culprit, large};
  const Lead lead = find_lead(pointers_to(results));
  EXPECT_EQ(lead.result->object, "a2_slot");
  EXPECT_EQ(lead.followers, 2U);
}

double thread_cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

TEST(RootCause, IsFoundAmongThousandsOfFindingsInAMomentOfComputing) {
  std::vector<CheckResult> results{finding("node_up", "a2", "refused")};
  for (int i = 0; i < 2000; ++i) {
    for (const std::string_view check : {"slot_active", "slot_retention", "slot_wal_status"}) {
      const bool is_status = check == "slot_wal_status";
      CheckResult slot = finding(check, "a1", is_status ? "near_limit" : "standby_gone");
      slot.object = "slot_" + std::to_string(i);
      results.push_back(about(std::move(slot), "a2"));
    }
  }
  const double began = thread_cpu_seconds();
  EXPECT_EQ(find_lead(pointers_to(results)).followers, 6000U);
  EXPECT_LT(thread_cpu_seconds() - began, 5);
}

// --- the table itself ----------------------------------------------------------------------------

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> all;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    all.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return all;
}

bool has_cause(const CheckRow& check, const std::string& id) {
  for (const CauseRow& cause : check.causes) {
    if (cause.id == id) return true;
  }
  return false;
}

/// "check cause" for each that a row speaks of; "*" and "unknown" stand for themselves where the
/// check does not list its causes.
std::vector<std::string> named(std::string_view check, std::string_view causes) {
  std::vector<std::string> all;
  for (const CheckRow& row : checks()) {
    if (check != "*" && row.id != check) continue;
    const std::string prefix = std::string{row.id} + " ";
    if (causes == "*") {
      for (const CauseRow& cause : row.causes) all.push_back(prefix + std::string{cause.id});
    } else {
      for (const std::string& word : words(causes)) all.push_back(prefix + word);
    }
  }
  return all;
}

TEST(Dependences, NameChecksAndCausesThatExist) {
  const auto expect_known = [](std::string_view check, std::string_view causes) {
    if (check == "*") return;
    const CheckRow* row = find_check(check);
    ASSERT_NE(row, nullptr) << check;
    if (causes == "*" || causes == "unknown") return;
    EXPECT_FALSE(causes.empty()) << check;
    for (const std::string& word : words(causes))
      EXPECT_TRUE(has_cause(*row, word)) << check << " has no cause " << word;
  };
  for (const Dependence& row : dependences()) {
    expect_known(row.check, row.causes);
    expect_known(row.effect, row.effect_causes);
  }
}

TEST(Dependences, RunInNoCircle) {
  std::map<std::string, std::set<std::string>> effects;
  for (const Dependence& row : dependences()) {
    for (const std::string& cause : named(row.check, row.causes)) {
      for (const std::string& effect : named(row.effect, row.effect_causes))
        effects[cause].insert(effect);
    }
  }
  for (const auto& [start, direct] : effects) {
    std::set<std::string> reached = direct;
    std::vector<std::string> open(direct.begin(), direct.end());
    while (!open.empty()) {
      const std::string next = open.back();
      open.pop_back();
      for (const std::string& effect : effects[next])
        if (reached.insert(effect).second) open.push_back(effect);
    }
    EXPECT_FALSE(reached.contains(start)) << start << " follows from itself";
  }
}

}  // namespace
}  // namespace pgrepl
