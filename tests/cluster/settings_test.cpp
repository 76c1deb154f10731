// SPDX-License-Identifier: Apache-2.0
// What the settings check sees on real servers, with the monitor's own privileges.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cluster/watch.h"

namespace pgrepl::test {
namespace {

using testing::HasSubstr;

constexpr char kOverrides[] = "pgrepl_setting_weak_commit_overrides";

TEST(Settings, CountRolesAndDatabasesWithWeakerCommits) {
  PostgresPair pair;
  Watch watch(pair);
  ASSERT_TRUE(watch.all_green());
  EXPECT_EQ(watch.value(kOverrides, kPrimary), 0);
  Sql session = pair.primary().sql();
  session.execute("create database reports");
  session.execute(
      "create role batch; create role strong; "
      "alter role batch set synchronous_commit = OFF; "
      "alter role strong set synchronous_commit = remote_apply; "
      "alter role strong in database reports set synchronous_commit = 'local'; "
      "alter database reports set synchronous_commit to remote_write");
  EXPECT_TRUE(watch.becomes(kOverrides, kPrimary, 3));
  EXPECT_TRUE(watch.status_becomes("settings", kPrimary, 1));
  const auto said = watch.exporter().check({"settings"}).out;
  EXPECT_THAT(said, HasSubstr("weaker for database reports, role batch, role strong in database "
                              "reports"));
  session.execute(
      "alter role batch reset all; alter role strong in database reports reset all; "
      "alter database reports reset all");
  EXPECT_TRUE(watch.becomes(kOverrides, kPrimary, 0));
}

TEST(Settings, DoNotTakeTheMonitorsOwnDatabaseForTheServer) {
  PostgresPair pair;
  Watch watch(pair);
  ASSERT_TRUE(watch.all_green());
  const Labels global = with(with(kPrimary, "setting", "synchronous_commit"), "value", "on");
  EXPECT_EQ(watch.value("pgrepl_setting_info", global), 1);
  pair.primary().sql().execute("alter database postgres set synchronous_commit = off");
  EXPECT_TRUE(watch.becomes(kOverrides, kPrimary, 1));
  watch.exporter().restart();  // a session has what was set when it began
  EXPECT_TRUE(watch.becomes(kOverrides, kPrimary, 1));
  EXPECT_TRUE(watch.becomes("pgrepl_setting_info",
                            with(with(kPrimary, "setting", "synchronous_commit"), "value", "off"),
                            std::nullopt));
  EXPECT_THAT(watch.exporter().check({"settings"}).out, HasSubstr("weaker for database postgres"));
}

TEST(Settings, SeeAStandbyBelowItsPrimary) {
  PostgresPair pair;
  Watch watch(pair);
  ASSERT_TRUE(watch.all_green());
  pair.primary().set("max_connections", "77");
  pair.primary().restart();
  EXPECT_TRUE(watch.becomes("pgrepl_setting", with(kPrimary, "setting", "max_connections"), 77));
  const auto below = [&] { return watch.exporter().check({"settings", "-n", kStandbyName}).out; };
  EXPECT_THAT(below(), HasSubstr("max_connections is 30, and 77 on wallix-a1"));
  EXPECT_TRUE(watch.status_becomes("settings", kStandby, 1));
  // The server pauses replay by itself.
  EXPECT_TRUE(watch.becomes("pgrepl_check_cause",
                            {{"check", "replay_lag"}, {"cause", "limit_below_primary"}}, 1));
  pair.standby().set("max_connections", "77");
  pair.standby().restart();
  EXPECT_TRUE(watch.all_green());
}

}  // namespace
}  // namespace pgrepl::test
