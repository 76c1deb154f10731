// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/contract/plugin/plugin_run.h"
#include "tests/contract/plugin/scripted_server.h"

namespace pgrepl::test {
namespace {

using testing::HasSubstr;

/// Starting a program on a busy machine takes its time too.
constexpr Seconds kSlack{1.5};

void expect_in_time(const PluginRun& run, double limit) {
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_GE(run.took, Seconds{limit * 0.9});
  EXPECT_LT(run.took, Seconds{limit} + kSlack);
}

TEST(TimeLimit, EndsASilentServer) {
  const ScriptedServer server(sends_and_stays(""));
  const PluginRun run = run_plugin({"-u", server.url(), "-t", "1"});
  expect_in_time(run, 1);
  EXPECT_THAT(run.out, HasSubstr("accepts, but gives no answer within 1 s"));
}

TEST(TimeLimit, EndsAServerThatStopsHalfway) {
  const ScriptedServer server(
      sends_and_stays("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nPGREPL OK"));
  const PluginRun run = run_plugin({"-u", server.url(), "-t", "1"});
  expect_in_time(run, 1);
  EXPECT_THAT(run.out, HasSubstr("no complete answer within 1 s"));
}

TEST(TimeLimit, EndsAServerThatDripsAByteASecond) {
  const ScriptedServer server(drips(daemon_says(0, true, "PGREPL OK - fine\n"), 1));
  const PluginRun run = run_plugin({"-u", server.url(), "-t", "2.5"});
  expect_in_time(run, 2.5);
  EXPECT_THAT(run.out, HasSubstr("no complete answer within 2.5 s"));
}

TEST(TimeLimit, IsDividedAmongTheDaemons) {
  const ScriptedServer first(sends_and_stays("")), second(sends_and_stays(""));
  const PluginRun run = run_plugin({"-u", first.url(), "-u", second.url(), "-t", "1"});
  expect_in_time(run, 1);
  EXPECT_THAT(run.out, HasSubstr("within 500 ms"));
  EXPECT_EQ(second.connections(), 1);
}

TEST(TimeLimit, EndsALookupThatHangs) {
  const PluginRun run = run_plugin(
      {"-H", "monitor.hangs.example", "-t", "1"},
      {{"LD_PRELOAD", PGREPL_HANGING_LOOKUP}, {"ASAN_OPTIONS", "verify_asan_link_order=0"}});
  expect_in_time(run, 1);
  EXPECT_EQ(run.out, "PGREPL CRITICAL - no answer within 1 s, the lookup of a host name hangs\n");
}

/// A port whose queue is full: what comes to it is dropped, as by a firewall.
class FullPort {
 public:
  FullPort() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address_;
    ::bind(listener_, as_any(), size);
    ::listen(listener_, 0);
    ::getsockname(listener_, as_any(), &size);
    while (connects_one_more()) {
    }
  }
  ~FullPort() {
    for (const int fd : waiting_) ::close(fd);
    ::close(listener_);
  }
  FullPort(const FullPort&) = delete;
  FullPort& operator=(const FullPort&) = delete;

  std::string port() const { return std::to_string(ntohs(address_.sin_port)); }

 private:
  sockaddr* as_any() { return reinterpret_cast<sockaddr*>(&address_); }

  bool connects_one_more() {
    constexpr int kLongForTheLoopback = 300;
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    waiting_.push_back(fd);
    ::connect(fd, as_any(), sizeof address_);
    pollfd writable{.fd = fd, .events = POLLOUT, .revents = 0};
    return ::poll(&writable, 1, kLongForTheLoopback) > 0;
  }

  int listener_;
  sockaddr_in address_{};
  std::vector<int> waiting_;
};

TEST(TimeLimit, EndsAConnectThatNobodyAnswers) {
  const FullPort full;
  const PluginRun run = run_plugin({"-H", "127.0.0.1", "-p", full.port(), "-t", "1"});
  expect_in_time(run, 1);
  EXPECT_THAT(run.out, HasSubstr("no connection within 1 s"));
}

}  // namespace
}  // namespace pgrepl::test
