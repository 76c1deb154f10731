// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/postgres/queries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

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

std::vector<Statement> group_of(StatementGroup group) {
  std::vector<Statement> all;
  std::ranges::copy_if(statements(), std::back_inserter(all),
                       [&](const Statement& statement) { return statement.group == group; });
  return all;
}

TEST(Queries, WholeComesFirstThenItsPartsTheListsAndWhatIsSlow) {
  EXPECT_STREQ(statements()[0].name, "pgrepl_whole");
  EXPECT_STREQ(statements()[1].name, "pgrepl_node_state");
  std::string order;
  for (const Statement& statement : statements()) {
    const char letter = "cps"[static_cast<int>(statement.group)];
    if (order.empty() || order.back() != letter) order += letter;
  }
  EXPECT_EQ(order, "cpcs");
}

TEST(Queries, PollAsksFourStatementsOfAServerThatForbidsNothing) {
  EXPECT_EQ(group_of(StatementGroup::core).size(), 4U);
}

TEST(Queries, WholeTellsAllThatItsPartsTellAndNothingElse) {
  std::vector<std::string> whole, parts;
  for (const Column& column : statements().front().columns) whole.emplace_back(column.name);
  for (const Statement& part : group_of(StatementGroup::part)) {
    for (const Column& column : part.columns) parts.emplace_back(column.name);
  }
  EXPECT_THAT(whole, testing::UnorderedElementsAreArray(parts));
  EXPECT_EQ(std::set(whole.begin(), whole.end()).size(), whole.size()) << "columns go by name";
}

// PostgreSQL looks for EXECUTE when a statement begins, so what one of them calls can cost it all.
TEST(Queries, StateAsksForNothingThatAnAnswerCanDoWithout) {
  const std::string sql = statement_sql(statements()[1], 180000);
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

TEST(Queries, PartsAskForSystemAndTimelineOfEachRoleApart) {
  std::map<std::string, int> callers;
  for (const Statement& part : group_of(StatementGroup::part)) {
    const std::string sql = statement_sql(part, 180000);
    int calls = 0;
    for (const char* function : {"pg_control_system", "pg_control_recovery", "pg_walfile_name"}) {
      const bool is_called = sql.find(function) != std::string::npos;
      callers[function] += is_called;
      calls += is_called;
    }
    EXPECT_LE(calls, 1) << part.name;
  }
  EXPECT_THAT(callers, testing::Each(testing::Pair(testing::_, 1)));
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
