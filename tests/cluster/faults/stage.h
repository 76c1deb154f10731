// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/cluster/watch.h"
#include "tests/support/tcp_gate.h"

namespace pgrepl::test {

/// A third server: one that the exporter knows streams from the standby, one that it does not know
/// from the primary.
enum class Third { none, configured, unknown };
inline constexpr const char* kThirdName = "wallix-a3";

/// How the world of a scenario differs from the guide's pair.
struct StageOptions {
  Settings settings = {};                               ///< of both servers
  std::string thresholds = {};                          ///< lines of [thresholds]
  std::string cluster = {};                             ///< further lines of the cluster
  std::string standby = {};                             ///< further lines of the standby's table
  std::string primary = {};                             ///< further lines of the primary's table
  std::string exporter = {};                            ///< another exporter than the real one
  std::map<std::string, std::string> environment = {};  ///< of the exporter
  bool gate_to_standby = false;  ///< the exporter reaches the standby through a gate
  bool gate_to_primary = false;
  bool gate_in_stream = false;  ///< the standby reaches the primary through a gate
  Third third = Third::none;
  std::optional<PairOptions> other = {};  ///< another cluster, which the exporter does not know
  bool small_archive = false;             ///< the primary's archive lies on a filesystem of 8 MB
};

/// A pair, watched by the real exporter, and what a scenario leaves lying about.  Confined to one
/// thread.
class Stage {
 public:
  explicit Stage(const StageOptions& options);

  PostgresServer& primary() { return pair_.primary(); }
  PostgresServer& standby() { return pair_.standby(); }
  PostgresPair& pair() { return pair_; }
  PostgresServer& third() { return *third_; }
  Watch& watch() { return *watch_; }
  TcpGate& to_standby() { return *to_standby_; }
  TcpGate& to_primary() { return *to_primary_; }
  TcpGate& stream() { return *stream_; }
  PostgresPair& other() { return *other_; }
  /// Where the exporter finds them: the gates', if there are any.
  int monitored_primary_port() { return to_primary_ ? to_primary_->port() : primary().port(); }
  int monitored_standby_port() { return to_standby_ ? to_standby_->port() : standby().port(); }

  /// A session that stays open until `sessions` is cleared.
  Sql& keep(Sql session) { return sessions.emplace_back(std::move(session)); }
  /// A program that runs until `programs` is cleared.
  void keep_running(const Program& program);

  /// Runs pg_receivewal, as somebody does who collects WAL elsewhere.
  void keep_receiving_wal();
  /// Takes a base backup that lasts longer than any scenario.
  void keep_taking_base_backup();
  /// Reads the changes of the primary by a logical slot of that name, which it makes.
  void keep_subscribing(const std::string& slot);
  /// Writes a little on the primary every second, without waiting for the standby.
  void keep_writing();

  /// Fills the primary's small archive to that share.
  void fill_archive(double share);

  /// Writes WAL on the primary, whole segments of 16 MB, without waiting for the standby.
  void write_wal(int segments);
  /// How the standby connects, with other words in place of the usual ones.
  std::string upstream(const std::string& password, const std::string& application_name,
                       int port = 0);

  std::vector<Sql> sessions;
  std::vector<std::unique_ptr<Process>> programs;

 private:
  std::filesystem::path fresh_directory();
  void keep_running_client(const std::string& program, std::vector<std::string> arguments);

  void start_third(int upstream_port);
  std::string third_table() const;
  std::string exporter_with_small_archive(const std::string& exporter) const;

  PostgresPair pair_;
  std::unique_ptr<PostgresServer> third_;
  std::unique_ptr<PostgresPair> other_;
  std::unique_ptr<TcpGate> to_standby_, to_primary_, stream_;
  std::unique_ptr<Watch> watch_;
};

}  // namespace pgrepl::test
