// SPDX-License-Identifier: Apache-2.0
#include "tests/cluster/watch.h"

#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

/// Longer than any hold time plus what a sanitizer adds.
constexpr std::chrono::seconds kPatience{60};

std::string node_table(const char* name, int port, const std::filesystem::path& passfile) {
  return std::string("[[cluster.node]]\nname = \"") + name +
         "\"\nconninfo = \"host=127.0.0.1 port=" + std::to_string(port) + " user=" + kMonitorRole +
         " dbname=postgres passfile=" + passfile.string() + "\"\n";
}

std::string config_of(PostgresPair& pair, const WatchOptions& options,
                      const std::filesystem::path& directory, const std::filesystem::path& store) {
  const auto passfile = write_passfile(directory);
  const int primary = options.primary_port != 0 ? options.primary_port : pair.primary().port();
  const int standby = options.standby_port != 0 ? options.standby_port : pair.standby().port();
  return "[exporter]\n" + options.exporter + "store_path = \"" + store.string() +
         "\"\n[thresholds]\n" + options.thresholds + "[[cluster]]\nname = \"wallix\"\n" +
         options.cluster + node_table(kPrimaryName, primary, passfile) + options.primary +
         node_table(kStandbyName, standby, passfile) + options.standby;
}

std::string shown(const std::vector<Series>& all, const std::string& metric) {
  std::string text;
  for (const Series& series : all) {
    if (!series.name.starts_with(metric)) continue;
    text += "  " + series.name;
    for (const auto& [name, label] : series.labels) text += " " + name + "=" + label;
    text += " = " + std::to_string(series.value) + "\n";
  }
  return text.empty() ? "  no series\n" : text;
}

}  // namespace

Labels with(const Labels& node, const std::string& label, const std::string& value) {
  Labels labels = node;
  labels[label] = value;
  return labels;
}

std::filesystem::path write_passfile(const std::filesystem::path& directory,
                                     const std::string& password) {
  const auto path = directory / "passfile";
  write_file(path, "*:*:*:*:" + password + "\n", std::filesystem::perms{0600});
  return path;
}

Watch::Watch(PostgresPair& pair, const WatchOptions& options)
    : store_(options.store.empty() ? directory_.path() / "store.sqlite" : options.store),
      exporter_({.config = config_of(pair, options, directory_.path(), store_),
                 .environment = options.environment,
                 .program = options.program}) {}

std::optional<double> Watch::value(const std::string& metric, const Labels& labels) {
  return exporter_.metrics().value(metric, labels);
}

template <class Condition>
::testing::AssertionResult Watch::sees(const std::string& what, const std::string& metric,
                                       Condition condition) {
  if (wait_until([&] { return condition(exporter_.metrics()); }, kPatience))
    return ::testing::AssertionSuccess();
  const std::string log = exporter_.log();
  return ::testing::AssertionFailure()
         << what << " was not seen; at last:\n"
         << shown(exporter_.metrics().all(), metric) << "log:\n"
         << log.substr(log.size() - std::min<std::size_t>(log.size(), 3000));
}

::testing::AssertionResult Watch::becomes(const std::string& metric, const Labels& labels,
                                          std::optional<double> expected) {
  const std::string wanted = expected ? std::to_string(*expected) : "absent";
  return sees(metric + " = " + wanted, metric,
              [&](const MetricsPage& page) { return page.value(metric, labels) == expected; });
}

::testing::AssertionResult Watch::exceeds(const std::string& metric, const Labels& labels,
                                          double limit) {
  return sees(metric + " > " + std::to_string(limit), metric, [&](const MetricsPage& page) {
    return page.value(metric, labels).value_or(limit) > limit;
  });
}

::testing::AssertionResult Watch::status_becomes(const std::string& check, const Labels& node,
                                                 int status) {
  return becomes("pgrepl_check_status", with(node, "check", check), status);
}

::testing::AssertionResult Watch::all_green() {
  return sees("a page without a bad check", "pgrepl_check_status", [](const MetricsPage& page) {
    const std::vector<Series> all = page.series("pgrepl_check_status");
    return !all.empty() &&
           std::all_of(all.begin(), all.end(), [](const Series& one) { return one.value == 0; });
  });
}

}  // namespace pgrepl::test
