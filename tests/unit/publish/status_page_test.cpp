// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/status_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporter/publish/prometheus_text.h"
#include "tests/unit/publish/published_world.h"

namespace pgrepl {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string page_of(const std::shared_ptr<const ClusterReport>& report, Instant now = later(1)) {
  const auto board = a_board({report->snapshot.cluster});
  board->publish(render_cluster(report, test_rows()));
  return status_page(*board->read(), now, "/metrics");
}

TEST(StatusPage, ShowsAHealthyPairAtAGlance) {
  const std::string page = page_of(a_healthy_report("wallix"));

  EXPECT_THAT(page, HasSubstr("<title>OK - pgrepl</title>"));
  EXPECT_THAT(page, HasSubstr("✔ OK</span> wallix"));
  EXPECT_THAT(page, HasSubstr("All checks are fine."));
  EXPECT_THAT(page,
              HasSubstr("<tr><td>a1</td><td>yes</td><td>primary</td><td></td><td></td></tr>"));
  EXPECT_THAT(page, HasSubstr("<td>a2</td><td>yes</td><td>standby</td><td>1.5 s, streaming</td>"));
  EXPECT_THAT(page, HasSubstr("<a href=\"/metrics\">"));
  EXPECT_THAT(page, HasSubstr("<a href=\"/runbook\">"));
}

TEST(StatusPage, LeadsWithTheRootCauseAndShowsHowToMendIt) {
  auto report =
      a_report("wallix", {node_up("a1", State::ok), node_up("a2", State::critical, "a2 is gone")});
  report->results.back().cause = "refused";
  report->results.back().fix = {"ssh a2", "systemctl status 'postgresql@15-main'"};

  const std::string page = page_of(report, later(3));

  EXPECT_THAT(page, HasSubstr("<title>CRITICAL - pgrepl</title>"));
  EXPECT_THAT(page, HasSubstr("<p class=\"cause\">node_up on a2: a2 is gone</p>"));
  EXPECT_THAT(page,
              HasSubstr("<p>Nothing listens on the port: PostgreSQL is not running.</p>\n"
                        "<pre>ssh a2\nsystemctl status &#39;postgresql@15-main&#39;\n</pre>"));
  EXPECT_THAT(page, HasSubstr("(for 3 s)"));
  EXPECT_THAT(page, HasSubstr("<a href=\"/runbook#node-up\">runbook</a>"));
}

TEST(StatusPage, SaysWhyANodeDoesNotAnswerAndInventsNoNumbers) {
  auto report = a_report("wallix", {node_up("a2", State::critical)});
  report->snapshot.nodes[1].postgres.state =
      Failed{Failure{FailureClass::timeout, "connect: no answer within 3 s"}};
  report->analysis.nodes[1] = {.lag = StandbyLag{}};

  const std::string page = page_of(report);

  EXPECT_THAT(page, HasSubstr("<td>a2</td><td>no</td><td>unknown</td><td>unknown</td>"
                              "<td>connect: no answer within 3 s</td>"));
}

TEST(StatusPage, DoesNotShowAnOldGreenAsGreen) {
  const std::string page = page_of(a_healthy_report("wallix"), later(60));

  EXPECT_THAT(page, HasSubstr("<title>CRITICAL - pgrepl</title>"));
  EXPECT_THAT(page, HasSubstr("The last poll ended 1 min ago: the exporter is stuck."));
  EXPECT_THAT(page, HasSubstr("systemctl restart pgrepl_exporter\n</pre>"));
  EXPECT_THAT(page, HasSubstr("What follows is what the last poll saw"));
}

TEST(StatusPage, SaysThatAClusterHasNotBeenPolled) {
  const std::string page = status_page(*a_board({"new"})->read(), kTaken, "/metrics");

  EXPECT_THAT(page, HasSubstr("? UNKNOWN</span> new"));
  EXPECT_THAT(page, HasSubstr("No poll yet."));
}

TEST(StatusPage, LetsNoTextBecomeMarkup) {
  auto report = a_report("<b>", {node_up("a\"1", State::critical, "<script>alert('x')</script>")});
  report->results.back().fix = {"</pre><img src=x>"};

  const std::string page = page_of(report);

  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, Not(HasSubstr("<b>:")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"));
}

TEST(StatusPage, TellsOfMaintenanceWhileItLasts) {
  auto report = a_healthy_report("wallix");
  report->policy.maintenance = {.until = later(600).wall, .reason = "<new> kernel"};

  EXPECT_THAT(page_of(report, later(0)),
              HasSubstr("Under announced maintenance, for another 10 min: &lt;new&gt; kernel."));
  EXPECT_THAT(page_of(report, later(601)), Not(HasSubstr("Under announced maintenance")));
}

TEST(StatusPage, ShowsAdviceAndWhatToType) {
  auto report = a_healthy_report("wallix");
  report->analysis.advice = {{.node = "a1", .text = "a1 < a2", .fix = "ALTER SYSTEM SET x = '1'"}};
  const std::string page = page_of(report);
  EXPECT_THAT(page, HasSubstr("<b>Advice</b>: a1 &lt; a2</p>"));
  EXPECT_THAT(page, HasSubstr("<pre>ALTER SYSTEM SET x = "));
}

TEST(StatusPage, ShowsTheLastEventsTheNewestFirst) {
  auto report = a_healthy_report("wallix");
  EXPECT_THAT(page_of(report), Not(HasSubstr("the last events")));
  report->analysis.journal = {
      {.at = kTaken.wall, .kind = "node_lost", .node = "a1", .evidence = "timeout: <no> answer"},
      {.at = later(12).wall,
       .kind = "failover",
       .node = "a2",
       .evidence = "a1 -> a2",
       .object = "crash",
       .duration = Seconds{12},
       .during_maintenance = true}};
  EXPECT_THAT(page_of(report),
              HasSubstr("<tr><td>2027-01-15 08:00:12 UTC</td><td>failover (crash)</td><td>a2</td>"
                        "<td>12 s</td><td>a1 -&gt; a2, during maintenance</td></tr>\n"
                        "<tr><td>2027-01-15 08:00:00 UTC</td><td>node_lost</td><td>a1</td>"
                        "<td></td><td>timeout: &lt;no&gt; answer</td></tr>\n"));
}

TEST(StatusPage, MarksAFindingThatMaintenanceMutes) {
  auto report = a_report("wallix", {node_up("a2", State::critical, "a2 is gone")});
  EXPECT_THAT(page_of(report), Not(HasSubstr("muted)")));
  report->results.back().muted = true;

  const std::string page = page_of(report, later(3));

  EXPECT_THAT(page, HasSubstr("(for 3 s, muted)"));
  EXPECT_THAT(page, HasSubstr("<title>CRITICAL - pgrepl</title>"));
}

}  // namespace
}  // namespace pgrepl
