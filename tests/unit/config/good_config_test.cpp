// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "exporter/config/describe.h"
#include "exporter/config/read_config.h"
#include "tests/unit/config/config_files.h"

namespace pgrepl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

class GoodConfig : public testing::Test {
 protected:
  GoodConfig() { ::setenv("PGREPL_TEST_CANARY", "canary-variable", 1); }

  Config read(const std::string& name) const {
    auto config = read_config(files_.file(name));
    if (!config) {
      for (const Problem& problem : config.error()) ADD_FAILURE() << problem;
      return {};
    }
    return std::move(*config);
  }

  test::ConfigFiles files_{"good"};
};

using SmallestConfig = GoodConfig;
using CompleteConfig = GoodConfig;
using Description = GoodConfig;

TEST_F(SmallestConfig, GetsTheDocumentedDefaults) {
  const ExporterConfig exporter = read("smallest.toml").exporter;
  EXPECT_THAT(exporter.listen_addresses, ElementsAre(":10187"));
  EXPECT_EQ(exporter.poll_interval, Seconds{5});
  EXPECT_EQ(exporter.poll_interval_alert, Seconds{1});
  EXPECT_EQ(exporter.poll_timeout, Seconds{3});
  EXPECT_EQ(exporter.store_path, "");
}

TEST_F(SmallestConfig, NamesBothNodesWithTheirAddresses) {
  const Config config = read("smallest.toml");
  ASSERT_EQ(config.clusters.size(), 1U);
  const ClusterPolicy& policy = config.clusters[0].policy;
  ASSERT_EQ(policy.nodes.size(), 2U);
  EXPECT_EQ(policy.name, "wallix");
  EXPECT_EQ(policy.nodes[1].name, "wallix-a2");
  EXPECT_THAT(policy.nodes[1].addresses, ElementsAre("10.100.254.2"));
  EXPECT_FALSE(policy.nodes[1].host_configured);
  EXPECT_FALSE(policy.nodes[1].exporter_is_local);
}

TEST_F(SmallestConfig, LetsTheDefaultTimesFollowAShortInterval) {
  const ExporterConfig exporter = read("short_interval.toml").exporter;
  EXPECT_EQ(exporter.poll_interval, Seconds{0.5});
  EXPECT_EQ(exporter.poll_interval_alert, Seconds{0.5});
  EXPECT_EQ(exporter.poll_timeout, Seconds{0.5});
  EXPECT_EQ(exporter.connect_timeout, Seconds{0.5});
}

TEST_F(CompleteConfig, SetsEveryKeyOfTheExporter) {
  const ExporterConfig exporter = read("complete.toml").exporter;
  EXPECT_THAT(exporter.listen_addresses, ElementsAre("127.0.0.1:10187", ":10188"));
  EXPECT_EQ(exporter.poll_interval, Seconds{10});
  EXPECT_EQ(exporter.poll_interval_alert, Seconds{2});
  EXPECT_EQ(exporter.slow_interval, Seconds{60});
  EXPECT_EQ(exporter.poll_timeout, Seconds{4});
  EXPECT_EQ(exporter.connect_timeout, Seconds{2.5});
  EXPECT_EQ(exporter.telemetry_path, "/pgrepl");
  EXPECT_EQ(exporter.store_path, "/var/lib/pgrepl/memory.sqlite");
  EXPECT_EQ(exporter.log_level, "debug");
  EXPECT_EQ(exporter.log_format, "json");
  EXPECT_EQ(exporter.http_threads, 20);
}

TEST_F(CompleteConfig, SetsThePolicyOfTheCluster) {
  const ClusterPolicy policy = read("complete.toml").clusters.at(0).policy;
  EXPECT_EQ(policy.expect_sync, ExpectSync::required);
  EXPECT_EQ(policy.maintenance, (Maintenance{WallTime{std::chrono::seconds{1777665600}}, ""}));
  EXPECT_EQ(policy.poll_interval, Seconds{10});
  EXPECT_EQ(policy.poll_timeout, Seconds{4});
  EXPECT_THAT(policy.nodes.at(0).addresses, ElementsAre("db1.example", "10.100.254.1"));
  EXPECT_THAT(policy.nodes.at(2).addresses, ElementsAre());  // a socket is no address
  EXPECT_TRUE(policy.nodes.at(0).exporter_is_local);
  EXPECT_FALSE(policy.nodes.at(1).exporter_is_local);
  EXPECT_TRUE(policy.nodes.at(1).host_configured);
}

TEST_F(CompleteConfig, TakesPasswordsFromEveryPlace) {
  const auto nodes = read("complete.toml").clusters.at(0).nodes;
  EXPECT_EQ(nodes.at(0).connection.password.reveal(), "canary-private-file");
  EXPECT_EQ(nodes.at(1).connection.password.reveal(), "canary-in-uri");
  EXPECT_EQ(nodes.at(2).connection.password.reveal(), "canary-variable");
  EXPECT_TRUE(nodes.at(3).connection.password.empty());
  EXPECT_THAT(nodes.at(3).connection.keywords,
              testing::Contains(Pair("passfile", files_.file("pgpass.private"))));
}

TEST_F(CompleteConfig, KnowsTheRoleOfTheStandbys) {
  const auto login = read("complete.toml").clusters.at(0).replication;
  ASSERT_TRUE(login);
  EXPECT_THAT(login->keywords, ElementsAre(Pair("user", "replicator")));
  EXPECT_EQ(login->password.reveal(), "canary-private-file");
  EXPECT_FALSE(read("smallest.toml").clusters.at(0).replication);
}

