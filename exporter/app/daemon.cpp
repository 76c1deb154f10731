// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/daemon.h"

#include <malloc.h>

#include <csignal>
#include <exception>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "checks/base/text.h"
#include "exporter/app/announcement_watch.h"
#include "exporter/app/load_config.h"
#include "exporter/app/log.h"
#include "exporter/app/memory_keeper.h"
#include "exporter/app/memory_writer.h"
#include "exporter/app/poll_desk.h"
#include "exporter/app/replaceable_hosts.h"
#include "exporter/collect/clock.h"
#include "exporter/collect/poller.h"
#include "exporter/config/restart_keys.h"
#include "exporter/publish/http_server.h"
#include "exporter/publish/report_board.h"
#include "exporter/publish/routes.h"

namespace pgrepl {
namespace {

/// glibc gives threads that allocate at the same time heaps of their own, up to eight for each
/// processor, and each keeps the room of the pages that were once made there.  Two serve the poller
/// and the HTTP threads as quickly.  To be called before any other thread starts.
void share_heaps() { ::mallopt(M_ARENA_MAX, 2); }

/// The signals that the main thread waits for.  Blocked before any other thread starts, so that all
/// of them inherit the mask; SIGPIPE is blocked too, for a reader that goes away is no event.
sigset_t block_signals() {
  sigset_t waited{};
  sigemptyset(&waited);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&waited, signal);
  sigset_t blocked = waited;
  sigaddset(&blocked, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
  return waited;
}

std::string ports_text(const HttpServer& server) {
  std::string text;
  for (const int port : server.ports()) text += " " + std::to_string(port);
  return text;
}

/// Everything that runs.  The members stand in the order of their dependence: what is served is
/// made before the server and goes after it.
class Daemon {
 public:
  explicit Daemon(const Config& config)
      : started_with_(config.exporter),
        keeper_(std::make_shared<MemoryKeeper>(config.exporter.store_path, log::warning)),
        writer_([keeper = keeper_](const std::string& cluster, const std::string& text) {
          keeper->save(cluster, text, read_clocks());
        }),
        desk_(board_, *keeper_, writer_),
        hosts_(config),
        poller_(config.exporter, config.clusters, &hosts_,
                [this](ClusterPoll poll) { return desk_.take(std::move(poll)); }) {
    desk_.configure(config, read_clocks());
    // Known before the first poll: a restart in the middle of maintenance wakes nobody.
    if (const auto announced = keeper_->announcements()) desk_.take(*announced, read_clocks());
  }

  /// Serves, polls and obeys signals until one of them ends it.  The exit code.
  int run(const CommandLine& line, const Config& config, const sigset_t& signals) {
    auto server =
        HttpServer::start({.listen_addresses = config.exporter.listen_addresses,
                           .threads = config.exporter.http_threads,
                           .log = log::warning},
                          make_routes(board_, read_clocks, config.exporter.telemetry_path));
    if (!server) {
      log::error(server.error());
      return 1;
    }
    log::info("serving on port" + ports_text(*server));
    const AnnouncementWatch watch{
        [keeper = keeper_] { return keeper->announcements(); },
        [this](const Announcements& all) { desk_.take(all, read_clocks()); }};
    std::jthread polling{[this](const std::stop_token& stop) { poller_.run(stop); }};
    obey(signals, line);
    polling.request_stop();
    polling.join();
    desk_.store_all(read_clocks());
    return 0;
  }

 private:
  void obey(const sigset_t& signals, const CommandLine& line) {
    int signal = 0;
    while (sigwait(&signals, &signal) == 0) {
      if (signal != SIGHUP) {
        log::info("stopping");
        return;
      }
      reload(line);
    }
  }

  /// A machine that is short of threads or memory refuses a reload; that does not end monitoring.
  void reload(const CommandLine& line) {
    try {
      const auto config = load_config(line);
      if (config) {
        take_over(*config);
        return;
      }
      log::error("the configuration has mistakes, printed above; the old one stays in force");
    } catch (const std::exception& error) {
      log::error("the configuration cannot be taken over; the old one stays in force: " +
                 std::string{error.what()});
    }
    desk_.configuration_refused();
  }

  /// What can fail, starting threads, comes first, so that a failure leaves the old one in force.
  void take_over(const Config& config) {
    hosts_.replace(config);
    desk_.configure(config, read_clocks());
    poller_.replace(config.exporter, config.clusters);
    log::configure(config.exporter.log_level, config.exporter.log_format);
    log::info("the configuration was read again");
    const auto keys = keys_that_need_a_restart(started_with_, config.exporter);
    if (!keys.empty()) log::warning(join(keys, ", ") + ": changed, in force only after a restart");
  }

  const ExporterConfig started_with_;
  ReportBoard board_;
  std::shared_ptr<MemoryKeeper> keeper_;  ///< outlives a write that hangs
  MemoryWriter writer_;
  PollDesk desk_;
  ReplaceableHosts hosts_;
  Poller poller_;
};

}  // namespace

int run_daemon(const CommandLine& line) {
  share_heaps();
  const sigset_t signals = block_signals();
  const auto config = load_config(line);
  if (!config) return 2;
  log::configure(config->exporter.log_level, config->exporter.log_format);
  Daemon daemon{*config};
  return daemon.run(line, *config, signals);
}

}  // namespace pgrepl
