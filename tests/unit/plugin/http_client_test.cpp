// SPDX-License-Identifier: Apache-2.0
#include "checks/plugin/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace pgrepl::plugin {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// A stream that follows a script.
class FakeStream : public Stream {
 public:
  explicit FakeStream(std::string answer) : answer_(std::move(answer)) {}

  std::optional<std::string> send(std::string_view bytes, const Deadline&) override {
    sent += bytes;
    return send_failure;
  }
  Result<std::size_t, std::string> receive(std::span<char> buffer, const Deadline&) override {
    if (at_ == answer_.size() && receive_failure) return Failed{*receive_failure};
    const std::size_t count = std::min({buffer.size(), answer_.size() - at_, std::size_t{7}});
    std::copy_n(answer_.begin() + static_cast<std::ptrdiff_t>(at_), count, buffer.begin());
    at_ += count;
    return count;
  }

  std::string sent;
  std::optional<std::string> send_failure, receive_failure;

 private:
  std::string answer_;
  std::size_t at_ = 0;
};

Result<HttpResponse, std::string> get(FakeStream& stream) {
  return http_get(stream, "a:1", "/check", Deadline::in(Seconds{1}));
}

TEST(HttpGet, AsksForOneAnswerAndNoMore) {
  FakeStream stream("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  EXPECT_EQ(get(stream)->body, "ok");
  EXPECT_THAT(stream.sent, StartsWith("GET /check HTTP/1.1\r\nHost: a:1\r\n"));
  EXPECT_THAT(stream.sent, HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_TRUE(stream.sent.ends_with("\r\n\r\n"));
}

TEST(HttpGet, DoesNotWaitForMoreThanWasAnnounced) {
  FakeStream stream("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  stream.receive_failure = "no complete answer within 1 s";
  EXPECT_TRUE(get(stream).has_value());
}

TEST(HttpGet, TellsWhatTheStreamTells) {
  FakeStream broken("HTTP/1.1 200 OK\r\n");
  broken.receive_failure = "connection reset";
  EXPECT_EQ(get(broken).error(), "connection reset");
  FakeStream closed("");
  closed.send_failure = "connection closed";
  EXPECT_EQ(get(closed).error(), "connection closed");
}

TEST(WithQuery, EscapesWhatCouldBeMisread) {
  EXPECT_EQ(with_query("/check",
                       {{"check", "a&b=c d"}, {"warning", "@~:10"}, {"node", "\r\n\xC3\xBC/?#%+"}}),
            "/check?check=a%26b%3Dc%20d&warning=%40~%3A10&node=%0D%0A%C3%BC%2F%3F%23%25%2B");
}

}  // namespace
}  // namespace pgrepl::plugin
