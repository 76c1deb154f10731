// SPDX-License-Identifier: Apache-2.0
// The round trip between the nodes, as an exporter on the primary sees it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "tests/cluster/watch.h"

namespace pgrepl::test {
namespace {

const std::string kExporterIsHere = "host = { source = \"local\" }\n";
const Labels kFromPrimary = with(kStandby, "from", kPrimaryName);

TEST(NetworkLatency, IsFineOnAQuickNetworkAndAWarningBeyondItsThreshold) {
  PostgresPair pair;
  Watch watch(pair, {.primary = kExporterIsHere});
  EXPECT_TRUE(watch.status_becomes("network_latency", kStandby, 0));
  const MetricsPage page = watch.exporter().metrics();
  const auto trip = page.value("pgrepl_node_round_trip_seconds", kFromPrimary);
  EXPECT_GT(trip, 0);
  EXPECT_LT(trip, 0.005);
  EXPECT_EQ(page.value("pgrepl_check_value", with(kStandby, "check", "network_latency")), trip);
  const Labels of_primary = with(kPrimary, "check", "network_latency");
  EXPECT_EQ(page.value("pgrepl_check_status", of_primary), std::nullopt);

  // The loopback is quicker than any other threshold.
  // The daemon would hold a finding back for a minute; to somebody who looks it is shown at once.
  const TempDirectory directory;
  const auto config = directory.path() / "pgrepl.toml";
  std::string text = read_file(watch.exporter().config_file());
  const std::string table = "[thresholds]\n";
  text.insert(text.find(table) + table.size(), "network_latency = { warning = \"0s\" }\n");
  write_file(config, text);
  const ProgramResult status =
      run_program({.argv = {exporter_program(), "status", "--config.file", config.string()}});
  EXPECT_EQ(status.exit_code, 1) << status.err;
  EXPECT_THAT(status.out, testing::ContainsRegex("WARNING +network_latency on wallix-a2: round "
                                                 "trip from wallix-a1"));
}

TEST(NetworkLatency, IsNotBlamedForAServerThatIsSlow) {
  PostgresPair pair;
  Watch watch(pair, {.exporter = "poll_interval = \"1s\"\npoll_timeout = \"1s\"\n",
                     .primary = kExporterIsHere});
  const double polls = watch.value("pgrepl_polls_total", kStandby).value_or(0);
  // While it stands still its kernel says after 40 ms that it has received the question.
  for (int round = 0; watch.value("pgrepl_polls_total", kStandby) < polls + 6; ++round) {
    ASSERT_LT(round, 200);
    pair.standby().pause();
    std::this_thread::sleep_for(std::chrono::milliseconds(90));
    pair.standby().resume();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_TRUE(watch.becomes("pgrepl_node_up", kStandby, 1));
  EXPECT_LT(watch.value("pgrepl_node_round_trip_seconds", kFromPrimary), 0.002);
}

}  // namespace
}  // namespace pgrepl::test
