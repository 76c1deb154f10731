// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/contract/plugin/plugin_run.h"
#include "tests/contract/plugin/scripted_server.h"

namespace pgrepl::test {
namespace {

using testing::HasSubstr;

/// Something that is no daemon of ours, and what is said of it.
struct BadAnswer {
  std::string bytes;
  std::string said;
};

const std::string kHtml = "<!DOCTYPE html><html><body>PGREPL OK - it works!</body></html>\n";

std::string without_its_end(const std::string& bytes) { return bytes.substr(0, bytes.size() - 8); }

const std::vector<BadAnswer> kBadAnswers{
    {"", "closes the connection without an answer"},
    {"\x01\x02\x03|;'=\"`$garbage\xFF\xFE\n", "does not speak HTTP"},
    {"SSH-2.0-OpenSSH_9.2p1\r\n", "does not speak HTTP"},
    {"PGREPL OK - all is fine\n", "does not speak HTTP"},
    {"HTTP/1.1 20", "breaks off in the middle of its answer"},
    {"HTTP/1.1 200 OK\r\nX-Pgrepl-Sta", "breaks off in the middle of its answer"},
    {"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + kHtml,
     "is not pgrepl_exporter (HTTP status 200)"},
    {"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
     "is not pgrepl_exporter (HTTP status 404)"},
    {"HTTP/1.1 503 Service Unavailable\r\n\r\n", "is not pgrepl_exporter (HTTP status 503)"},
    {"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\n\r\n",
     "is not pgrepl_exporter (HTTP status 302)"},
    {without_its_end(daemon_says(0, true, "PGREPL OK - half a line\n")), "where it announced"},
    {daemon_says(0, true, "PGREPL OK - fine\n") + "more than announced", "where it announced"},
    {daemon_says(0, true, ""), "contradicts its state"},
    {daemon_says(0, true, kHtml), "contradicts its state"},
    {daemon_says(0, true, "PGREPL CRITICAL - it burns\n"), "contradicts its state"},
    {daemon_says(7, true, "PGREPL OK - fine\n"), "is not pgrepl_exporter"},
    {daemon_says(0, true, "PGREPL OK - \x1b[31m\n"), "not printable"},
    {daemon_says(0, true, "PGREPL OK - no line break"), "not printable"},
    {daemon_says(0, true, "PGREPL OK - fine\n", "500 Oops"), "HTTP status 500"},
};

TEST(BadServer, IsOneClearLineAndCritical) {
  for (const auto& [bytes, said] : kBadAnswers) {
    const ScriptedServer server(sends(bytes));
    const PluginRun run = run_plugin({"-u", server.url()});
    EXPECT_EQ(run.exit_code, 2) << said;
    EXPECT_THAT(run.out, HasSubstr("no pgrepl_exporter answers: 127.0.0.1:" + server.port() + " "));
    EXPECT_THAT(run.out, HasSubstr(said));
    EXPECT_EQ(std::ranges::count(run.out, '\n'), 1) << run.out;
  }
}

TEST(BadServer, ThatSendsTenMegabytesIsCutShort) {
  for (const std::string start : {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\n\r\n"}) {
    const ScriptedServer server([&](int fd, const std::stop_token& stop) {
      sends(start)(fd, stop);
      floods(std::string(8192, 'x'), 10 * 1024 * 1024)(fd, stop);
    });
    const PluginRun run = run_plugin({"-u", server.url(), "-t", "10"});
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_THAT(run.out,
                HasSubstr(start.empty() ? "does not speak HTTP" : "sends more than 64 kB"));
    EXPECT_LT(run.took, Seconds{5});
  }
}

TEST(BadServer, ThatAnnouncesTenMegabytesIsNotWaitedFor) {
  const ScriptedServer server(
      sends_and_stays("HTTP/1.1 200 OK\r\nContent-Length: 10485760\r\n\r\n"));
  const PluginRun run = run_plugin({"-u", server.url(), "-t", "10"});
  EXPECT_THAT(run.out, HasSubstr("sends more than 64 kB"));
  EXPECT_LT(run.took, Seconds{5});
}

TEST(BadServer, DoesNotHideAGoodOneBehindIt) {
  const std::string fine = "PGREPL OK - all is fine\n";
  const ScriptedServer bad(sends(kHtml));
  const ScriptedServer good(sends(daemon_says(0, true, fine)));
  EXPECT_EQ(run_plugin({"-u", bad.url(), "-u", good.url()}).out, fine);
}

}  // namespace
}  // namespace pgrepl::test
