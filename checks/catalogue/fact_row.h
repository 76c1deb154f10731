// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checks/analysis/cluster_analysis.h"
#include "checks/base/units.h"
#include "checks/model/check_result.h"
#include "checks/model/cluster_policy.h"
#include "checks/model/cluster_snapshot.h"
#include "checks/model/exporter_snapshot.h"

namespace pgrepl {

/// Label names of a row; unused ones are empty and stand last.
using Labels = std::array<std::string_view, 6>;

enum class MetricType { gauge, counter };

/// Everything a fact about a cluster may be taken from.
struct ClusterFacts {
  const ClusterSnapshot& snapshot;
  const ClusterAnalysis& analysis;
  const ClusterPolicy& policy;
  std::span<const CheckResult> results;
};

/// One published number with its label values, in the order of the row's labels.
struct Sample {
  std::vector<std::string> label_values;
  double value = 0;
};

/// Takes what an extractor emits.  An unknown fact is simply not emitted.
class FactSink {
 public:
  void emit(std::initializer_list<std::string_view> label_values, double value) {
    samples_.push_back({{label_values.begin(), label_values.end()}, value});
  }
  /// As emit(), with one more label value behind the others.
  void emit_with(std::initializer_list<std::string_view> label_values, std::string_view last,
                 double value) {
    emit(label_values, value);
    samples_.back().label_values.emplace_back(last);
  }
  std::vector<Sample> take() { return std::move(samples_); }

 private:
  std::vector<Sample> samples_;
};

/// Whether a number is published of a cluster (then its labels begin with `cluster`), or of the
/// exporter itself.
enum class FactScope { cluster, exporter };

/// A published fact, declared once: /metrics, the JSON API, the page and the reference derive from
/// it.
struct FactRow {
  std::string_view metric;
  MetricType type = MetricType::gauge;
  Unit unit = Unit::none;
  Labels labels;
  std::string_view help;    ///< one sentence; no backslash, no line break
  std::string_view source;  ///< view and column, or function
  /// Set for facts about clusters.
  void (*of_cluster)(const ClusterFacts&, FactSink&) = nullptr;
  /// Set for the exporter's own facts.
  void (*of_exporter)(const ExporterSnapshot&, FactSink&) = nullptr;

  constexpr FactScope scope() const {
    return of_cluster != nullptr ? FactScope::cluster : FactScope::exporter;
  }
  constexpr std::size_t label_count() const {
    std::size_t count = 0;
    while (count < labels.size() && !labels[count].empty()) ++count;
    return count;
  }
};

}  // namespace pgrepl
