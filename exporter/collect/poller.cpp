// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/poller.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace pgrepl {
namespace {

constexpr std::size_t kParallelHandshakes = 16;

/// First polls are this far apart, so that clusters do not ask for the thread at the same moment;
/// less where they are so many that the last one would wait for more than an interval.
constexpr Seconds kSpacing{0.05};

}  // namespace

Poller::Poller(ExporterConfig exporter, std::vector<ClusterConfig> clusters, HostFacts* host_facts,
               OnClusterPoll on_poll)
    : host_facts_(host_facts),
      on_poll_(std::move(on_poll)),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      wake_watch_(loop_, *this),
      resolver_(loop_),
      gate_(loop_, kParallelHandshakes) {
  if (wake_.get() < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  if (!wake_watch_.watch(wake_.get(), EPOLLIN)) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
  replace(std::move(exporter), std::move(clusters));
}

Poller::~Poller() = default;

void Poller::run(const std::stop_token& stop) {
  const std::stop_callback wake_on_stop(stop, [this] { wake(); });
  while (!stop.stop_requested()) loop_.run_once();
}

void Poller::replace(ExporterConfig exporter, std::vector<ClusterConfig> clusters) {
  {
    const std::scoped_lock lock(mutex_);
    replacement_ = Replacement{std::move(exporter), std::move(clusters)};
  }
  wake();
}

void Poller::wake() const { ::eventfd_write(wake_.get(), 1); }

void Poller::on_ready(std::uint32_t /*events*/) {
  eventfd_t count = 0;
  ::eventfd_read(wake_.get(), &count);
  std::optional<Replacement> replacement;
  {
    const std::scoped_lock lock(mutex_);
    replacement = std::exchange(replacement_, std::nullopt);
  }
  if (replacement) apply(*replacement);
}

void Poller::apply(const Replacement& replacement) {
  std::vector<std::unique_ptr<ClusterPoller>> before = std::exchange(clusters_, {});
  const Seconds spacing = std::min(
      kSpacing, replacement.exporter.poll_interval /
                    static_cast<double>(std::max<std::size_t>(1, replacement.clusters.size())));
  SteadyTime first_poll = steady_now();
  for (const ClusterConfig& cluster : replacement.clusters) {
    const auto old =
        std::ranges::find(before, cluster.name, [](const auto& other) { return other->name(); });
    ClusterPoller::Sessions sessions;
    if (old != before.end()) sessions = (*old)->release_sessions();
    clusters_.push_back(std::make_unique<ClusterPoller>(SessionServices{loop_, resolver_, gate_},
                                                        replacement.exporter, cluster, host_facts_,
                                                        on_poll_, std::move(sessions)));
    clusters_.back()->start(first_poll);
    first_poll = after(first_poll, spacing);
  }
}

ClusterSnapshot poll_cluster_once(const ExporterConfig& exporter, const ClusterConfig& cluster,
                                  HostFacts* host_facts) {
  EventLoop loop;
  Resolver resolver(loop);
  ConnectGate gate(loop, kParallelHandshakes);
  std::optional<ClusterSnapshot> snapshot;
  ClusterPoller poller(SessionServices{loop, resolver, gate}, exporter, cluster, host_facts,
                       [&snapshot](ClusterPoll poll) {
                         snapshot = std::move(poll.snapshot);
                         return Pace::calm;
                       });
  poller.start(steady_now());
  while (!snapshot) loop.run_once();
  return std::move(*snapshot);
}

}  // namespace pgrepl
