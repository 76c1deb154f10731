// SPDX-License-Identifier: Apache-2.0
#include "tests/cluster/faults/scenarios/rebuild.h"

#include "tests/support/temp_directory.h"

namespace pgrepl::test {
namespace {

constexpr const char* kOldSlot = "wallix_a1_slot";

void run_as_server_user(const std::string& program, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), find_postgres(tested_major()).program(program));
  run_successfully({.argv = std::move(arguments),
                    .environment = {{"PGPASSWORD", kReplicatorPassword}},
                    .user = server_user()});
}

void reserve_slot(PostgresServer& server, const std::string& name) {
  server.sql().execute("select pg_create_physical_replication_slot('" + name +
                       "', true) where not exists (select from pg_replication_slots"
                       " where slot_name = '" +
                       name + "')");
}

/// Replaces the data of a server that is down; the slot feeds the copy until it streams itself.
void copy_data(PostgresServer& to, PostgresServer& from, const std::string& slot) {
  const std::filesystem::path data = to.data();
  std::filesystem::rename(data, data.string() + ".old");
  run_as_server_user("pg_basebackup",
                     {"-d", from.conninfo(kReplicatorRole), "-D", data.string(), "-R", "-X",
                      "stream", "-S", slot, "--checkpoint", "fast", "--no-sync"});
}

}  // namespace

void start_as_standby(PostgresServer& server, const Settings& settings) {
  server.set(settings);
  write_file(server.data() / "standby.signal", "");
  give_to_server_user(server.data() / "standby.signal");
  server.start();
}

void rejoin_as_standby(Stage& stage) {
  PostgresServer& now_primary = stage.standby();
  reserve_slot(now_primary, kOldSlot);
  start_as_standby(
      stage.primary(),
      {{"primary_conninfo", stage.upstream(kReplicatorPassword, kPrimaryName, now_primary.port())},
       {"primary_slot_name", kOldSlot},
       {"synchronous_standby_names", ""}});
  now_primary.set("synchronous_standby_names", '"' + std::string(kPrimaryName) + '"');
  now_primary.reload();
}

void rewind_old_primary(Stage& stage) {
  PostgresServer& source = stage.standby();
  stage.primary().stop();
  source.sql().execute("checkpoint");
  run_as_server_user("pg_rewind", {"-D", stage.primary().data().string(), "-R", "--source-server",
                                   "host=" + source.directory().string() +
                                       " port=" + std::to_string(source.port()) +
                                       " user=postgres dbname=postgres"});
  rejoin_as_standby(stage);
}

void build_old_primary_anew(Stage& stage) {
  if (stage.primary().is_running()) stage.primary().stop();
  reserve_slot(stage.standby(), kOldSlot);
  copy_data(stage.primary(), stage.standby(), kOldSlot);
  rejoin_as_standby(stage);
}

void build_standby_anew(Stage& stage) {
  stage.standby().stop();
  stage.primary().sql().execute(
      std::string("select pg_drop_replication_slot(slot_name) from pg_replication_slots "
                  "where slot_name = '") +
      kSlotName + "'");
  reserve_slot(stage.primary(), kSlotName);
  copy_data(stage.standby(), stage.primary(), kSlotName);
  start_as_standby(stage.standby(),
                   {{"primary_conninfo", stage.upstream(kReplicatorPassword, kStandbyName)},
                    {"primary_slot_name", kSlotName},
                    {"synchronous_standby_names", ""}});
}

}  // namespace pgrepl::test
