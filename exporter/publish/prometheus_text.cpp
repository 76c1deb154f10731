// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/prometheus_text.h"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "checks/base/text.h"

namespace pgrepl {
namespace {

constexpr std::string_view kStatus = "pgrepl_check_status";
constexpr std::string_view kFreshness = "data_freshness";
/// What stays true of a cluster, and worth reading, when its last poll is too old to be believed.
constexpr std::array<std::string_view, 1> kTrueWhileStale{"pgrepl_last_poll_timestamp_seconds"};
/// More than any name that PostgreSQL lets pass.
constexpr std::size_t kMaxLabelBytes = 1024;

using Samples = std::vector<Sample>;

prometheus::MetricFamily empty_family(const FactRow& row) {
  return {.name = std::string(row.metric),
          .help = {},
          .type = row.type == MetricType::counter ? prometheus::MetricType::Counter
                                                  : prometheus::MetricType::Gauge,
          .metric = {}};
}

/// The serializer leaves HELP as it is, and a line break there would break the page.
std::string escape_help(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\') escaped += "\\\\";
    if (c == '\n') escaped += "\\n";
    if (c != '\\' && c != '\n') escaped += c;
  }
  return escaped;
}

prometheus::ClientMetric metric_of(const FactRow& row, const std::vector<std::string>& label_values,
                                   double value) {
  prometheus::ClientMetric metric;
  for (std::size_t i = 0; i < label_values.size(); ++i) {
    metric.label.push_back({std::string(row.labels[i]), label_values[i]});
  }
  metric.gauge.value = value;
  metric.counter.value = value;
  return metric;
}

/// Label values fit for a page: valid UTF-8, no control characters.
std::vector<std::string> clean(const FactRow& row, const Sample& sample) {
  if (sample.label_values.size() != row.label_count()) {
    throw std::logic_error(std::string(row.metric) + " has a sample with " +
                           std::to_string(sample.label_values.size()) + " label values");
  }
  std::vector<std::string> values;
  for (const std::string& value : sample.label_values) {
    values.push_back(one_line(value, kMaxLabelBytes));
  }
  return values;
}

/// The lines of a family without HELP and TYPE.  Of two samples with the same labels the first
/// stays, because Prometheus throws away a whole page with a duplicate.  Not a number is not known:
/// no line.
std::string lines_of(const FactRow& row, const Samples& samples) {
  prometheus::MetricFamily family = empty_family(row);
  std::set<std::vector<std::string>> seen;
  for (const Sample& sample : samples) {
    if (std::isnan(sample.value)) continue;
    const auto [labels, is_new] = seen.insert(clean(row, sample));
    if (is_new) family.metric.push_back(metric_of(row, *labels, sample.value));
  }
  if (family.metric.empty()) return {};
  const std::string text = prometheus::TextSerializer().Serialize({family});
  return text.substr(text.find('\n') + 1);  // without TYPE; HELP is left out where it is empty
}

/// The verdict that depends on the reader's clock alone, and thus is not the judge's.
Sample freshness(const FactRow& row, const std::string& cluster, State state) {
  Sample sample{.label_values = {}, .value = static_cast<double>(state)};
  for (const std::string_view label : std::span(row.labels).first(row.label_count())) {
    sample.label_values.emplace_back(label == "cluster" ? std::string_view(cluster)
                                     : label == "check" ? kFreshness
                                                        : std::string_view());
  }
  return sample;
}

Samples samples_of(const FactRow& row, const ClusterReport& report) {
  if (row.of_cluster == nullptr) return {};
  FactSink sink;
  row.of_cluster({.snapshot = report.snapshot,
                  .analysis = report.analysis,
                  .policy = report.policy,
                  .results = report.results},
                 sink);
  return sink.take();
}

Samples stale_samples(const FactRow& row, Samples samples) {
  if (std::ranges::find(kTrueWhileStale, row.metric) != kTrueWhileStale.end()) return samples;
  if (row.metric != kStatus) return {};
  for (Sample& sample : samples) sample.value = static_cast<double>(State::unknown);
  return samples;
}

Samples with(Samples samples, Sample first) {
  samples.insert(samples.begin(), std::move(first));
  return samples;
}

}  // namespace

std::string family_header(const FactRow& row) {
  prometheus::MetricFamily family = empty_family(row);
  family.help = escape_help(std::string(row.help) + " Source: " + std::string(row.source) + ".");
  return prometheus::TextSerializer().Serialize({family});
}

std::shared_ptr<const PublishedCluster> render_cluster(std::shared_ptr<const ClusterReport> report,
                                                       std::span<const FactRow> rows) {
  PublishedCluster unit{.name = report->snapshot.cluster, .valid_until = report->valid_until()};
  for (const FactRow& row : rows) {
    Samples fresh = samples_of(row, *report);
    Samples stale = stale_samples(row, fresh);
    if (row.metric == kStatus) {
      fresh = with(std::move(fresh), freshness(row, unit.name, State::ok));
      stale = with(std::move(stale), freshness(row, unit.name, State::critical));
    }
    unit.fresh.push_back(lines_of(row, fresh));
    unit.stale.push_back(lines_of(row, stale));
  }
  unit.report = std::move(report);
  return std::make_shared<const PublishedCluster>(std::move(unit));
}

FamilyLines lines_before_first_poll(const std::string& cluster, std::span<const FactRow> rows) {
  FamilyLines lines;
  for (const FactRow& row : rows) {
    const bool says_it = row.metric == kStatus;
    lines.push_back(says_it ? lines_of(row, {freshness(row, cluster, State::unknown)}) : "");
  }
  return lines;
}

FamilyLines exporter_lines(const ExporterSnapshot& exporter, std::span<const FactRow> rows) {
  FamilyLines lines;
  for (const FactRow& row : rows) {
    FactSink sink;
    if (row.of_exporter != nullptr) row.of_exporter(exporter, sink);
    lines.push_back(lines_of(row, sink.take()));
  }
  return lines;
}

}  // namespace pgrepl
