// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/show_status.h"

#include <atomic>
#include <csignal>
#include <iostream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "checks/base/text.h"
#include "exporter/app/load_config.h"
#include "exporter/app/one_look.h"
#include "exporter/app/terminal.h"
#include "exporter/publish/report_json.h"

namespace pgrepl {
namespace {

std::string shown(const OneLook& look, const CommandLine& line) {
  if (line.output == "text") return terminal_view(look.reports, look.notes, output_style());
  return reports_json(look.reports, look.notes,
                      line.watch ? JsonLayout::one_line : JsonLayout::indented);
}

/// Draws over what was drawn before, without a blank moment in between; into a file, one after
/// another.
void redraw(const std::string& text, const CommandLine& line) {
  if (line.output == "text" && output_is_terminal()) {
    std::cout << "\x1b[H" << cut_to_screen(text) << "\x1b[J";
  } else {
    std::cout << text;
    if (line.output == "text") std::cout << '\n';
  }
  std::cout.flush();
}

/// Draws until somebody has had enough.  SIGPIPE stays as it is: a reader that goes away ends it.
int watch(const Config& config, const CommandLine& line) {
  sigset_t enough{};
  sigemptyset(&enough);
  sigaddset(&enough, SIGINT);
  sigaddset(&enough, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &enough, nullptr);  // before any other thread starts
  if (line.output == "text" && output_is_terminal()) std::cout << "\x1b[2J" << std::flush;

  std::atomic<State> last = State::unknown;
  std::jthread looking{[&](const std::stop_token& stop) {
    keep_looking(config, stop, [&](const OneLook& look) {
      last = worst_state(look.reports);
      redraw(shown(look, line), line);
    });
  }};
  int signal = 0;
  sigwait(&enough, &signal);
  looking.request_stop();
  looking.join();
  return static_cast<int>(last.load());
}

}  // namespace

std::optional<Config> load_clusters(const CommandLine& line) {
  auto config = load_config(line);
  if (!config || !line.cluster) return config;
  std::vector<std::string> names;
  std::vector<ClusterConfig> wanted;
  for (ClusterConfig& cluster : config->clusters) {
    names.push_back(cluster.name);
    if (cluster.name == *line.cluster) wanted.push_back(std::move(cluster));
  }
  if (wanted.empty()) {
    std::cerr << "--cluster: there is no cluster \"" << *line.cluster
              << "\"; configured are: " << join(names, ", ") << '\n';
    return std::nullopt;
  }
  config->clusters = std::move(wanted);
  return config;
}

int show_status(const CommandLine& line) {
  const auto config = load_clusters(line);
  if (!config) return kCouldNotLook;
  if (line.watch) return watch(*config, line);
  const OneLook look = look_once(*config);
  std::cout << shown(look, line) << std::flush;
  return static_cast<int>(worst_state(look.reports));
}

}  // namespace pgrepl
