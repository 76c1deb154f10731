// SPDX-License-Identifier: Apache-2.0
#include "tests/cluster/faults/stage.h"

#include <unistd.h>

#include "tests/support/ports.h"
#include "tests/support/temp_directory.h"

namespace pgrepl::test {

Stage::Stage(const StageOptions& options) : pair_({.settings = options.settings}) {
  if (options.gate_to_standby) to_standby_ = std::make_unique<TcpGate>(standby().port());
  if (options.gate_to_primary) to_primary_ = std::make_unique<TcpGate>(primary().port());
  if (options.gate_in_stream) {
    stream_ = std::make_unique<TcpGate>(primary().port());
    standby().set("primary_conninfo", upstream(kReplicatorPassword, kStandbyName, stream_->port()));
    standby().reload();
    pair_.wait_until_sync();
  }
  if (options.third != Third::none)
    start_third(options.third == Third::unknown ? primary().port() : standby().port());
  if (options.other) other_ = std::make_unique<PostgresPair>(*options.other);
  WatchOptions watched{.cluster = options.cluster,
                       .thresholds = options.thresholds,
                       .primary = options.primary,
                       .standby = options.standby,
                       .program = options.exporter,
                       .environment = options.environment,
                       .primary_port = monitored_primary_port(),
                       .standby_port = monitored_standby_port()};
  if (options.third == Third::configured) watched.standby += third_table();
  if (options.small_archive) {
    watched.primary +=
        "host = { source = \"local\", archive_path = \"" + primary().archive().string() + "\" }\n";
    watched.program = exporter_with_small_archive(options.exporter.empty() ? exporter_program()
                                                                           : options.exporter);
  }
  watch_ = std::make_unique<Watch>(pair_, watched);
}

void Stage::start_third(int upstream_port) {
  const auto directory = pair_.directory() / kThirdName;
  std::filesystem::create_directory(directory);
  const PostgresInstallation installation = find_postgres(PairOptions{}.major);
  copy_data_directory(PostgresTemplate::of(installation).standby(), directory / "data");
  third_ = std::make_unique<PostgresServer>(installation, directory, free_port());
  third_->set(settings_of_the_guide(*third_));
  third_->set({{"primary_conninfo", upstream(kReplicatorPassword, kThirdName, upstream_port)},
               {"primary_slot_name", ""}});
  third_->start();
}

std::string Stage::third_table() const {
  return std::string("[[cluster.node]]\nname = \"") + kThirdName + "\"\nconninfo = \"" +
         third_->conninfo(kMonitorRole) +
         " passfile=" + write_passfile(pair_.directory()).string() + "\"\n";
}

/// The exporter in a mount namespace of its own, in which the archive is a small filesystem.
std::string Stage::exporter_with_small_archive(const std::string& exporter) const {
  const auto script = pair_.directory() / "exporter";
  const std::string unshare = geteuid() == 0 ? "unshare -m" : "unshare -rm";
  write_file(script,
             "#!/bin/sh\nexec " + unshare + " sh -c 'mount -t tmpfs -o size=8m none " +
                 (pair_.directory() / kPrimaryName / "archive").string() + " && exec " + exporter +
                 " \"$@\"' sh \"$@\"\n",
             std::filesystem::perms{0755});
  return script.string();
}

void Stage::fill_archive(double share) {
  const auto root = "/proc/" + std::to_string(watch().exporter().pid()) + "/root";
  const auto size = static_cast<std::size_t>(share * (8 << 20));
  write_file(root + primary().archive().string() + "/filler", std::string(size, 'x'));
}

void Stage::keep_running(const Program& program) {
  const auto log = pair_.directory() / ("program-" + std::to_string(programs.size()) + ".log");
  programs.push_back(std::make_unique<Process>(program, ProgramFiles{log, log}));
}

std::filesystem::path Stage::fresh_directory() {
  const auto path = pair_.directory() / ("output-" + std::to_string(programs.size()));
  std::filesystem::create_directory(path);
  give_to_server_user(path);
  return path;
}

void Stage::keep_running_client(const std::string& program, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), find_postgres(15).program(program));
  keep_running({.argv = std::move(arguments),
                .environment = {{"PGPASSWORD", kReplicatorPassword}},
                .user = server_user()});
}

void Stage::keep_receiving_wal() {
  keep_running_client("pg_receivewal", {"-d", primary().conninfo(kReplicatorRole), "-D",
                                        fresh_directory().string(), "--no-sync"});
}

void Stage::keep_taking_base_backup() {
  keep_running_client("pg_basebackup",
                      {"-d", primary().conninfo(kReplicatorRole), "-D", fresh_directory().string(),
                       "--max-rate", "32k", "--checkpoint", "fast", "--no-sync"});
}

void Stage::keep_subscribing(const std::string& slot) {
  keep_running_client("pg_recvlogical", {"-d", primary().conninfo(kReplicatorRole), "--slot", slot,
                                         "--plugin", "test_decoding", "--create-slot", "--start",
                                         "--file", (fresh_directory() / "changes").string()});
}

void Stage::keep_writing() {
  const auto script = pair_.directory() / "writes.sql";
  write_file(script,
             "set synchronous_commit = local;\n"
             "select pg_logical_emit_message(true, '', repeat('x', 100000)) \\watch 1\n");
  keep_running_client(
      "psql", {"-X", "-q", "-d", primary().conninfo(kReplicatorRole), "-f", script.string()});
}

void Stage::write_wal(int segments) {
  Sql session = primary().sql();
  for (int i = 0; i < segments; ++i)
    session.execute(
        "set synchronous_commit = local; select pg_logical_emit_message(true, '', 'x'); "
        "select pg_switch_wal()");
}

std::string Stage::upstream(const std::string& password, const std::string& application_name,
                            int port) {
  return "host=127.0.0.1 port=" + std::to_string(port != 0 ? port : primary().port()) +
         " user=" + kReplicatorRole + " password=" + password +
         " application_name=" + application_name;
}

}  // namespace pgrepl::test
