// SPDX-License-Identifier: Apache-2.0
#include "exporter/config/describe.h"

#include <cmath>
#include <string_view>

#include "checks/base/text.h"
#include "checks/base/units.h"
#include "checks/catalogue/catalogue.h"
#include "checks/catalogue/limits.h"

namespace pgrepl {
namespace {

std::string padded(std::string_view text, std::size_t width) {
  std::string column{text};
  column.resize(std::max(width, column.size() + 1), ' ');
  return column;
}

std::string setting(std::string_view key, const std::string& value) {
  constexpr std::size_t kKeyWidth = 21;
  return "  " + padded(key, kKeyWidth) + value + "\n";
}

std::string setting(std::string_view key, Seconds value) {
  return setting(key, humanize(value.count(), Unit::seconds));
}

std::string describe_exporter(const ExporterConfig& exporter) {
  return "exporter\n" + setting("listen_address", join(exporter.listen_addresses, ", ")) +
         setting("telemetry_path", exporter.telemetry_path) +
         setting("poll_interval", exporter.poll_interval) +
         setting("poll_interval_alert", exporter.poll_interval_alert) +
         setting("slow_interval", exporter.slow_interval) +
         setting("poll_timeout", exporter.poll_timeout) +
         setting("connect_timeout", exporter.connect_timeout) +
         setting("store_path", exporter.store_path.empty() ? "none: nothing is kept over a restart"
                                                           : exporter.store_path) +
         setting("log_level", exporter.log_level) + setting("log_format", exporter.log_format) +
         setting("http_threads", std::to_string(exporter.http_threads));
}

std::string describe_connection(const ConnectionConfig& connection) {
  std::vector<std::string> words;
  for (const auto& [key, value] : connection.keywords) words.push_back(key + "=" + value);
  words.emplace_back(connection.password.empty() ? "(no password given: passfile or none)"
                                                 : "(password given)");
  return join(words, " ");
}

std::string describe_host(const std::optional<HostConfig>& host) {
  if (!host) return "not configured: disk_usage is not judged";
  std::string text{to_string(host->source)};
  if (!host->url.empty()) text += " " + host->url;
  for (const auto& [purpose, path] : host->paths) {
    text += " " + std::string{to_string(purpose)} + "=" + path;
  }
  return text;
}

std::string_view describe_sync(ExpectSync expect) {
  switch (expect) {
    case ExpectSync::required:
      return "required";
    case ExpectSync::off:
      return "off";
    case ExpectSync::automatic:
      return "auto";
  }
  return "auto";
}

/// One side of a Limits, so that warning and critical share all that follows.
struct Severity {
  std::string_view name;
  std::optional<Range> Limits::*limit;
};
constexpr Severity kSeverities[]{{"warning", &Limits::warning}, {"critical", &Limits::critical}};

class ThresholdLines {
 public:
  explicit ThresholdLines(const Thresholds& thresholds) : thresholds_(thresholds) {}

  std::string text() {
    for (const CheckRow& check : checks()) {
      for (const MeasureRow& measure : check.measures) add_measure(check, measure);
    }
    return std::move(text_);
  }

 private:
  void add_measure(const CheckRow& check, const MeasureRow& measure) {
    const auto key = std::pair{std::string{check.id}, std::string{measure.id}};
    const Limits in_force = limits_in_force(check, measure, thresholds_, "");
    for (const Severity& severity : kSeverities) {
      const auto& common = in_force.*severity.limit;
      add_line(key, measure, severity, common, origin(key, measure, severity));
      for (const auto& [node, level] : thresholds_.nodes()) {
        const Limits limits = limits_in_force(check, measure, thresholds_, node);
        if (limits.*severity.limit == common) continue;
        add_line(key, measure, severity, limits.*severity.limit, "node " + node);
      }
    }
  }

  std::string origin(const std::pair<std::string, std::string>& key, const MeasureRow& measure,
                     const Severity& severity) const {
    const auto says = [&](const ThresholdLevel& level) {
      const auto found = level.find(key);
      return found != level.end() && found->second.*severity.limit;
    };
    if (says(thresholds_.cluster())) return "[cluster.thresholds]";
    if (says(thresholds_.everywhere())) return "[thresholds]";
    return "default, " + std::string{measure.source};
  }

  void add_line(const std::pair<std::string, std::string>& key, const MeasureRow& measure,
                const Severity& severity, const std::optional<Range>& range,
                const std::string& from) {
    if (!range) return;
    const bool bad_above = measure.bad == BadSide::above;
    const double limit = bad_above ? range->end : range->start;
    text_ += "    " + padded(key.first + "." + key.second, 34) + padded(severity.name, 10) +
             padded((bad_above ? "above " : "below ") + humanize(limit, measure.unit), 16) + from +
             "\n";
  }

  const Thresholds& thresholds_;
  std::string text_;
};

std::string describe_replication(const std::optional<ConnectionConfig>& login) {
  return login ? describe_connection(*login) : "not configured: doctor logs in as no standby";
}

std::string describe_cluster(const ClusterConfig& cluster) {
  std::string text = "cluster " + cluster.name + "\n" +
                     setting("expect_sync", std::string{describe_sync(cluster.policy.expect_sync)});
  text += setting("replication", describe_replication(cluster.replication));
  for (const NodeConfig& node : cluster.nodes) {
    text += "  node " + node.name + "\n";
    text += "    " + padded("conninfo", 10) + describe_connection(node.connection) + "\n";
    text += "    " + padded("host", 10) + describe_host(node.host) + "\n";
  }
  return text + "  thresholds\n" + ThresholdLines{cluster.thresholds}.text();
}

}  // namespace

std::string describe(const Config& config) {
  std::string text = describe_exporter(config.exporter);
  for (const ClusterConfig& cluster : config.clusters) text += "\n" + describe_cluster(cluster);
  return text;
}

}  // namespace pgrepl