TEST_F(CompleteConfig, KeepsKeywordsWithoutThePassword) {
  const auto nodes = read("complete.toml").clusters.at(0).nodes;
  EXPECT_THAT(
      nodes.at(1).connection.keywords,
      testing::UnorderedElementsAre(Pair("user", "pgrepl_monitor"), Pair("host", "10.100.254.2"),
                                    Pair("dbname", "postgres")));
}

TEST_F(CompleteConfig, SaysWhereHostFactsComeFrom) {
  const auto nodes = read("complete.toml").clusters.at(0).nodes;
  ASSERT_TRUE(nodes.at(0).host && nodes.at(1).host);
  EXPECT_THAT(nodes.at(0).host->paths, ElementsAre(Pair(DirectoryPurpose::data, "/data"),
                                                   Pair(DirectoryPurpose::wal, "/wal"),
                                                   Pair(DirectoryPurpose::archive, "/archive")));
  EXPECT_EQ(nodes.at(1).host->source, HostSource::node_exporter);
  EXPECT_EQ(nodes.at(1).host->url, "http://10.100.254.2:9100/metrics");
  EXPECT_FALSE(nodes.at(2).host);
}

TEST_F(CompleteConfig, LetsTheNearestLevelDecideEachLimit) {
  const Thresholds thresholds = read("complete.toml").clusters.at(0).thresholds;
  const Limits defaults{.warning = above(10), .critical = above(25)};
  EXPECT_EQ(thresholds.resolve("replay_lag", "lag", "wallix-a1", defaults),
            (Limits{.warning = above(5), .critical = above(15)}));
  EXPECT_EQ(thresholds.resolve("replay_lag", "lag", "wallix-a2", defaults),
            (Limits{.warning = above(1), .critical = above(15)}));
}

TEST_F(CompleteConfig, PutsLimitsOnTheSideWhereTheMeasureIsBad) {
  const Thresholds thresholds = read("complete.toml").clusters.at(0).thresholds;
  EXPECT_EQ(thresholds.resolve("wal_senders", "free", "wallix-a1", {}),
            (Limits{.warning = below(4), .critical = below(2)}));
  EXPECT_EQ(thresholds.resolve("slot_retention", "retained", "wallix-a1", {}),
            (Limits{.warning = above(4.0 * (1 << 30)), .critical = above(8.0 * (1 << 30))}));
}

TEST_F(CompleteConfig, LeavesUnnamedLimitsToTheDefaults) {
  const Thresholds thresholds = read("complete.toml").clusters.at(0).thresholds;
  const Limits defaults{.warning = above(64), .critical = above(256)};
  EXPECT_EQ(thresholds.resolve("archive", "backlog", "wallix-a1", defaults),
            (Limits{.warning = above(32), .critical = above(256)}));
}

TEST_F(CompleteConfig, AddsTheClustersOfConfD) {
  const Config config = read("with_conf_d/pgrepl.toml");
  ASSERT_EQ(config.clusters.size(), 3U);
  EXPECT_EQ(config.clusters[0].name, "main");
  EXPECT_EQ(config.clusters[1].name, "first");
  EXPECT_EQ(config.clusters[2].name, "second");
  EXPECT_EQ(config.clusters[2].policy.poll_interval, Seconds{7});
  EXPECT_EQ(config.clusters[2].thresholds.resolve("replay_lag", "lag", "only", {}).warning,
            above(2));
}

TEST_F(Description, ShowsNoSecret) {
  const std::string text = describe(read("complete.toml"));
  EXPECT_THAT(text, Not(HasSubstr("canary")));
  EXPECT_THAT(text, HasSubstr("user=pgrepl_monitor"));
  EXPECT_THAT(text, HasSubstr("(password given)"));
}

TEST_F(Description, TellsWhereEachLimitComesFrom) {
  const std::string text = describe(read("complete.toml"));
  EXPECT_THAT(text, testing::ContainsRegex("replay_lag.lag +warning +above 5 s +\\[thresholds\\]"));
  EXPECT_THAT(text, testing::ContainsRegex("replay_lag.lag +warning +above 1 s +node wallix-a2"));
  EXPECT_THAT(text, testing::ContainsRegex(
                        "replay_lag.lag +critical +above 15 s +\\[cluster.thresholds\\]"));
  EXPECT_THAT(
      text, testing::ContainsRegex("wal_senders.free +warning +below 4 +\\[cluster.thresholds\\]"));
  EXPECT_THAT(
      text, testing::ContainsRegex("replay_lag_bytes.bytes +critical +above 1 GB +default, guide"));
}

TEST_F(Description, ShowsALimitThatFollowsAnother) {
  const std::string text = describe(read("complete.toml"));
  EXPECT_THAT(text, testing::ContainsRegex("slot_active.retained +warning +above 3 GB"));
  EXPECT_THAT(text, testing::ContainsRegex(
                        "slot_active.retained +critical +above 4 GB +default, slot_retention"));
}

TEST_F(Description, NamesWhatIsNotConfigured) {
  EXPECT_THAT(describe(read("smallest.toml")),
              HasSubstr("not configured: disk_usage is not judged"));
}

}  // namespace
}  // namespace pgrepl
