// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/doctor.h"

#include <cstdlib>
#include <iostream>
#include <string>

#include "checks/base/text.h"
#include "exporter/app/one_look.h"
#include "exporter/app/probe_nodes.h"
#include "exporter/app/show_status.h"
#include "exporter/app/terminal.h"
#include "exporter/publish/doctor_view.h"

namespace pgrepl {
namespace {

/// The password of --replication-user; without it libpq looks into its own places.
constexpr const char* kPasswordVariable = "PGREPL_REPLICATION_PASSWORD";

/// The role of the command line takes the place of the configured ones.
void take_replication_user(Config& config, const CommandLine& line) {
  if (!line.replication_user) return;
  ConnectionConfig login{.keywords = {{"user", *line.replication_user}}, .password = {}};
  if (const char* password = std::getenv(kPasswordVariable)) login.password = Secret{password};
  for (ClusterConfig& cluster : config.clusters) cluster.replication = login;
}

State examine(const Config& config, const ClusterConfig& cluster, const ClusterReport& report,
              const TerminalStyle& style) {
  const std::vector<NodeProbe> probes = probe_nodes(config.exporter, cluster);
  const DoctorView view{report, probes};
  const auto tests = doctor_tests(view);
  std::cout << doctor_view(view, tests, diagnose(view, tests), style);
  if (!cluster.replication) {
    std::cout << "\nTo log in as a standby does, give its role: [cluster.replication] in the "
                 "configuration,\nor --replication-user with the password in "
              << kPasswordVariable << " or .pgpass.\n";
  }
  return worst_state(view, tests);
}

}  // namespace

int run_doctor(const CommandLine& line) {
  auto config = load_clusters(line);
  if (!config) return kCouldNotLook;
  take_replication_user(*config, line);
  const TerminalStyle style = output_style();
  const OneLook look = look_once(*config);
  State heaviest = State::ok;
  for (std::size_t i = 0; i < config->clusters.size(); ++i) {
    if (i > 0) std::cout << "\n" << std::string(style.width, '-') << "\n";
    heaviest = worst(heaviest, examine(*config, config->clusters[i], look.reports[i], style));
    std::cout << std::flush;
  }
  for (const std::string& note : look.notes) std::cout << "\nNote: " << note << "\n";
  std::cout << std::flush;
  return static_cast<int>(heaviest);
}

}  // namespace pgrepl
