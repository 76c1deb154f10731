// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/postgres/queries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace pgrepl {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string all_sql(int version) {
  std::string sql;
  for (const Statement& statement : statements()) sql += statement_sql(statement, version) + ";\n";
  return sql;
}

TEST(Queries, OlderServersAreNotAskedForNewerColumns) {
  for (const int version : {130000, 140000, 150018, 160014}) {
    EXPECT_THAT(all_sql(version), Not(HasSubstr("inactive_since"))) << version;
    EXPECT_THAT(all_sql(version), Not(HasSubstr("synced"))) << version;
  }
  for (const int version : {170000, 180004, 990000}) {
    EXPECT_THAT(all_sql(version), HasSubstr("inactive_since")) << version;
    EXPECT_THAT(all_sql(version), HasSubstr(", synced")) << version;
  }
}

TEST(Queries, StateComesFirstAndCoreBeforeSlow) {
  EXPECT_STREQ(statements().front().name, "pgrepl_node_state");
  bool slow_seen = false;
  for (const Statement& statement : statements()) {
    const bool slow = statement.group == StatementGroup::slow;
    EXPECT_FALSE(slow_seen && !slow) << statement.name;
    slow_seen = slow;
  }
  EXPECT_TRUE(slow_seen);
}

/// How many statements call a function.
std::size_t callers_of(const std::string& function) {
  return static_cast<std::size_t>(std::ranges::count_if(statements(), [&](const Statement& one) {
    return statement_sql(one, 180000).find("pg_catalog." + function + "(") != std::string::npos;
  }));
}

// PostgreSQL looks for EXECUTE when a statement begins, so what one of them calls can cost it all.
TEST(Queries, StateAsksForNothingThatAnAnswerCanDoWithout) {
  const std::string sql = statement_sql(statements().front(), 180000);
  std::set<std::string> called;
  for (auto at = sql.find("pg_catalog."); at != std::string::npos;) {
    const auto name = at + std::string("pg_catalog.").size();
    called.insert(sql.substr(name, sql.find('(', name) - name));
    at = sql.find("pg_catalog.", name);
  }
  EXPECT_THAT(called,
              testing::ElementsAre("pg_current_wal_flush_lsn", "pg_has_role", "pg_is_in_recovery",
                                   "pg_last_wal_receive_lsn", "pg_last_wal_replay_lsn"));
}

TEST(Queries, SystemAndTimelineOfEachRoleAreAskedForApart) {
  for (const char* function : {"pg_control_system", "pg_control_recovery", "pg_walfile_name"}) {
    EXPECT_EQ(callers_of(function), 1U) << function;
  }
  for (const Statement& statement : statements()) {
    const std::string sql = statement_sql(statement, 180000);
    const auto calls = [&](const char* function) { return sql.find(function) != sql.npos; };
    const int asks =
        calls("pg_control_system") + calls("pg_control_recovery") + calls("pg_walfile_name");
    EXPECT_LE(asks, 1) << statement.name;
  }
}

TEST(Queries, NamesAreUnique) {
  std::set<std::string> names;
  for (const Statement& statement : statements()) {
    EXPECT_TRUE(names.insert(statement.name).second) << statement.name;
  }
}

TEST(Queries, NoStatementReadsAConninfoOrAnArchiveCommandItself) {
  std::string sql = all_sql(180000);
  const std::string whether_set = "current_setting('primary_conninfo', true) <> ''";
  const std::size_t asked = sql.find(whether_set);
  ASSERT_NE(asked, std::string::npos);
  sql.erase(asked, whether_set.size());
  EXPECT_THAT(sql, Not(HasSubstr("conninfo")));
  EXPECT_THAT(all_sql(180000), Not(HasSubstr("as archive_command")));
}

TEST(Queries, EveryRelationIsQualified) {
  for (const Statement& statement : statements()) {
    const std::string rest = statement.rest;
    if (rest.empty()) continue;
    EXPECT_THAT(rest, testing::StartsWith(" from pg_catalog.")) << statement.name;
  }
}

}  // namespace
}  // namespace pgrepl
