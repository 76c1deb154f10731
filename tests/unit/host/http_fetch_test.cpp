// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/host/http_fetch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "tests/support/ports.h"
#include "tests/unit/host/tiny_server.h"

namespace pgrepl {
namespace {

using std::chrono::milliseconds;
using test::answering;
using test::TinyServer;

constexpr HttpLimits kQuick{.timeout = Seconds{0.3}};
constexpr HttpLimits kPatient{.timeout = Seconds{20}};

/// Does nothing, or says `word` every 20 ms, until the client is gone.
TinyServer::Serve dripping(const std::string& word) {
  return [word](int client, const std::stop_token& stop) {
    while (!stop.stop_requested() && test::say(client, word)) {
      std::this_thread::sleep_for(milliseconds(20));
    }
  };
}

Failure failure_of(const Result<std::string, Failure>& page) {
  if (page) {
    ADD_FAILURE() << "got a page of " << page->size() << " bytes";
    return {};
  }
  return page.error();
}

TEST(HttpFetch, GetsAPage) {
  const TinyServer server{answering("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello")};
  const auto page = http_get(server.url(), kPatient);
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(*page, "hello");
}

TEST(HttpFetch, GetsALargePage) {
  const std::string body(5U << 20U, 'x');
  const TinyServer server{answering("HTTP/1.0 200 OK\r\n\r\n" + body)};
  const auto page = http_get(server.url(), kPatient);
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(page->size(), body.size());
}

TEST(HttpFetch, StopsAtAPageThatIsTooLarge) {
  const TinyServer server{answering("HTTP/1.0 200 OK\r\n\r\n" + std::string(10U << 20U, 'x'))};
  const Failure failure = failure_of(http_get(server.url(), kPatient));
  EXPECT_EQ(failure.reason, FailureClass::other);
  EXPECT_EQ(failure.message, "http: the page is larger than 8 MB");
}

TEST(HttpFetch, DoesNotTakeHalfAPage) {
  const TinyServer server{answering("HTTP/1.0 200 OK\r\nContent-Length: 500\r\n\r\nhello")};
  EXPECT_EQ(failure_of(http_get(server.url(), kPatient)).message, "http: the page breaks off");
}

TEST(HttpFetch, DoesNotTakeGarbage) {
  const TinyServer server{answering(std::string("\0\xff garbage", 10))};
  EXPECT_EQ(failure_of(http_get(server.url(), kPatient)).message, "http: the answer is not HTTP");
}

TEST(HttpFetch, DoesNotTakeAnotherStatus) {
  const TinyServer server{answering("HTTP/1.0 404 Not Found\r\n\r\nno")};
  EXPECT_EQ(failure_of(http_get(server.url(), kPatient)).message,
            "http: status 404 instead of 200");
}

TEST(HttpFetch, GivesUpOnASilentServer) {
  const TinyServer server{dripping("")};
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(failure_of(http_get(server.url(), kQuick)).reason, FailureClass::timeout);
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(5000));
}

TEST(HttpFetch, GivesUpOnAServerThatDrips) {
  const TinyServer server{dripping("x")};
  const Failure failure = failure_of(http_get(server.url(), kQuick));
  EXPECT_EQ(failure.reason, FailureClass::timeout);
  EXPECT_EQ(failure.message, "http: no complete answer within 300 ms");
}

TEST(HttpFetch, TellsThatNothingListens) {
  const std::string url = "http://127.0.0.1:" + std::to_string(test::free_port()) + "/metrics";
  EXPECT_EQ(failure_of(http_get(url, kPatient)).reason, FailureClass::refused);
}

TEST(HttpFetch, TellsThatANameHasNoAddress) {
  const Failure failure = failure_of(http_get("http://256.256.256.256/metrics", kPatient));
  EXPECT_EQ(failure.reason, FailureClass::dns);
  EXPECT_THAT(failure.message, testing::HasSubstr("no address for 256.256.256.256"));
}

}  // namespace
}  // namespace pgrepl
