// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/report_json.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/support/cluster_builder.h"

namespace pgrepl {
namespace {

using nlohmann::json;
using test::ClusterBuilder;

json read(const ClusterReport& report, JsonLayout layout = JsonLayout::one_line) {
  return json::parse(reports_json({&report, 1}, {}, layout));
}

json result_of(const json& cluster, const std::string& check, const std::string& node) {
  for (const json& result : cluster["results"]) {
    if (result["check"] == check && result["node"] == node) return result;
  }
  return nullptr;
}

TEST(ReportJson, TellsOfAHealthyPair) {
  ClusterBuilder pair;
  pair.poll();
  const json all = read(pair.write(4096).poll());
  EXPECT_EQ(all["state"], "OK");
  EXPECT_EQ(all["code"], 0);
  const json& cluster = all["clusters"][0];
  EXPECT_EQ(cluster["cluster"], "pair");
  EXPECT_EQ(cluster["primary"], "a1");
  EXPECT_EQ(cluster["topology"]["verdict"], "healthy");
  EXPECT_TRUE(cluster["root_cause"].is_null());
  EXPECT_EQ(cluster["nodes"][0]["postgres"]["slots"][0]["slot_name"], "a2_slot");
  EXPECT_EQ(cluster["nodes"][0]["postgres"]["current_wal_flush_lsn"], "0/3001060");
  EXPECT_TRUE(cluster["nodes"][0]["replay_lag"].is_null());
  const json& lag = cluster["nodes"][1]["replay_lag"];
  EXPECT_EQ(lag["bytes"], 4096);
  EXPECT_GT(lag["seconds"], 0);
  EXPECT_EQ(cluster["nodes"][1]["following"]["node"], "a1");
}

TEST(ReportJson, TellsOfMaintenanceAndWhatItMutes) {
  ClusterBuilder pair;
  pair.poll();
  EXPECT_TRUE(read(pair.poll())["clusters"][0]["maintenance_reason"].is_null());
  const WallTime until = pair.snapshot.taken.wall + std::chrono::hours{1};
  pair.policy.maintenance = {.until = until, .reason = "kernel update"};
  pair.poll();
  pair.silence(1, FailureClass::timeout);
  pair.poll();
  const json cluster = read(pair.poll())["clusters"][0];
  EXPECT_EQ(cluster["maintenance_until_timestamp_seconds"], since_1970(until));
  EXPECT_EQ(cluster["maintenance_reason"], "kernel update");
  EXPECT_EQ(result_of(cluster, "node_up", "a2")["muted"], true);
  EXPECT_EQ(result_of(cluster, "node_up", "a1")["muted"], false);
  EXPECT_EQ(cluster["journal"].front()["kind"], "maintenance_began");
  EXPECT_EQ(cluster["journal"].back()["during_maintenance"], true);
}

TEST(ReportJson, HasNullForWhatIsNotKnown) {
  ClusterBuilder pair;
  pair.poll();
  pair.silence(1, FailureClass::timeout).cut_standby();
  const json cluster = read(pair.poll())["clusters"][0];
  const json& silent = cluster["nodes"][1];
  EXPECT_EQ(silent["up"], false);
  EXPECT_EQ(silent["failure"]["reason"], "timeout");
  EXPECT_TRUE(silent["postgres"].is_null());
  EXPECT_TRUE(silent["filesystems"].is_null());
  EXPECT_TRUE(silent["replay_lag"]["seconds"].is_null());
  EXPECT_TRUE(silent["replay_lag"]["not_sent_bytes"].is_null());
  EXPECT_TRUE(cluster["nodes"][0]["failure"].is_null());
}

TEST(ReportJson, TellsWhatIsHiddenFromWhatIsNotThere) {
  ClusterBuilder pair;
  pair.primary().slots.clear();
  EXPECT_EQ(read(pair.poll())["clusters"][0]["nodes"][0]["postgres"]["slots"], json::array());
  pair.primary().missing.slots = Failure{FailureClass::query_failed, "slots: gone"};
  EXPECT_TRUE(read(pair.poll())["clusters"][0]["nodes"][0]["postgres"]["slots"].is_null());
}

TEST(ReportJson, TellsWhoseSlotsAreAndWhatKeepsWal) {
  ClusterBuilder pair;
  ReplicationSlotRow orphan = pair.slot();
  orphan.slot_name = "forgotten";
  orphan.active = false;
  orphan.active_pid.reset();
  pair.primary().slots.push_back(orphan);
  const json node = read(pair.write(1 << 30).replay_all().poll())["clusters"][0]["nodes"][0];
  const json& slots = node["postgres"]["slots"];
  EXPECT_EQ(slots[0]["owner"], "standby");
  EXPECT_EQ(slots[0]["owner_node"], "a2");
  EXPECT_EQ(slots[1]["owner"], "nobody");
  EXPECT_TRUE(slots[1]["owner_node"].is_null());
  EXPECT_TRUE(slots[1]["lost_in_seconds"].is_null());
  EXPECT_EQ(node["postgres"]["wal_senders"][0]["kind"], "standby");
  EXPECT_EQ(node["postgres"]["wal_kept_by"]["main"], "slots");
  EXPECT_EQ(node["postgres"]["wal_kept_by"]["slot_name"], "forgotten");
}

TEST(ReportJson, CarriesVerdictsWithNumbersLimitsAndFix) {
  ClusterBuilder pair;
  pair.poll();
  pair.silence(1, FailureClass::refused).cut_standby();
  pair.poll();
  const json cluster = read(pair.poll())["clusters"][0];
  EXPECT_EQ(cluster["root_cause"]["check"], "node_up");
  EXPECT_EQ(cluster["root_cause"]["cause"], "refused");
  EXPECT_EQ(cluster["root_cause"]["says"],
            "Nothing listens on the port: PostgreSQL is not running.");
  EXPECT_FALSE(cluster["root_cause"]["fix"].empty());
  const json size = result_of(cluster, "wal_directory", "a1")["measures"][0];
  EXPECT_EQ(size["measure"], "size");
  EXPECT_EQ(size["unit"], "bytes");
  EXPECT_EQ(size["value"], std::int64_t{80} << 20);
  EXPECT_EQ(size["warning"]["end"], std::int64_t{4} << 30);
}

TEST(ReportJson, TellsOfReadinessLossAndTheJournal) {
  ClusterBuilder pair;
  pair.poll();
  pair.write(4096);
  json cluster = read(pair.poll())["clusters"][0];
  EXPECT_EQ(cluster["readiness"]["candidate"], "a2");
  EXPECT_EQ(cluster["nodes"][1]["loss"]["bytes"], 4096);
  EXPECT_TRUE(cluster["nodes"][0]["loss"].is_null());
  EXPECT_EQ(cluster["ways_back"][0]["node"], "a1");
  EXPECT_EQ(cluster["ways_back"][0]["blockers"], json::array({"no_slot"}));
  EXPECT_EQ(cluster["advice"].size(), 2U);
  EXPECT_TRUE(cluster["failover"].is_null());
  pair.silence(1, FailureClass::refused).cut_standby();
  for (int i = 0; i < 3; ++i) pair.poll();
  cluster = read(pair.poll())["clusters"][0];
  EXPECT_FALSE(cluster["readiness"]["hindrances"].empty());
  EXPECT_FALSE(cluster["journal"].empty());
}

TEST(ReportJson, SurvivesATextThatIsNotUtf8) {
  ClusterBuilder pair;
  pair.slot().slot_name = "\xff\xfe";
  EXPECT_FALSE(read(pair.poll()).is_null());
}

TEST(ReportJson, IsOneLineOrIndented) {
  ClusterBuilder pair;
  const ClusterReport report = pair.poll();
  const std::string line = reports_json({&report, 1}, {}, JsonLayout::one_line);
  EXPECT_EQ(std::ranges::count(line, '\n'), 1);
  EXPECT_EQ(read(report, JsonLayout::indented), json::parse(line));
}

}  // namespace
}  // namespace pgrepl
