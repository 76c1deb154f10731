// SPDX-License-Identifier: Apache-2.0
#include "checks/plugin/http_response.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pgrepl::plugin {
namespace {

using testing::HasSubstr;

/// The answer that comes of `bytes` and then the end of the stream.
Result<HttpResponse, std::string> read(std::string_view bytes, std::size_t piece = 4096) {
  HttpResponseReader reader;
  while (!bytes.empty() && !reader.is_complete()) {
    if (const auto reason = reader.take(bytes.substr(0, piece))) return Failed{*reason};
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  return reader.finish();
}

std::string error_of(std::string_view bytes) {
  const auto response = read(bytes);
  return response ? "no error" : response.error();
}

constexpr std::string_view kGood =
    "HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\nX-Pgrepl-State:  3 \r\nEmpty:\r\n\r\nhello";

TEST(HttpResponse, IsReadHoweverItArrives) {
  for (std::size_t piece = 1; piece <= kGood.size(); ++piece) {
    const auto response = read(kGood, piece);
    ASSERT_TRUE(response.has_value()) << piece;
    EXPECT_EQ(response->status, 404);
    EXPECT_EQ(response->header("x-pgrepl-state"), "3");
    EXPECT_EQ(response->header("empty"), "");
    EXPECT_EQ(response->body, "hello");
  }
}

TEST(HttpResponse, WithoutALengthEndsWithTheStream) {
  EXPECT_EQ(read("HTTP/1.0 200 OK\r\n\r\nall of it")->body, "all of it");
  EXPECT_EQ(read("HTTP/1.1 200\r\n\r\n")->body, "");
}

TEST(HttpResponse, IsAnErrorWhenItsLengthIsWrong) {
  EXPECT_EQ(error_of("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"),
            "sends 5 bytes where it announced 9");
  EXPECT_EQ(error_of("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nlonger"),
            "sends 6 bytes where it announced 2");
  for (const char* length : {"-1", "x", "", "5,5", "99999999999999999999", "+5"}) {
    EXPECT_THAT(
        error_of("HTTP/1.1 200 OK\r\nContent-Length: " + std::string(length) + "\r\n\r\nhello"),
        HasSubstr("content length"))
        << length;
  }
}

TEST(HttpResponse, IsAnErrorWhenItIsNone) {
  EXPECT_EQ(error_of(""), "closes the connection without an answer");
  EXPECT_EQ(error_of("HTTP/1.1 200 OK\r\nContent-Le"), "breaks off in the middle of its answer");
  EXPECT_EQ(error_of("HTT"), "breaks off in the middle of its answer");
  for (const char* text :
       {"SSH-2.0-OpenSSH_9.2\r\n", "<html>", "\x16\x03\x01", "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1\r\n\r\n", "http/1.1 200 OK\r\n\r\n"}) {
    EXPECT_THAT(error_of(text), HasSubstr("does not speak HTTP")) << text;
  }
}

TEST(HttpResponse, IsAnErrorWhenItsHeadersAreWrong) {
  EXPECT_THAT(error_of("HTTP/1.1 200 OK\r\nnonsense\r\n\r\n"), HasSubstr("without a colon"));
  EXPECT_THAT(error_of("HTTP/1.1 200 OK\r\nA: 1\r\na: 2\r\n\r\n"), HasSubstr("twice"));
  EXPECT_THAT(error_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
              HasSubstr("transfer encoding"));
}

TEST(HttpResponse, IsAnErrorBeyondItsLargestSize) {
  const std::string much(kMaxResponse + 1, 'x');
  EXPECT_EQ(error_of("HTTP/1.1 200 OK\r\n\r\n" + much), "sends more than 64 kB");
  EXPECT_EQ(error_of("HTTP/1.1 200 OK\r\nA: " + much), "sends more than 64 kB");
  EXPECT_EQ(error_of("HTTP/1.1 200 OK\r\nContent-Length: 10485760\r\n\r\n"),
            "sends more than 64 kB");
}

}  // namespace
}  // namespace pgrepl::plugin
