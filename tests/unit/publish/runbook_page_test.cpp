// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/runbook_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "checks/catalogue/catalogue.h"
#include "exporter/publish/html.h"
#include "exporter/publish/page_frame.h"

namespace pgrepl {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string& page() {
  static const std::string kPage = runbook_page(checks());
  return kPage;
}

/// All texts that stand between `begin` and the next quotation mark.
std::vector<std::string> attributes(const std::string& begin) {
  std::vector<std::string> found;
  for (std::size_t at = page().find(begin); at != std::string::npos;
       at = page().find(begin, at + 1)) {
    const std::size_t from = at + begin.size();
    found.push_back(page().substr(from, page().find('"', from) - from));
  }
  return found;
}

TEST(RunbookPage, HasASectionForEveryCheckAtItsAnchor) {
  for (const CheckRow& check : checks()) {
    EXPECT_THAT(page(), HasSubstr("<section id=\"" + runbook_anchor(check.id) + "\">\n<h2>" +
                                  std::string{check.id} + ": "));
  }
  EXPECT_EQ(runbook_path("replay_lag"), "/runbook#replay-lag");
}

TEST(RunbookPage, TellsOfEveryCauseWhatItMeansAndWhatToType) {
  for (const CheckRow& check : checks()) {
    for (const CauseRow& cause : check.causes) {
      EXPECT_THAT(page(), HasSubstr(html_escape(cause.says)));
      const std::string_view first = cause.fix.substr(0, cause.fix.find('\n'));
      EXPECT_THAT(page(), HasSubstr("<pre>" + html_escape(first) + "\n"));
    }
  }
}

TEST(RunbookPage, HasNoAnchorTwiceAndNoLinkToNowhere) {
  std::set<std::string> anchors;
  for (const std::string& id : attributes(" id=\"")) EXPECT_TRUE(anchors.insert(id).second) << id;
  const auto links = attributes("<a href=\"#");
  EXPECT_GT(links.size(), checks().size());
  for (const std::string& link : links) EXPECT_TRUE(anchors.contains(link)) << link;
}

TEST(RunbookPage, NamesThresholdsAndTheirSource) {
  EXPECT_THAT(page(), HasSubstr("<tr><td>replay_lag</td><td>above 10 s</td><td>above 25 s</td><td>"
                                "guide: standby promoted at T+10 s, service restored at T+25 s"));
  EXPECT_THAT(page(), HasSubstr("<td>slot_active.retained</td><td>never</td><td>above 1 GB, the "
                                "warning of slot_retention.retained</td>"));
  EXPECT_THAT(page(), HasSubstr("A finding counts once it has lasted for 1 min and was seen by 2 "
                                "polls in a row."));
}

TEST(RunbookPage, LeadsFromTheGuidesIssuesToTheChecks) {
  EXPECT_THAT(page(), AllOf(HasSubstr("<li>Replication not starting (pg_stat_replication shows no "
                                      "rows): <a href=\"#node-up\">node_up</a>"),
                            HasSubstr("<li>Replication lag increasing ("),
                            HasSubstr("<li>WAL segments accumulating on primary (")));
}

TEST(RunbookPage, TellsWhatKeepsAStandbyOut) {
  EXPECT_THAT(page(),
              AllOf(HasSubstr("<section id=\"connection\">"),
                    HasSubstr("<p id=\"connection-hba\"><b>hba</b>: pg_hba.conf has no line")));
}

TEST(RunbookPage, DoesNotLoadItselfAnewUnderTheReader) {
  EXPECT_THAT(page(), Not(HasSubstr("http-equiv")));
}

}  // namespace
}  // namespace pgrepl
