// SPDX-License-Identifier: Apache-2.0
// A check without an answer to "and now?" is not finished.
#include <gtest/gtest.h>

#include <set>

#include "checks/catalogue/catalogue.h"
#include "checks/catalogue/connection_causes.h"
#include "checks/catalogue/guide_issues.h"

namespace pgrepl {
namespace {

TEST(Runbook, HasTitleQuestionAndACauseForEveryCheck) {
  for (const CheckRow& check : checks()) {
    EXPECT_FALSE(check.title.empty()) << check.id;
    EXPECT_TRUE(check.question.ends_with('?')) << check.id;
    EXPECT_FALSE(check.causes.empty()) << check.id;
    for (const CauseRow& cause : check.causes) {
      EXPECT_FALSE(cause.says.empty()) << check.id << "." << cause.id;
      EXPECT_FALSE(cause.fix.empty()) << check.id << "." << cause.id;
    }
  }
}

TEST(Runbook, HasTheGuidesFiveCausesOfReplicationNotStarting) {
  for (const std::string_view id : {"unreachable", "port_closed", "hba", "password", "firewall"}) {
    ASSERT_NE(find_connection_cause(id), nullptr) << id;
  }
  std::set<std::string_view> ids;
  for (const CauseRow& cause : connection_causes()) EXPECT_TRUE(ids.insert(cause.id).second);
  EXPECT_EQ(find_connection_cause("nowhere"), nullptr);
}

TEST(GuideIssues, NameOnlyChecksThatExist) {
  for (const GuideIssue& issue : guide_issues()) {
    for (const std::string_view id : issue.checks) EXPECT_NE(find_check(id), nullptr) << id;
  }
}

/// Whoever judges by the guide's troubleshooting chapter names its issue as the guide does.
TEST(GuideIssues, AreSeenByTheChecksThatTakeTheirRuleFromThem) {
  const auto seen_by = [](std::string_view id) {
    const GuideIssue* issue = issue_seen_by(*find_check(id));
    return issue == nullptr ? std::string_view{} : issue->heading;
  };
  EXPECT_EQ(seen_by("replication"), "Replication not starting");
  EXPECT_EQ(seen_by("sync_state"), "Replication lag increasing");
  EXPECT_EQ(seen_by("slot_active"), "WAL segments accumulating on primary");
  EXPECT_EQ(seen_by("cluster_role"), "");
}

}  // namespace
}  // namespace pgrepl
