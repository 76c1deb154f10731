// SPDX-License-Identifier: Apache-2.0
#include "tests/support/metrics_page.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

namespace pgrepl::test {
namespace {

TEST(MetricsPage, FindsASeriesByPartOfItsLabels) {
  const MetricsPage page(
      "# HELP up text\n"
      "up{cluster=\"c\",node=\"a1\"} 1\n"
      "up{cluster=\"c\",node=\"a2\"} 0\n"
      "plain 2.5\n");
  EXPECT_EQ(page.value("up", {{"node", "a2"}}), 0);
  EXPECT_EQ(page.value("plain"), 2.5);
  EXPECT_EQ(page.series("up", {{"cluster", "c"}}).size(), 2U);
}

TEST(MetricsPage, KeepsAbsentApartFromZero) {
  const MetricsPage page("up{node=\"a1\"} 0\n");
  EXPECT_EQ(page.value("up", {{"node", "a2"}}), std::nullopt);
  EXPECT_EQ(page.value("down"), std::nullopt);
}

TEST(MetricsPage, RefusesToChooseBetweenSeries) {
  const MetricsPage page("up{node=\"a1\"} 1\nup{node=\"a2\"} 1\n");
  EXPECT_THROW((void)page.value("up"), std::runtime_error);
}

TEST(MetricsPage, ReadsEscapesAndSpecialNumbers) {
  const MetricsPage page("x{a=\"q\\\"b\\\\n\\nl{,}\"} +Inf\ny NaN\n");
  ASSERT_EQ(page.all().size(), 2U);
  EXPECT_EQ(page.all()[0].labels.at("a"), "q\"b\\n\nl{,}");
  EXPECT_TRUE(std::isinf(page.all()[0].value));
  EXPECT_TRUE(std::isnan(page.all()[1].value));
}

TEST(MetricsPage, RejectsWhatIsNotOfTheFormat) {
  for (const char* text : {"up 1", "up\n", "up{a=\"b\" 1\n", "up{a=b} 1\n", "up 1x\n", "up one\n",
                           "up{a=\"b\",a=\"c\"} 1\n", "up{a=\"b\"c=\"d\"} 1\n"})
    EXPECT_THROW(MetricsPage{text}, std::runtime_error) << text;
}

}  // namespace
}  // namespace pgrepl::test
