// SPDX-License-Identifier: Apache-2.0
#include "checks/plugin/target.h"

#include <gtest/gtest.h>

namespace pgrepl::plugin {
namespace {

TEST(Host, IsANameOrAnAddress) {
  EXPECT_EQ(*parse_host("monitor-1.example"), (Target{.host = "monitor-1.example"}));
  EXPECT_EQ(*parse_host("10.0.0.1"), (Target{.host = "10.0.0.1"}));
  EXPECT_EQ(*parse_host("::1"), (Target{.host = "::1"}));
  EXPECT_EQ(*parse_host("[::1]"), (Target{.host = "::1"}));
  EXPECT_EQ(*parse_host("fe80::1%eth0"), (Target{.host = "fe80::1%eth0"}));
}

TEST(Host, MayHaveAPort) {
  EXPECT_EQ(*parse_host("a:80"), (Target{.host = "a", .port = 80}));
  EXPECT_EQ(*parse_host("[::1]:65535"), (Target{.host = "::1", .port = 65535}));
}

TEST(Host, IsAnErrorForAnyOtherText) {
  for (const char* text : {"", ":80", "a b", "a/b", "a:", "a:0", "a:65536", "a:http", "a:-1",
                           "[::1", "[::1]80", "[]", "a\r\nX: y", "http://a", "a@b"}) {
    EXPECT_FALSE(parse_host(text).has_value()) << text;
  }
}

TEST(Url, HasHostPortAndPrefix) {
  EXPECT_EQ(*parse_url("http://a:10187"), (Target{.host = "a", .port = 10187}));
  EXPECT_EQ(*parse_url("http://a:10187/"), (Target{.host = "a", .port = 10187}));
  EXPECT_EQ(*parse_url("http://[::1]:10187/x/y/"),
            (Target{.host = "::1", .port = 10187, .prefix = "/x/y"}));
}

TEST(Url, WithoutAPortIsThatOfTheWeb) { EXPECT_EQ(parse_url("http://a/pgrepl")->port, 80); }

TEST(Url, IsAnErrorForAnyOtherText) {
  for (const char* text :
       {"", "a", "a:10187", "http://", "http:///x", "ftp://a", "https://a", "http://a?x=1",
        "http://a/x?y", "http://a/#x", "http://a/x y", "http://a/\r\nX: y", "http://a:0/"}) {
    EXPECT_FALSE(parse_url(text).has_value()) << text;
  }
}

TEST(Url, DoesNotRepeatAPassword) {
  const auto url = parse_url("http://me:s3cret@a:80");
  ASSERT_FALSE(url.has_value());
  EXPECT_EQ(url.error().find("s3cret"), std::string::npos);
}

TEST(Target, IsWrittenAsUrlsHaveIt) {
  EXPECT_EQ(to_string(Target{.host = "a"}), "a:10187");
  EXPECT_EQ(to_string(Target{.host = "::1", .port = 80}), "[::1]:80");
}

}  // namespace
}  // namespace pgrepl::plugin
