// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/host/host_collector.h"

#include <condition_variable>
#include <exception>
#include <mutex>

#include "exporter/collect/clock.h"
#include "exporter/collect/host/look_schedule.h"

namespace pgrepl {

/// Lives on while a look goes on, even after the collector.
struct HostCollector::Shared : std::enable_shared_from_this<Shared> {
  explicit Shared(const HostCollectorOptions& options)
      : look(options.look), schedule(options.refresh, options.deadline) {}

  void run(const std::stop_token& stop);
  void begin_due_looks();
  void run_look(const LookSchedule::Task& task);
  void tell();

  const Look look;
  std::mutex mutex;  ///< guards all that follows; run_look() takes it, the others want it held
  std::condition_variable_any changed;
  bool news = false;  ///< something was learnt or came back since the scheduler's last round
  LookSchedule schedule;
};

void HostCollector::Shared::tell() {
  news = true;
  changed.notify_all();
}

void HostCollector::Shared::run_look(const LookSchedule::Task& task) {
  std::vector<DirectorySpace> found;
  try {
    found = look(task.host, task.directories);
  } catch (const std::exception& error) {
    found = all_failed(task.directories, {.reason = FailureClass::other, .message = error.what()});
  }
  const std::lock_guard lock{mutex};
  schedule.finish(task.slot, std::move(found), steady_now());
  tell();
}

void HostCollector::Shared::begin_due_looks() {
  while (const auto task = schedule.begin_next(steady_now())) {
    try {
      std::thread{[shared = shared_from_this(), task = *task] { shared->run_look(task); }}.detach();
    } catch (const std::exception& error) {  // no thread left: said, and tried again later
      const Failure failure{.reason = FailureClass::other, .message = error.what()};
      schedule.finish(task->slot, all_failed(task->directories, failure), steady_now());
    }
  }
}

void HostCollector::Shared::run(const std::stop_token& stop) {
  std::unique_lock lock{mutex};
  const auto has_news = [this] { return news; };
  while (!stop.stop_requested()) {
    news = false;
    schedule.mark_late(steady_now());
    begin_due_looks();
    if (const auto next = schedule.next_event()) {
      changed.wait_until(lock, stop, *next, has_news);
    } else {
      changed.wait(lock, stop, has_news);
    }
  }
}

HostCollector::HostCollector(const Config& config, const HostCollectorOptions& options)
    : HostCollector(config, options, nullptr) {}

HostCollector::HostCollector(const Config& config, const HostCollector& before,
                             const HostCollectorOptions& options)
    : HostCollector(config, options, &before) {}

HostCollector::HostCollector(const Config& config, const HostCollectorOptions& options,
                             const HostCollector* before)
    : shared_(std::make_shared<Shared>(options)) {
  for (const ClusterConfig& cluster : config.clusters) {
    for (const NodeConfig& node : cluster.nodes) {
      if (node.host) shared_->schedule.add_node({cluster.name, node.name}, *node.host);
    }
  }
  if (before != nullptr) {
    const std::lock_guard lock{before->shared_->mutex};
    shared_->schedule.take_over(before->shared_->schedule);
  }
  scheduler_ = std::jthread{[shared = shared_](const std::stop_token& stop) { shared->run(stop); }};
}

HostCollector::~HostCollector() = default;

std::optional<HostSnapshot> HostCollector::latest(const std::string& cluster,
                                                  const std::string& node) {
  const std::lock_guard lock{shared_->mutex};
  return shared_->schedule.latest({cluster, node});
}

void HostCollector::learn(const std::string& cluster, const std::string& node,
                          const std::string& data_directory) {
  const std::lock_guard lock{shared_->mutex};
  shared_->schedule.learn({cluster, node}, data_directory, steady_now());
  shared_->tell();
}

bool HostCollector::settle(Seconds patience) {
  std::unique_lock lock{shared_->mutex};
  return shared_->changed.wait_until(lock, after(steady_now(), patience),
                                     [this] { return shared_->schedule.settled(); });
}

}  // namespace pgrepl
