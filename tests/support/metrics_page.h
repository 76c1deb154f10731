// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pgrepl::test {

using Labels = std::map<std::string, std::string>;

/// One line of an exposition page.
struct Series {
  std::string name;
  Labels labels;
  double value = 0;
};

/// A page in Prometheus's text format, read strictly: a line that is not of the format throws.
class MetricsPage {
 public:
  explicit MetricsPage(std::string_view text);

  /// The value of the one series with that name and (at least) these labels.  Absent: there is
  /// none. Throws when several fit, because the test then does not know what it asks for.
  std::optional<double> value(std::string_view name, const Labels& labels = {}) const;
  /// All series of that name with (at least) these labels.
  std::vector<Series> series(std::string_view name, const Labels& labels = {}) const;
  const std::vector<Series>& all() const { return series_; }

 private:
  std::vector<Series> series_;
};

}  // namespace pgrepl::test
