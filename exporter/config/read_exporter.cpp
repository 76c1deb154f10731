// SPDX-License-Identifier: Apache-2.0
#include "exporter/config/read_exporter.h"

#include <algorithm>
#include <filesystem>
#include <string_view>

#include "checks/base/units.h"
#include "exporter/config/listen_address.h"
#include "exporter/config/table_reader.h"
#include "exporter/config/telemetry_path.h"

namespace pgrepl {
namespace {

constexpr Seconds kShortest{0.1};
constexpr Seconds kLongest{3600};

void read_addresses(TableReader& exporter, ExporterConfig& config) {
  const auto addresses = exporter.texts("listen_address", ":10187");
  if (!addresses) return;
  for (const std::string& address : *addresses) {
    if (const auto parsed = parse_listen_address(address); !parsed) {
      exporter.complain("listen_address", "\"listen_address\": " + parsed.error());
    }
  }
  config.listen_addresses = *addresses;
}

void read_telemetry_path(TableReader& exporter, ExporterConfig& config) {
  const auto path = exporter.text("telemetry_path", config.telemetry_path);
  if (!path) return;
  if (const auto fault = telemetry_path_fault(*path)) {
    exporter.complain("telemetry_path", "\"telemetry_path\": " + *fault);
    return;
  }
  config.telemetry_path = *path;
}

/// A time that must not exceed the poll interval.  Its default gives way to a short interval; what
/// is written does not.
void read_within_interval(TableReader& exporter, std::string_view key, Seconds interval,
                          Seconds& value) {
  const auto given = exporter.seconds(key, kShortest, kLongest);
  if (given && *given > interval) {
    exporter.complain(key, in_quotes(key) + " (" + humanize(given->count(), Unit::seconds) +
                               ") must not exceed \"poll_interval\" (" +
                               humanize(interval.count(), Unit::seconds) + ")");
  }
  value = given.value_or(std::min(value, interval));
}

void read_times(TableReader& exporter, ExporterConfig& config) {
  config.poll_interval =
      exporter.seconds("poll_interval", kShortest, kLongest).value_or(config.poll_interval);
  read_within_interval(exporter, "poll_interval_alert", config.poll_interval,
                       config.poll_interval_alert);
  read_within_interval(exporter, "poll_timeout", config.poll_interval, config.poll_timeout);
  read_within_interval(exporter, "connect_timeout", config.poll_interval, config.connect_timeout);
  const auto slow = exporter.seconds("slow_interval", kShortest, kLongest);
  if (slow && *slow < config.poll_interval) {
    exporter.complain("slow_interval",
                      "\"slow_interval\" (" + humanize(slow->count(), Unit::seconds) +
                          ") must not be shorter than \"poll_interval\" (" +
                          humanize(config.poll_interval.count(), Unit::seconds) + ")");
  }
  config.slow_interval = slow.value_or(std::max(config.slow_interval, config.poll_interval));
}

void read_store_path(TableReader& exporter, const std::string& directory, ExporterConfig& config) {
  const auto path = exporter.text("store_path", "/var/lib/pgrepl/memory.sqlite");
  if (!path || path->empty()) return;
  config.store_path = (std::filesystem::path{directory} / *path).lexically_normal().string();
}

}  // namespace

ExporterConfig read_exporter(const Value& table, const std::string& directory, Problems& problems) {
  constexpr int kMostThreads = 1000;
  TableReader exporter{table, "[exporter]", problems};
  ExporterConfig config;
  read_addresses(exporter, config);
  read_telemetry_path(exporter, config);
  read_times(exporter, config);
  read_store_path(exporter, directory, config);
  config.log_level =
      exporter.choice("log_level", {"debug", "info", "warn", "error"}).value_or(config.log_level);
  config.log_format = exporter.choice("log_format", {"logfmt", "json"}).value_or(config.log_format);
  config.http_threads =
      exporter.integer("http_threads", 1, kMostThreads).value_or(config.http_threads);
  exporter.report_unknown_keys();
  return config;
}

}  // namespace pgrepl
