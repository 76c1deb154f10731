// SPDX-License-Identifier: Apache-2.0
// What keeps a session of the exporter from doing harm, even where its role may do everything.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporter/collect/postgres/connect_options.h"
#include "tests/cluster/collect_fixture.h"

namespace pgrepl::test {
namespace {

/// The keywords and values of an attempt to connect, as one string of libpq.
std::string conninfo(const ConnectOptions& options) {
  std::string text;
  for (const auto& [keyword, value] : options) text += keyword + "='" + value + "' ";
  return text;
}

/// A session with the exporter's options and a superuser's rights.
Sql superuser_session(const PostgresServer& server, const SessionLimits& limits) {
  ConnectionConfig connection;
  connection.keywords = {{"host", server.directory().string()},
                         {"port", std::to_string(server.port())},
                         {"user", "postgres"},
                         {"dbname", "postgres"}};
  return Sql(conninfo(connect_options(connection, limits, "")));
}

TEST(Session, RefusesToWriteWhateverItsRoleMay) {
  PostgresPair pair;
  Sql session = superuser_session(pair.primary(), {});
  EXPECT_EQ(session.value("show is_superuser"), "on");
  EXPECT_EQ(session.value("show default_transaction_read_only"), "on");
  // 25006 by its name: any other outcome is an error, or leaves the table.
  session.execute(
      "do $$ begin create table written (); "
      "exception when read_only_sql_transaction then null; end $$");
  EXPECT_EQ(session.value("select to_regclass('written')"), std::nullopt);
  EXPECT_THROW(session.execute("create table written ()"), std::runtime_error);
}

TEST(Session, IsGivenUpByTheServerBeforeThePollIs) {
  PostgresPair pair;
  Sql session = superuser_session(pair.primary(), {.poll_timeout = Seconds{1}});
  EXPECT_EQ(session.value("show statement_timeout"), "800ms");
  EXPECT_EQ(session.value("show lock_timeout"), "800ms");
  EXPECT_EQ(session.value("show idle_in_transaction_session_timeout"), "10s");
  const SteadyTime began = steady_now();
  EXPECT_THROW(session.execute("select pg_sleep(30)"), std::runtime_error);
  EXPECT_LT(elapsed(began, steady_now()).count(), 15);
}

}  // namespace
}  // namespace pgrepl::test
