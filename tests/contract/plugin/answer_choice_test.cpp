// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/contract/plugin/plugin_run.h"
#include "tests/contract/plugin/scripted_server.h"
#include "tests/support/ports.h"

namespace pgrepl::test {
namespace {

using testing::HasSubstr;

const std::string kFine = "PGREPL OK - all is fine | lag=1s;10;25;0\n";
const std::string kOld = "PGREPL CRITICAL - report is 40 s old, limit 15 s\n";
const std::string kUnknownName = "PGREPL UNKNOWN - there is no cluster x (known: y)\n";

std::string refusing_url() { return "http://127.0.0.1:" + std::to_string(free_port()); }

TEST(CheckPgrepl, PrintsTheVerdictAndExitsWithItsState) {
  const std::vector<std::string> words{"OK", "WARNING", "CRITICAL", "UNKNOWN"};
  for (int state = 0; state < 4; ++state) {
    const std::string text =
        "PGREPL " + words[static_cast<std::size_t>(state)] + " - said | a=1\nmore\n";
    const ScriptedServer server(sends(daemon_says(state, true, text)));
    const PluginRun run = run_plugin({"-u", server.url()});
    EXPECT_EQ(run.exit_code, state);
    EXPECT_EQ(run.out, text);
  }
}

TEST(CheckPgrepl, AsksWhatTheCommandLineSays) {
  const ScriptedServer server(sends(daemon_says(0, true, kFine)));
  run_plugin({"-u", server.url() + "/behind/a/proxy/", "-m", "lag", "-C", "my cluster", "-n", "a&b",
              "-w", "~:5", "-w", "x=@1:2", "-c", "9", "-vvvvv"});
  EXPECT_EQ(server.last_request(),
            "GET /behind/a/proxy/check?check=lag&cluster=my%20cluster&node=a%26b&warning=~%3A5"
            "&warning=x%3D%401%3A2&critical=9&verbose=3 HTTP/1.1");
}

TEST(CheckPgrepl, AsksForHealthUnlessItIsToldOtherwise) {
  const ScriptedServer server(sends(daemon_says(0, true, kFine)));
  run_plugin({"-H", "127.0.0.1", "-p", server.port()});
  EXPECT_EQ(server.last_request(), "GET /check?check=health HTTP/1.1");
}

TEST(CheckPgrepl, DoesNotWaitForTheConnectionToClose) {
  const ScriptedServer server(sends_and_stays(daemon_says(0, true, kFine)));
  EXPECT_LT(run_plugin({"-u", server.url(), "-t", "20"}).took, Seconds{5});
}

TEST(CheckPgrepl, TakesTheFirstFreshAnswer) {
  const ScriptedServer first(sends(daemon_says(0, true, kFine)));
  const ScriptedServer second(sends(daemon_says(2, true, "PGREPL CRITICAL - second\n")));
  EXPECT_EQ(run_plugin({"-u", first.url(), "-u", second.url()}).out, kFine);
  EXPECT_EQ(second.connections(), 0);
}

TEST(CheckPgrepl, GoesOnToTheNextWhenTheFirstIsDead) {
  const ScriptedServer second(sends(daemon_says(0, true, kFine)));
  EXPECT_EQ(run_plugin({"-u", refusing_url(), "-u", second.url()}).out, kFine);
}

TEST(CheckPgrepl, GoesOnToTheNextWhenTheFirstHangs) {
  const ScriptedServer first(sends_and_stays(""));
  const ScriptedServer second(sends(daemon_says(0, true, kFine)));
  const PluginRun run = run_plugin({"-u", first.url(), "-u", second.url(), "-t", "2"});
  EXPECT_EQ(run.out, kFine);
  EXPECT_LT(run.took, Seconds{2});
}

TEST(CheckPgrepl, GoesOnToTheNextWhenTheFirstIsStale) {
  const ScriptedServer first(sends(daemon_says(2, false, kOld)));
  const ScriptedServer second(sends(daemon_says(0, true, kFine)));
  EXPECT_EQ(run_plugin({"-u", first.url(), "-u", second.url()}).out, kFine);
}

TEST(CheckPgrepl, GoesOnToTheNextWhenTheFirstKnowsNoSuchName) {
  const ScriptedServer first(sends(daemon_says(3, true, kUnknownName, "404 Not Found")));
  const ScriptedServer second(sends(daemon_says(0, true, kFine)));
  EXPECT_EQ(run_plugin({"-u", first.url(), "-u", second.url()}).out, kFine);
}

TEST(CheckPgrepl, PrintsTheStaleAnswerWhenAllAreStale) {
  const ScriptedServer first(sends(daemon_says(2, false, kOld)));
  const ScriptedServer second(sends(daemon_says(3, false, "PGREPL UNKNOWN - no poll yet\n")));
  const PluginRun run = run_plugin({"-u", first.url(), "-u", second.url()});
  EXPECT_EQ(run.out, kOld);
  EXPECT_EQ(run.exit_code, 2);
}

TEST(CheckPgrepl, NeverPrintsAnOldOk) {
  const ScriptedServer server(sends(daemon_says(0, false, kFine)));
  const PluginRun run = run_plugin({"-u", server.url()});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.out, HasSubstr("calls an old report OK"));
}

TEST(CheckPgrepl, IsUnknownForANameThatNobodyKnows) {
  const ScriptedServer server(sends(daemon_says(3, true, kUnknownName, "404 Not Found")));
  const PluginRun run = run_plugin({"-u", refusing_url(), "-u", server.url(), "-C", "x"});
  EXPECT_EQ(run.out, kUnknownName);
  EXPECT_EQ(run.exit_code, 3);
}

TEST(CheckPgrepl, NamesEveryoneWhoDidNotAnswer) {
  const std::string first = std::to_string(free_port()), second = std::to_string(free_port());
  const PluginRun run = run_plugin({"-H", "127.0.0.1:" + first, "-H", "127.0.0.1:" + second});
  EXPECT_EQ(run.out, "PGREPL CRITICAL - no pgrepl_exporter answers: 127.0.0.1:" + first +
                         " connection refused, 127.0.0.1:" + second + " connection refused\n");
}

TEST(CheckPgrepl, TellsWithDetailsWhomItAskedInVain) {
  const std::string dead = std::to_string(free_port());
  const ScriptedServer server(sends(daemon_says(0, true, kFine)));
  const PluginRun run = run_plugin({"-H", "127.0.0.1:" + dead, "-u", server.url(), "-v"});
  EXPECT_EQ(run.out, kFine + "asked in vain: 127.0.0.1:" + dead + " connection refused\n");
}

TEST(CheckPgrepl, TriesEveryAddressOfAName) {
  const ScriptedServer server(sends(daemon_says(0, true, kFine)));  // not on ::1
  EXPECT_EQ(run_plugin({"-H", "localhost", "-p", server.port()}).out, kFine);
}

TEST(CheckPgrepl, SpeaksIpv6) {
  const ScriptedServer server(sends(daemon_says(0, true, kFine)), ScriptedServer::Family::ipv6);
  EXPECT_EQ(run_plugin({"-H", "::1", "-p", server.port()}).out, kFine);
  EXPECT_EQ(run_plugin({"-u", "http://[::1]:" + server.port()}).out, kFine);
}

}  // namespace
}  // namespace pgrepl::test
