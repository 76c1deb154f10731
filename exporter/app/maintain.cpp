// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/maintain.h"

#include <chrono>
#include <iostream>
#include <string>

#include "checks/base/text.h"
#include "checks/base/units.h"
#include "exporter/app/announced_policy.h"
#include "exporter/app/show_status.h"
#include "exporter/collect/clock.h"
#include "exporter/config/config.h"
#include "exporter/store/stored_memory.h"

namespace pgrepl {
namespace {

constexpr int kDone = 0, kStoreFails = 1, kBadUsage = 2;

/// What is to last longer belongs into the configuration, where others see it.
constexpr double kLongest = 7 * 24 * 3600.0;
constexpr std::size_t kLongestReason = 200;

/// The wanted length in seconds; the error says what is wrong with it.
Result<double, std::string> read_length(const std::string& text) {
  const std::string quoted = "--for: \"" + one_line(text, kLongestReason) + "\" ";
  const auto seconds = parse_seconds(text);
  if (!seconds) return Failed{quoted + "is no length of time such as 90min, 2h or 1d"};
  if (*seconds <= 0) return Failed{quoted + "is no time at all"};
  if (*seconds > kLongest) return Failed{quoted + "is longer than 7 days"};
  return *seconds;
}

std::string until_text(const Maintenance& maintenance) {
  return "until " + humanize(since_1970(maintenance.until), Unit::timestamp);
}

/// A store that may not be written belongs to the user that runs the daemon.
int told(StoreError error) {
  if (error.fault == StoreFault::read_only)
    error.message += "; run this as the user that runs the exporter";
  if (error.fault == StoreFault::missing) error.message += "; the exporter makes it when it starts";
  std::cerr << error.message << '\n';
  return kStoreFails;
}

std::optional<Announcements> stored(const std::string& path) {
  auto store = StoredMemory::open(path);
  auto all = store ? store->announcements() : Failed{store.error()};
  if (all) return std::move(all).value();
  told(all.error());
  return std::nullopt;
}

/// Where the configuration has an end of its own, the command is not alone.
void tell_configured(const ClusterConfig& cluster, const Maintenance& announced, WallTime now) {
  const auto configured = cluster.policy.maintenance_at(now);
  if (!configured || configured->until <= announced.until) return;
  std::cout << cluster.name << ": maintenance_until of the configuration holds on, "
            << until_text(*configured) << '\n';
}

int begin(const Config& config, const CommandLine& line, WallTime now) {
  const auto seconds = read_length(*line.maintenance_for);
  if (!seconds) {
    std::cerr << seconds.error() << '\n';
    return kBadUsage;
  }
  const ClusterConfig& cluster = config.clusters.front();
  const auto length = std::chrono::duration_cast<std::chrono::microseconds>(Seconds{*seconds});
  const Maintenance wanted{.until = now + length,
                           .reason = one_line(line.maintenance_reason, kLongestReason)};
  if (const auto error = announce(config.exporter.store_path, cluster.name, wanted))
    return told(*error);
  std::cout << cluster.name << ": maintenance " << until_text(wanted)
            << "; a running exporter takes it over within seconds\n";
  tell_configured(cluster, wanted, now);
  return kDone;
}

int end(const Config& config, WallTime now) {
  const auto all = stored(config.exporter.store_path);
  if (!all) return kStoreFails;
  const ClusterConfig& cluster = config.clusters.front();
  const auto known = all->find(cluster.name);
  const bool lasts = known != all->end() && known->second.lasts_at(now);
  if (lasts) {
    const Maintenance over{.until = now, .reason = known->second.reason};
    if (const auto error = announce(config.exporter.store_path, cluster.name, over))
      return told(*error);
  }
  std::cout << cluster.name << (lasts ? ": maintenance ended" : ": no announced maintenance lasts")
            << '\n';
  tell_configured(cluster, {.until = now, .reason = ""}, now);
  return kDone;
}

/// "wallix: maintenance until ..., for another 2 h: REASON".  `announced` is absent if nobody knows
/// what was: then one may last although none is configured.
void show(const ClusterConfig& cluster, const std::optional<Announcements>& announced,
          WallTime now) {
  const auto present =
      with_announced(cluster.policy, announced.value_or(Announcements{}), now).maintenance_at(now);
  std::cout << cluster.name << ": ";
  if (!present) {
    std::cout << (announced ? "no maintenance\n" : "not known: the store cannot be read\n");
    return;
  }
  const Seconds left = present->until - now;
  std::cout << "maintenance " << until_text(*present) << ", for another "
            << humanize(left.count(), Unit::seconds);
  if (!present->reason.empty()) std::cout << ": " << one_line(present->reason, kLongestReason);
  std::cout << '\n';
}

/// A store that cannot be read hides what was announced, not what is configured.
int show_all(const Config& config, WallTime now) {
  std::optional<Announcements> all{Announcements{}};
  if (!config.exporter.store_path.empty()) all = stored(config.exporter.store_path);
  for (const ClusterConfig& cluster : config.clusters) {
    show(cluster, all, now);
  }
  return all ? kDone : kStoreFails;
}

}  // namespace

int maintain(const CommandLine& line) {
  const auto config = load_clusters(line);
  if (!config) return kBadUsage;
  const WallTime now = read_clocks().wall;
  if (!line.maintenance_for && !line.maintenance_end) return show_all(*config, now);
  if (config->exporter.store_path.empty()) {
    std::cerr << "no store is configured: set store_path in [exporter] of " << line.config_file
              << ", or maintenance_until of the cluster\n";
    return kStoreFails;
  }
  return line.maintenance_for ? begin(*config, line, now) : end(*config, now);
}

}  // namespace pgrepl
