// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/postgres/connect_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace pgrepl {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Key;
using testing::Not;
using testing::Pair;

ConnectionConfig to_host(const std::string& host) { return {.keywords = {{"host", host}}}; }

TEST(ConnectOptions, SessionIsReadOnlyNamedAndLimited) {
  const ConnectOptions options =
      connect_options(to_host("db"), {.poll_timeout = Seconds{3}}, "10.0.0.2");
  EXPECT_THAT(options, Contains(Pair("application_name", "pgrepl_exporter")));
  EXPECT_THAT(options, Contains(Pair("host", "db")));
  EXPECT_THAT(options, Contains(Pair("hostaddr", "10.0.0.2")));
  EXPECT_THAT(options, Contains(Pair("gssencmode", "disable")));
  EXPECT_THAT(options, Contains(Pair("options", HasSubstr("-c default_transaction_read_only=on"))));
  EXPECT_THAT(options, Contains(Pair("options", HasSubstr("-c statement_timeout=2400"))));
  EXPECT_THAT(options, Contains(Pair("options", HasSubstr("-c lock_timeout=2400"))));
  EXPECT_THAT(options, Contains(Pair("options", Not(HasSubstr("lc_messages")))));
  EXPECT_THAT(options, Not(Contains(Key("password"))));
}

TEST(ConnectOptions, OursStandLastSoThatTheyCount) {
  const ConnectionConfig connection{.keywords = {{"host", "db"}, {"application_name", "other"}}};
  const ConnectOptions options = connect_options(connection, {}, "");
  const auto name = std::ranges::find(options.rbegin(), options.rend(), "application_name",
                                      [](const auto& option) { return option.first; });
  ASSERT_NE(name, options.rend());
  EXPECT_EQ(name->second, "pgrepl_exporter");
  EXPECT_THAT(options, Not(Contains(Key("hostaddr"))));
}

TEST(ConnectOptions, PasswordIsAValueOfItsOwn) {
  ConnectionConfig connection = to_host("db");
  connection.password = Secret("it's \\secret");
  EXPECT_THAT(connect_options(connection, {}, ""), Contains(Pair("password", "it's \\secret")));
}

TEST(HostToLookUp, IsANameOnly) {
  EXPECT_EQ(host_to_look_up(to_host("db.example")), "db.example");
  EXPECT_EQ(host_to_look_up(to_host("localhost")), "localhost");
  for (const char* host : {"", "10.0.0.2", "::1", "/run/postgresql", "@abstract"}) {
    EXPECT_EQ(host_to_look_up(to_host(host)), "") << host;
  }
  EXPECT_EQ(host_to_look_up({.keywords = {{"host", "db"}, {"hostaddr", "10.0.0.2"}}}), "");
}

}  // namespace
}  // namespace pgrepl
