// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checks/catalogue/catalogue.h"
#include "checks/nagios/check_query.h"
#include "checks/nagios/freshness.h"
#include "tests/support/perfdata_judge.h"
#include "tests/unit/nagios/asked_world.h"

namespace pgrepl {
namespace {

const std::vector<std::string> kConfigured{"w"};

TEST(CatalogueAnswer, KnowsEveryCheck) {
  for (const CheckRow& check : checks()) {
    const PluginOutput output = answer({.check = std::string(check.id)}, {}, kConfigured, kTaken);
    EXPECT_FALSE(output.not_found) << check.id;
    EXPECT_EQ(output.state, State::unknown) << check.id;
  }
}

TEST(CatalogueAnswer, ListsEveryCheckWhole) {
  const PluginOutput output = answer({.check = "list"}, {}, kConfigured, kTaken);
  for (const CheckRow& check : checks()) {
    EXPECT_THAT(output.text, testing::HasSubstr("\n" + std::string(check.id) + " - "));
  }
  EXPECT_THAT(output.text, testing::Not(testing::HasSubstr("left out")));
}

TEST(CatalogueAnswer, FindsTheRowThatFreshnessBelongsTo) {
  ASSERT_NE(find_check(kFreshnessCheck), nullptr);
  const ClusterReport report = a_report("w");
  const std::vector<const ClusterReport*> reports{&report};
  for (const double age : {1.0, 100.0}) {
    const PluginOutput output = answer({.check = std::string(kFreshnessCheck), .verbosity = 2},
                                       reports, kConfigured, after(kTaken, Seconds{age}));
    EXPECT_EQ(plugin_output_faults(output.text), std::vector<std::string>{}) << output.text;
  }
}

}  // namespace
}  // namespace pgrepl
