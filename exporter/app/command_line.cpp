// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/command_line.h"

#include <CLI/CLI.hpp>

#include "exporter/app/build_info.h"

namespace pgrepl {
namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  pgrepl_exporter --config.file /etc/pgrepl/pgrepl.toml\n"
    "  pgrepl_exporter check-config --config.file pgrepl.toml\n"
    "  pgrepl_exporter status --watch\n"
    "  pgrepl_exporter doctor --replication-user replicator\n"
    "  pgrepl_exporter maintenance --cluster wallix --for 2h --reason \"kernel update\"\n"
    "  curl http://localhost:10187/check?check=replay_lag\n"
    "SIGHUP reads the configuration again; a wrong one is refused and the old one stays in force.\n"
    "Another listen_address, telemetry_path, store_path or http_threads needs a restart.";

std::string version_text() {
  return "pgrepl_exporter " + std::string{build_info::kVersion} + " (revision " +
         std::string{build_info::kRevision} + ", " + std::string{build_info::kCompiler} + ")";
}

constexpr const char* kStatusFooter =
    "\"?\" is what is not known, \"-\" what does not apply.  Exit code: the worst state, 0 OK, 1 "
    "WARNING,\n"
    "2 CRITICAL, 3 UNKNOWN.  Findings count at once here; hold times keep pagers silent.";

CLI::App* add_status(CLI::App& app, CommandLine& line) {
  CLI::App* status = app.add_subcommand(
      "status", "look at every cluster now and show it: roles, lag, slots, disks, findings");
  status->add_flag("--watch", line.watch, "look again at the poll interval, until Ctrl-C");
  status->add_option("--output", line.output, "text, or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  status->add_option("--cluster", line.cluster, "the only cluster to look at");
  status->footer(kStatusFooter);
  return status;
}

constexpr const char* kDoctorFooter =
    "Tests, for each node: the name has an address; the port is open, closed, unreachable or "
    "silently\n"
    "dropped; the monitoring role gets in and may see all; and, where its credentials are given, "
    "the\n"
    "replication role gets in as a standby does.  pg_hba.conf goes by the address that asks: run "
    "it on\n"
    "the standby to know what is true from there.  Then all findings, under the issues of the "
    "guide's\n"
    "troubleshooting chapter.  Exit code: the worst of all, as of status.";

CLI::App* add_doctor(CLI::App& app, CommandLine& line) {
  CLI::App* doctor =
      app.add_subcommand("doctor",
                         "walk the troubleshooting list live: a line per test, then what "
                         "is wrong and what to type");
  doctor->add_option("--cluster", line.cluster, "the only cluster to look at");
  doctor->add_option("--replication-user", line.replication_user,
                     "the role that standbys log in with, in place of [cluster.replication]; its "
                     "password is taken from PGREPL_REPLICATION_PASSWORD or .pgpass");
  doctor->footer(kDoctorFooter);
  return doctor;
}

constexpr const char* kMaintenanceFooter =
    "Until the end that is announced here, or maintenance_until of the configuration if that is "
    "later,\n"
    "findings keep their states and are shown, but check_pgrepl exits with 0.  A split brain still "
    "counts.\n"
    "To be run as the user that runs the exporter.  Exit code: 0; 1 if the store does not serve; 2 "
    "for mistakes.";

CLI::App* add_maintenance(CLI::App& app, CommandLine& line) {
  CLI::App* maintenance = app.add_subcommand(
      "maintenance", "announce work on a cluster, end it, or show what is in force");
  CLI::Option* cluster = maintenance->add_option("--cluster", line.cluster, "which cluster");
  CLI::Option* length = maintenance->add_option(
      "--for", line.maintenance_for, "how long from now on, such as 90min or 2h; at most 7 days");
  length->needs(cluster);
  maintenance->add_option("--reason", line.maintenance_reason, "what is done, for people")
      ->needs(length);
  maintenance->add_flag("--end", line.maintenance_end, "end now what was announced here")
      ->needs(cluster)
      ->excludes(length);
  maintenance->footer(kMaintenanceFooter);
  return maintenance;
}

}  // namespace

std::variant<CommandLine, int> parse_command_line(int argc, char** argv) {
  CommandLine line;
  CLI::App app{
      "Watches PostgreSQL primary/standby clusters; metrics, checks and a status page by HTTP.",
      "pgrepl_exporter"};
  app.footer(kExamples);
  app.set_version_flag("--version", version_text());
  app.fallthrough();
  app.add_option("--config.file", line.config_file,
                 "TOML file; conf.d/*.toml beside it is read too")
      ->capture_default_str();
  app.add_option("--web.listen-address", line.listen_addresses,
                 "host:port to listen on, may be repeated; overrides the configuration")
      ->take_all();
  app.add_option("--web.telemetry-path", line.telemetry_path, "path of the metrics page");
  app.add_option("--log.level", line.log_level, "how much to log")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}));
  app.add_option("--log.format", line.log_format, "how to log")
      ->check(CLI::IsMember({"logfmt", "json"}));
  const CLI::App* run = app.add_subcommand("run", "poll and serve (the default)");
  const CLI::App* check = app.add_subcommand(
      "check-config", "read the configuration, print what is in force, and exit");
  const CLI::App* status = add_status(app, line);
  const CLI::App* doctor = add_doctor(app, line);
  const CLI::App* maintenance = add_maintenance(app, line);
  app.require_subcommand(0, 1);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (app.exit(error) == 0) return 0;
    return status->parsed() || doctor->parsed() ? kCouldNotLook : 2;
  }
  if (maintenance->parsed()) line.command = Command::maintenance;
  if (doctor->parsed()) line.command = Command::doctor;
  if (status->parsed()) line.command = Command::status;
  if (check->parsed()) line.command = Command::check_config;
  if (run->parsed()) line.command = Command::run;
  return line;
}

}  // namespace pgrepl
