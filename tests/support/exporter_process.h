// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/metrics_page.h"
#include "tests/support/process.h"
#include "tests/support/raw_http_client.h"
#include "tests/support/temp_directory.h"

namespace pgrepl::test {

/// How to start an exporter.
struct ExporterStart {
  std::string config;  ///< TOML
  std::map<std::string, std::string> environment = {};
  std::vector<std::string> arguments = {};
  std::string program = {};  ///< empty: exporter_program()
};

/// The real pgrepl_exporter on a loopback port, with a configuration file of its own.  Confined to
/// one thread.
class ExporterProcess {
 public:
  /// Returns when it is ready, which takes its first poll; throws with its log if it never is.
  explicit ExporterProcess(const ExporterStart& start);
  /// Ends it.  The test fails, with the end of its log, unless it ran until now and then ended with
  /// code 0: a crash shows there, and what a sanitizer reports at the exit.  A test that kills the
  /// exporter on purpose starts it as a Process.
  ~ExporterProcess();
  ExporterProcess(const ExporterProcess&) = delete;
  ExporterProcess& operator=(const ExporterProcess&) = delete;

  RawReply get(const std::string& target) const { return raw_get(port_, target); }
  MetricsPage metrics() const { return MetricsPage(get("/metrics").body); }
  /// Runs the real check_pgrepl against this exporter, with its arguments after the address.
  ProgramResult check(const std::vector<std::string>& arguments) const;

  /// Writes another configuration and sends SIGHUP.
  void reload(const std::string& config);
  /// Stops it, and starts it again with the same file and port.  Throws with the end of its log
  /// unless it ran until now and then ended with code 0.
  void restart();
  /// Ends it as a crash would, with SIGKILL, and starts it again.
  void kill_and_restart();

  pid_t pid() const { return process_->pid(); }
  bool is_running() { return process_->is_running(); }
  int port() const { return port_; }
  std::filesystem::path config_file() const { return directory_.path() / "pgrepl.toml"; }
  /// All that it wrote to stdout and stderr.
  std::string log() const;

 private:
  void launch();
  /// What was wrong with its end, with the end of its log.  Absent: nothing, or it was told before.
  std::optional<std::string> stop();

  TempDirectory directory_;
  ExporterStart start_;
  int port_;
  std::unique_ptr<Process> process_;
};

/// Where the programs under test are.
std::string exporter_program();
std::string plugin_program();

}  // namespace pgrepl::test
