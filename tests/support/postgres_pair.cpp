// SPDX-License-Identifier: Apache-2.0
#include "tests/support/postgres_pair.h"

#include <stdexcept>

#include "tests/support/ports.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

Settings settings_of_the_standby(const PostgresServer& primary) {
  return {{"primary_conninfo", primary.conninfo(kReplicatorRole) + " password=" +
                                   kReplicatorPassword + " application_name=" + kStandbyName},
          {"primary_slot_name", kSlotName}};
}

std::filesystem::path make_node(const std::filesystem::path& directory,
                                const std::filesystem::path& data) {
  std::filesystem::create_directory(directory);
  copy_data_directory(data, directory / "data");
  return directory;
}

const PostgresTemplate& template_for(const PairOptions& options) {
  return PostgresTemplate::of(find_postgres(options.major), options.is_another_system ? 1 : 0);
}

}  // namespace

PostgresPair::PostgresPair(const PairOptions& options)
    : primary_(find_postgres(options.major),
               make_node(directory_.path() / kPrimaryName, template_for(options).primary()),
               free_port()),
      standby_(find_postgres(options.major),
               make_node(directory_.path() / kStandbyName, template_for(options).standby()),
               free_port()) {
  for (PostgresServer* node : {&primary_, &standby_}) {
    node->set(settings_of_the_guide(*node));
    node->set(options.settings);
  }
  // A name with a hyphen needs quotes inside the quotes.
  primary_.set("synchronous_standby_names", '"' + std::string(kStandbyName) + '"');
  standby_.set(settings_of_the_standby(primary_));
  primary_.start();
  standby_.start();
  wait_until_sync();
}

std::string PostgresPair::sync_state() {
  return primary_.sql()
      .value(
          "select sync_state from pg_stat_replication where state = 'streaming' and "
          "application_name = '" +
          std::string(kStandbyName) + "'")
      .value_or("");
}

void PostgresPair::wait_until_sync() {
  if (!wait_until([&] { return sync_state() == "sync"; }, kServerPatience))
    throw std::runtime_error("the standby is not sync:\n" + standby_.log());
}

void PostgresPair::make_whole() {
  for (PostgresServer* server : {&primary_, &standby_})
    if (!server->is_running()) server->start();
  wait_until_sync();
}

void PostgresPair::promote_standby() {
  if (standby_.sql().value("select pg_promote(true, 60)") != "t")
    throw std::runtime_error("the standby was not promoted:\n" + standby_.log());
}

}  // namespace pgrepl::test
