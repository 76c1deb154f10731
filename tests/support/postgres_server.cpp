// SPDX-License-Identifier: Apache-2.0
#include "tests/support/postgres_server.h"

#include <signal.h>

#include <stdexcept>

#include "tests/support/temp_directory.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

/// What a test needs to be quick and alone; the replication settings come from the pair.
Settings settings_of_tests(const std::filesystem::path& directory, int port) {
  return {{"listen_addresses", "127.0.0.1"},
          {"port", std::to_string(port)},
          {"unix_socket_directories", directory.string()},
          {"fsync", "off"},
          {"shared_buffers", "16MB"},
          {"max_connections", "30"},  // few, so that a test can exhaust them
          {"max_wal_size", "256MB"},
          {"min_wal_size", "32MB"},
          {"log_line_prefix", "%m [%p] %q%a "},
          {"lc_messages", "C"}};
}

std::string quoted(const std::string& value) {
  std::string text = "'";
  for (const char c : value) text += c == '\'' ? "''" : std::string(1, c);
  return text + "'";
}

}  // namespace

PostgresServer::PostgresServer(PostgresInstallation installation, std::filesystem::path directory,
                               int port)
    : installation_(std::move(installation)),
      directory_(std::move(directory)),
      port_(port),
      settings_(settings_of_tests(directory_, port)) {
  std::filesystem::create_directories(archive());
  give_to_server_user(directory_);
  give_to_server_user(archive());
}

PostgresServer::~PostgresServer() {
  if (is_running()) stop(StopMode::immediate);
}

void PostgresServer::start() {
  start_without_waiting();
  const bool is_up = wait_until([&] { return answers() || !is_running(); }, kServerPatience);
  if (!is_up || !is_running()) throw std::runtime_error("PostgreSQL did not start:\n" + log());
}

void PostgresServer::start_without_waiting() {
  set(Settings{});
  Program program{.argv = {installation_.program("postgres"), "-D", data().string()},
                  .environment = environment_,
                  .user = server_user()};
  program.environment["LC_ALL"] = "C";
  postmaster_ =
      std::make_unique<Process>(program, ProgramFiles{directory_ / "log", directory_ / "log"});
}

void PostgresServer::stop(StopMode mode) {
  resume();
  postmaster_->signal(mode == StopMode::fast ? SIGINT : SIGQUIT);
  if (!postmaster_->wait(kServerPatience)) kill();
}

void PostgresServer::kill() {
  const std::vector<pid_t> family = process_family(pid());
  for (const pid_t member : family) ::kill(member, SIGKILL);
  (void)postmaster_->wait(kServerPatience);
  const auto all_gone = [&] {
    for (const pid_t member : family)
      if (is_alive(member)) return false;
    return true;
  };
  if (!wait_until(all_gone, kServerPatience)) throw std::runtime_error("server outlives SIGKILL");
  paused_.clear();
}

void PostgresServer::restart() {
  stop();
  start();
}

void PostgresServer::pause() {
  ::kill(pid(), SIGSTOP);  // first, so that no child is born behind our back
  paused_ = process_family(pid());
  for (const pid_t member : paused_) ::kill(member, SIGSTOP);
}

void PostgresServer::resume() {
  for (const pid_t member : paused_) ::kill(member, SIGCONT);
  paused_.clear();
}

void PostgresServer::set(const std::string& name, const std::string& value) {
  set(Settings{{name, value}});
}

void PostgresServer::set(const Settings& settings) {
  for (const auto& [name, value] : settings) settings_[name] = value;
  std::string text;
  for (const auto& [name, value] : settings_) text += name + " = " + quoted(value) + "\n";
  const auto file = data() / "postgresql.auto.conf";
  write_file(file, text, std::filesystem::perms{0600});
  give_to_server_user(file);
}

void PostgresServer::write_hba(const std::string& host_rules) {
  write_file(data() / "pg_hba.conf", "local all all trust\n" + host_rules);
}

void PostgresServer::reload() {
  const std::string query = "select pg_conf_load_time()";
  const auto before = sql().value(query);
  postmaster_->signal(SIGHUP);
  if (!wait_until([&] { return sql().value(query) != before; }, kServerPatience))
    throw std::runtime_error("PostgreSQL did not reload:\n" + log());
}

Sql PostgresServer::sql() const {
  return Sql("host=" + directory_.string() + " port=" + std::to_string(port_) +
             " user=postgres dbname=postgres");
}

std::string PostgresServer::conninfo(const std::string& user) const {
  return "host=127.0.0.1 port=" + std::to_string(port_) + " user=" + user + " dbname=postgres";
}

std::string PostgresServer::log() const { return read_file(directory_ / "log"); }

bool PostgresServer::answers() const {
  try {
    sql().execute("select 1");
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

}  // namespace pgrepl::test
