// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/one_look.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "checks/judge/attention.h"
#include "exporter/app/look_desk.h"
#include "exporter/collect/clock.h"
#include "exporter/collect/host/host_collector.h"
#include "exporter/collect/poller.h"

namespace pgrepl {
namespace {

/// A rate wants readings that lie at least a second apart.
constexpr Seconds kSecondLook{1.2};
/// How long a look waits for filesystems; one that hangs is then not known.
constexpr Seconds kHostPatience{2};

/// Clusters that are being looked at.  Polls are taken on the poller's thread.
class Round {
 public:
  explicit Round(const Config& config) : desk_(config, read_clocks()), hosts_(config) {
    for (const ClusterConfig& cluster : config.clusters) {
      names_.push_back(cluster.name);
      polls_[cluster.name] = desk_.is_new(cluster.name, steady_now()) ? 2 : 1;
    }
  }

  HostCollector& hosts() { return hosts_; }

  void take(ClusterPoll poll) {
    const std::string name = poll.snapshot.cluster;
    if (seen_.empty()) desk_.read_announcements();
    add_host_facts(poll.snapshot);
    reports_.insert_or_assign(name, desk_.take(std::move(poll.snapshot)));
    seen_.insert(name);
    int& wanted = polls_[name];
    wanted = std::max(0, wanted - 1);
  }

  /// Whether that cluster has been looked at often enough, and whether all have.
  bool looked_enough(const std::string& cluster) const { return polls_.at(cluster) == 0; }
  bool looked_enough() const {
    return std::ranges::all_of(polls_, [](const auto& wanted) { return wanted.second == 0; });
  }

  /// Whether every cluster was polled since the last such answer.
  bool is_complete() {
    if (seen_.size() < names_.size()) return false;
    seen_.clear();
    return true;
  }

  const ClusterReport& report(const std::string& cluster) const { return reports_.at(cluster); }

  OneLook look() const {
    OneLook look{.notes = desk_.notes()};
    for (const std::string& name : names_) {
      look.reports.push_back(reports_.at(name));
      look.memories.push_back(desk_.memory(name));
    }
    return look;
  }

 private:
  /// What the server told of its directories has just been passed on: the first facts are worth a
  /// wait.
  void add_host_facts(ClusterSnapshot& snapshot) {
    hosts_.settle(kHostPatience);
    for (NodeObservation& node : snapshot.nodes) {
      node.host = hosts_.latest(snapshot.cluster, node.postgres.name);
    }
  }

  LookDesk desk_;
  HostCollector hosts_;
  std::vector<std::string> names_;
  std::map<std::string, int> polls_;  ///< that are still wanted
  std::set<std::string> seen_;
  std::map<std::string, ClusterReport> reports_;
};

}  // namespace

OneLook look_once(const Config& config) {
  Round round{config};
  ExporterConfig exporter = config.exporter;
  exporter.poll_interval_alert = kSecondLook;
  std::stop_source stop;
  Poller poller{exporter, config.clusters, &round.hosts(), [&](ClusterPoll poll) {
                  const std::string name = poll.snapshot.cluster;
                  if (!round.looked_enough(name)) round.take(std::move(poll));
                  if (round.looked_enough()) stop.request_stop();
                  return round.looked_enough(name) ? Pace::calm : Pace::alert;
                }};
  poller.run(stop.get_token());
  return round.look();
}

void keep_looking(const Config& config, const std::stop_token& stop,
                  const std::function<void(const OneLook&)>& on_round) {
  Round round{config};
  Poller poller{config.exporter, config.clusters, &round.hosts(), [&](ClusterPoll poll) {
                  const std::string name = poll.snapshot.cluster;
                  round.take(std::move(poll));
                  if (round.is_complete()) on_round(round.look());
                  return deserves_attention(round.report(name)) ? Pace::alert : Pace::calm;
                }};
  poller.run(stop);
}

}  // namespace pgrepl
