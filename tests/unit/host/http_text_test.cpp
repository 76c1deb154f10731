// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "exporter/collect/host/http_answer.h"
#include "exporter/config/http_address.h"

namespace pgrepl {
namespace {

TEST(HttpAddress, IsTakenApart) {
  const auto address = parse_http_address("http://db1.example:9100/metrics?x=1");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->host, "db1.example");
  EXPECT_EQ(address->port, "9100");
  EXPECT_EQ(address->target, "/metrics?x=1");
}

TEST(HttpAddress, HasDefaults) {
  const auto address = parse_http_address("http://10.0.0.1");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->port, "80");
  EXPECT_EQ(address->target, "/");
}

TEST(HttpAddress, MayBeOfIpv6) {
  const auto address = parse_http_address("http://[fe80::1]:9100/");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->host, "fe80::1");
  EXPECT_EQ(address->port, "9100");
}

TEST(HttpAddress, IsRefusedWhereItIsNone) {
  for (const char* url :
       {"", "http://", "http:///metrics", "https://a", "http://u:p@a/", "http://a:/",
        "http://a:http/", "http://a:70000/", "http://a b/", "a:9100"}) {
    EXPECT_FALSE(parse_http_address(url)) << url;
  }
}

std::string outcome(const std::string& answer) {
  const auto body = body_of(answer);
  return body ? *body : body.error().message;
}

TEST(HttpAnswer, GivesTheBody) {
  EXPECT_EQ(outcome("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi"), "hi");
  EXPECT_EQ(outcome("HTTP/1.0 200 OK\r\n\r\nall of it"), "all of it");
}

TEST(HttpAnswer, MustBeWhole) {
  EXPECT_EQ(outcome("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhi"), "http: the page breaks off");
  EXPECT_EQ(outcome("HTTP/1.1 200 OK\r\nContent-Le"), "http: the answer is not HTTP");
}

TEST(HttpAnswer, MustBeASuccess) {
  EXPECT_EQ(outcome("HTTP/1.1 503 Busy\r\n\r\n"), "http: status 503 instead of 200");
}

TEST(HttpAnswer, MustBeHttp) {
  EXPECT_EQ(outcome(""), "http: the answer is not HTTP");
  EXPECT_EQ(outcome("SSH-2.0-OpenSSH\r\n\r\n"), "http: the answer is not HTTP");
}

}  // namespace
}  // namespace pgrepl
