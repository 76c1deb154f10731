// SPDX-License-Identifier: Apache-2.0
// From PostgreSQL 17 on a standby keeps copies of the primary's logical slots.  Nobody reads them
// there before a failover, and that is no fault.
#include <gtest/gtest.h>

#include "tests/cluster/watch.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

constexpr const char* kSlot = "subscription";
constexpr const char* kAlarmsAtOnce =
    "slot_active.inactive = { warning = \"1s\", critical = \"2s\" }\n"
    "slot_retention = { warning = \"1B\", critical = \"1B\" }\n";

class SyncedSlot : public ::testing::TestWithParam<int> {
 protected:
  static PairOptions options() {
    return {.major = GetParam(),
            .settings = {{"wal_level", "logical"},
                         {"hot_standby_feedback", "on"},
                         {"sync_replication_slots", "on"}}};
  }

  /// The slot's worker asks a database of the primary for the slots.
  static void let_standby_copy_slots(PostgresPair& pair) {
    pair.standby().set("primary_conninfo", pair.primary().conninfo(kReplicatorRole) +
                                               " password=" + kReplicatorPassword +
                                               " application_name=" + kStandbyName);
    pair.standby().reload();
    pair.wait_until_sync();
    pair.primary().sql().execute(std::string("select pg_create_logical_replication_slot('") +
                                 kSlot + "', 'test_decoding', false, false, true)");
  }

  /// A reader moves the slot on; only then its copy is fit for use.
  static bool is_copied(PostgresPair& pair) {
    pair.primary().sql().execute(std::string("select pg_log_standby_snapshot(); "
                                             "select pg_logical_slot_get_changes('") +
                                 kSlot + "', null, null)");
    return pair.standby().sql().value(
               "select synced and not temporary from pg_replication_slots") == "t";
  }
};

TEST_P(SyncedSlot, OfAStandbyIsNoUnusedOne) {
  PostgresPair pair(options());
  let_standby_copy_slots(pair);
  ASSERT_TRUE(wait_until([&] { return is_copied(pair); }, kServerPatience)) << pair.standby().log();
  Watch watch(pair, {.thresholds = kAlarmsAtOnce});
  const Labels copy = with(kStandby, "slot_name", kSlot);
  ASSERT_TRUE(watch.exceeds("pgrepl_slot_inactive_seconds", copy, 5));
  // the same limits do speak of the primary's, which nobody reads any more
  EXPECT_TRUE(watch.status_becomes("slot_active", with(kPrimary, "object", kSlot), 2));
  EXPECT_EQ(watch.value("pgrepl_check_status", with(kStandby, "check", "slot_active")),
            std::nullopt);
  EXPECT_EQ(watch.value("pgrepl_check_status", with(kStandby, "check", "slot_retention")),
            std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(PostgreSQL, SyncedSlot, ::testing::Values(17, 18),
                         [](const auto& major) { return std::to_string(major.param); });

}  // namespace
}  // namespace pgrepl::test
