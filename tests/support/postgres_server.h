// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/postgres_installation.h"
#include "tests/support/process.h"
#include "tests/support/sql.h"

namespace pgrepl::test {

/// Configuration parameters, unquoted.
using Settings = std::map<std::string, std::string>;

enum class StopMode { fast, immediate };

/// One PostgreSQL server on a loopback port, run by server_user().  Its directory holds `data`,
/// `log`, `archive` and the Unix socket.  Stopped with this object.  Confined to one thread.
class PostgresServer {
 public:
  /// `directory`/data must hold an initialised data directory before start().
  PostgresServer(PostgresInstallation installation, std::filesystem::path directory, int port);
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  /// Starts the server and waits until it answers; throws with its log if it does not.
  void start();
  void start_without_waiting();
  void stop(StopMode mode = StopMode::fast);
  /// Ends every process of the server at once, as a power cut does.
  void kill();
  void restart();

  /// Stops all processes of the server where they stand: sockets stay open, nothing answers.
  void pause();
  void resume();

  /// Changes a parameter in postgresql.auto.conf; reload() or a restart makes it count.
  void set(const std::string& name, const std::string& value);
  void set(const Settings& settings);
  /// Further environment of the server, from its next start on.
  void set_environment(std::map<std::string, std::string> environment) {
    environment_ = std::move(environment);
  }
  /// Replaces the rules for TCP connections in pg_hba.conf; the Unix socket stays open for tests.
  void write_hba(const std::string& host_rules);
  /// Returns when the new configuration counts.
  void reload();

  /// A session of the superuser through the Unix socket.
  Sql sql() const;
  /// `host=127.0.0.1 port=... dbname=postgres` with the user.
  std::string conninfo(const std::string& user) const;

  int port() const { return port_; }
  pid_t pid() const { return postmaster_->pid(); }
  bool is_running() { return postmaster_ && postmaster_->is_running(); }
  const std::filesystem::path& directory() const { return directory_; }
  std::filesystem::path data() const { return directory_ / "data"; }
  std::filesystem::path archive() const { return directory_ / "archive"; }
  std::string log() const;

 private:
  bool answers() const;

  PostgresInstallation installation_;
  std::filesystem::path directory_;
  int port_;
  Settings settings_;
  std::map<std::string, std::string> environment_;
  std::vector<pid_t> paused_;
  std::unique_ptr<Process> postmaster_;
};

/// How long a server may take for what it is told to do.
inline constexpr std::chrono::seconds kServerPatience{60};

}  // namespace pgrepl::test
