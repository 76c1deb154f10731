// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>

#include "tests/support/exporter_process.h"
#include "tests/support/postgres_pair.h"

namespace pgrepl::test {

/// How a test watches a pair.
struct WatchOptions {
  /// Lines of [exporter].  The usual ones poll often, so that tests need not wait long.
  std::string exporter = "poll_interval = \"2s\"\npoll_timeout = \"2s\"\nslow_interval = \"2s\"\n";
  std::string cluster = {};          ///< further lines of the cluster, [cluster.thresholds] last
  std::string thresholds = {};       ///< lines of [thresholds]
  std::string primary = {};          ///< further lines of the primary's table
  std::string standby = {};          ///< the same of the standby's
  std::string program = {};          ///< another exporter than the real one
  std::filesystem::path store = {};  ///< of the exporter; empty: in a folder of the watch
  std::map<std::string, std::string> environment = {};  ///< of the exporter
  int primary_port = 0;                                 ///< 0: the server's own; else a gate's
  int standby_port = 0;
};

/// The nodes' names, for labels.
inline const Labels kPrimary{{"node", kPrimaryName}};
inline const Labels kStandby{{"node", kStandbyName}};
/// `node` with one more label.
Labels with(const Labels& node, const std::string& label, const std::string& value);

/// A real exporter watching a pair as cluster "wallix", and what a reader of its pages sees.
class Watch {
 public:
  explicit Watch(PostgresPair& pair, const WatchOptions& options = {});

  ExporterProcess& exporter() { return exporter_; }
  const std::filesystem::path& store() const { return store_; }

  /// The present value of a series.  Absent: there is none.
  std::optional<double> value(const std::string& metric, const Labels& labels = {});
  /// Waits until the series has the value; absent means that the series must go away.
  ::testing::AssertionResult becomes(const std::string& metric, const Labels& labels,
                                     std::optional<double> expected);
  /// Waits until the series is there and above the limit.
  ::testing::AssertionResult exceeds(const std::string& metric, const Labels& labels, double limit);
  /// Waits until the check of that node says so: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.
  ::testing::AssertionResult status_becomes(const std::string& check, const Labels& node,
                                            int status);
  /// Waits until every check is OK.
  ::testing::AssertionResult all_green();

 private:
  template <class Condition>
  ::testing::AssertionResult sees(const std::string& what, const std::string& metric,
                                  Condition condition);

  TempDirectory directory_;
  std::filesystem::path store_;
  ExporterProcess exporter_;
};

/// A passfile with the monitor's password in that directory.
std::filesystem::path write_passfile(const std::filesystem::path& directory,
                                     const std::string& password = kMonitorPassword);

}  // namespace pgrepl::test
