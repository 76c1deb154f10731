// SPDX-License-Identifier: Apache-2.0
#include "tests/support/postgres_template.h"

#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "tests/support/ports.h"
#include "tests/support/postgres_server.h"
#include "tests/support/process.h"

namespace pgrepl::test {
namespace {

constexpr const char* kHostRules =
    "host replication replicator 127.0.0.1/32 scram-sha-256\n"
    "host all all 127.0.0.1/32 scram-sha-256\n";

void initialise(const PostgresInstallation& installation, const std::filesystem::path& data) {
  run_successfully(
      {.argv = {installation.program("initdb"), "-D", data.string(), "--username", "postgres",
                "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync"},
       .user = server_user()});
}

void create_roles(Sql sql) {
  const auto quoted = [](const char* word) { return "'" + std::string(word) + "'"; };
  sql.execute(std::string("create role ") + kReplicatorRole + " replication login password " +
              quoted(kReplicatorPassword));
  sql.execute(std::string("create role ") + kMonitorRole + " login password " +
              quoted(kMonitorPassword) + "; grant pg_monitor to " + kMonitorRole);
}

/// The guide's pg_basebackup, with the application_name that it forgets: -R writes primary_conninfo
/// where it overrides postgresql.conf.
void take_base_backup(const PostgresInstallation& installation, const PostgresServer& primary,
                      const std::filesystem::path& data) {
  const std::string conninfo =
      primary.conninfo(kReplicatorRole) + " application_name=" + kStandbyName;
  run_successfully(
      {.argv = {installation.program("pg_basebackup"), "-d", conninfo, "-D", data.string(), "-R",
                "-X", "stream", "-C", "-S", kSlotName, "--checkpoint", "fast", "--no-sync"},
       .environment = {{"PGPASSWORD", kReplicatorPassword}},
       .user = server_user()});
}

/// A standby without pg_basebackup: a copy of the stopped primary.  The copy must not keep the
/// primary's slot, which would hold WAL on the standby for ever.
void make_standby_of_stopped(const std::filesystem::path& primary,
                             const std::filesystem::path& standby) {
  copy_data_directory(primary, standby);
  for (const auto& slot : std::filesystem::directory_iterator(standby / "pg_replslot"))
    std::filesystem::remove_all(slot.path());
  write_file(standby / "standby.signal", "");
  give_to_server_user(standby / "standby.signal");
}

}  // namespace

Settings settings_of_the_guide(const PostgresServer& server) {
  return {{"wal_level", "replica"},
          {"max_wal_senders", "5"},
          {"wal_keep_size", "16MB"},
          {"synchronous_commit", "on"},
          {"hot_standby", "on"},
          {"archive_mode", "on"},
          {"password_encryption", "scram-sha-256"},
          {"archive_command", "cp %p " + server.archive().string() + "/%f"}};
}

void copy_data_directory(const std::filesystem::path& from, const std::filesystem::path& to) {
  run_successfully({.argv = {"cp", "-a", from.string(), to.string()}});
}

PostgresTemplate::PostgresTemplate(const PostgresInstallation& installation) {
  for (const auto& node : {primary().parent_path(), standby().parent_path()}) {
    std::filesystem::create_directory(node);
    give_to_server_user(node);
  }
  initialise(installation, primary());
  PostgresServer server(installation, primary().parent_path(), free_port());
  server.write_hba(kHostRules);
  server.set(settings_of_the_guide(server));
  server.start();
  create_roles(server.sql());
  if (installation.has_basebackup()) {
    take_base_backup(installation, server, standby());
    server.stop();
    return;
  }
  server.sql().execute(std::string("select pg_create_physical_replication_slot('") + kSlotName +
                       "', true)");
  server.stop();
  make_standby_of_stopped(primary(), standby());
}

const PostgresTemplate& PostgresTemplate::of(const PostgresInstallation& installation, int system) {
  static std::mutex mutex;
  const std::lock_guard lock{mutex};
  static std::map<std::pair<int, int>, std::unique_ptr<PostgresTemplate>> made;
  auto& one = made[{installation.major, system}];
  if (!one) one = std::make_unique<PostgresTemplate>(installation);
  return *one;
}

}  // namespace pgrepl::test
