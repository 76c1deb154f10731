// SPDX-License-Identifier: Apache-2.0
// The grammar of synchronous_standby_names as we read it, against the server that invented it.
#include "checks/analysis/sync_names.h"

#include <gtest/gtest.h>

#include "tests/support/postgres_pair.h"
#include "tests/support/wait_until.h"
#include "tests/unit/analysis/random_sync_names.h"

namespace pgrepl::test {
namespace {

constexpr char kParameter[] = "synchronous_standby_names";

std::string literal(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted.append(c == '\'' ? 2 : 1, c);
  return quoted + "'";
}

/// ALTER SYSTEM checks the value as the server would at its start.
bool server_accepts(Sql& session, const std::string& setting) {
  try {
    session.execute(std::string{"alter system set "} + kParameter + " = " + literal(setting));
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

TEST(SyncNames, AreAcceptedAndRefusedAsByTheServer) {
  PostgresPair pair;
  Sql session = pair.primary().sql();
  Dice dice(3);
  int accepted = 0;
  for (int i = 0; i < 700; ++i) {
    const std::string setting = random_sync_names(dice);
    const auto read = parse_sync_names(setting);
    EXPECT_EQ(read.has_value(), server_accepts(session, setting)) << setting;
    if (!read) continue;
    ++accepted;
    EXPECT_TRUE(server_accepts(session, to_setting(*read))) << setting;
  }
  EXPECT_GT(accepted, 25);
  for (const char* setting :
       {"", " ", "wallix-a2", "a2\v", "a\xc3\xbc$", "\"\"", "any", "\"any\""}) {
    EXPECT_EQ(parse_sync_names(setting).has_value(), server_accepts(session, setting)) << setting;
  }
}

TEST(SyncNames, NameTheStandbyThatTheServerWaitsFor) {
  PostgresPair pair;
  for (const char* setting : {"\"WALLIX-a2\"", "wallix_a2, \"Wallix-A2\"", "*", "\"*\"",
                              "ANY 1 (x, \"wallix-a2\")", "\"wallix-a\"", "2 (\"wallix-a2\", x)"}) {
    const SyncNames demand = *parse_sync_names(setting);
    pair.primary().set(kParameter, setting);
    pair.primary().reload();
    const bool named = names_standby(demand, kStandbyName);
    const auto agrees = [&] {
      const auto state = pair.sync_state();
      return named ? state == "sync" || state == "quorum" : state == "async";
    };
    EXPECT_TRUE(wait_until(agrees, std::chrono::seconds(20))) << setting << pair.sync_state();
  }
}

}  // namespace
}  // namespace pgrepl::test
