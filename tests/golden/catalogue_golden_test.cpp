// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "alerts/rules.h"
#include "alerts/runbook.h"
#include "checks/base/units.h"
#include "checks/catalogue/catalogue.h"
#include "tests/golden/golden_file.h"

// The whole catalogue, a row a line, so that a review sees each changed rule as one line.
namespace pgrepl {
namespace {

std::string limit_text(const std::optional<double>& limit, Unit unit) {
  return limit ? humanize(*limit, unit) : "never";
}

std::string fact_line(const FactRow& row) {
  std::string labels;
  for (std::size_t i = 0; i < row.label_count(); ++i) {
    labels += (i == 0 ? "" : ",") + std::string{row.labels[i]};
  }
  return std::string{row.metric} + "{" + labels + "} " +
         (row.type == MetricType::counter ? "counter" : "gauge") + " | " + std::string{row.help} +
         " | " + std::string{row.source} + "\n";
}

std::string check_lines(const CheckRow& row) {
  std::string text = std::string{row.id} + " | " + std::string{row.title} + " | hold " +
                     humanize(row.hold.seconds, Unit::seconds) + ", " +
                     std::to_string(row.hold.polls) + " polls | " + std::string{row.source} + "\n";
  for (const MeasureRow& measure : row.measures) {
    text += "  measure " + std::string{measure.id} +
            (measure.bad == BadSide::above ? " above" : " below") + ": warning " +
            limit_text(measure.warning, measure.unit) + ", critical " +
            limit_text(measure.critical, measure.unit) + " | " + std::string{measure.source} + "\n";
  }
  for (const CauseRow& cause : row.causes) {
    text += "  cause " + std::string{cause.id} + ": " +
            (cause.state ? std::string{to_string(*cause.state)} : "explains") + " | " +
            std::string{cause.says} + "\n";
  }
  return text;
}

TEST(CatalogueGolden, FactsAreAsCommitted) {
  std::string text;
  for (const FactRow& row : facts()) text += fact_line(row);
  test::expect_golden("facts.txt", text);
}

TEST(CatalogueGolden, ChecksAreAsCommitted) {
  std::string text;
  for (const CheckRow& row : checks()) text += check_lines(row);
  test::expect_golden("checks.txt", text);
}

TEST(CatalogueGolden, AlertRulesAreAsCommitted) {
  test::expect_golden("../../alerts/pgrepl.rules.yml", alert_rules(checks()));
}

TEST(CatalogueGolden, RunbookIsAsCommitted) {
  test::expect_golden("../../alerts/runbook.md", runbook_markdown(checks()));
}

}  // namespace
}  // namespace pgrepl
