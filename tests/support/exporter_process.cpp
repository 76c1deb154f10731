// SPDX-License-Identifier: Apache-2.0
#include "tests/support/exporter_process.h"

#include <signal.h>

#include <stdexcept>

#include "tests/support/ports.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

constexpr std::chrono::seconds kPatience{60};

bool is_ready(const ExporterProcess& exporter) {
  try {
    return exporter.get("/-/ready").status == 200;
  } catch (const std::runtime_error&) {
    return false;  // it does not listen yet
  }
}

}  // namespace

std::string exporter_program() { return PGREPL_EXPORTER_PROGRAM; }
std::string plugin_program() { return PGREPL_PLUGIN_PROGRAM; }

ExporterProcess::ExporterProcess(const ExporterStart& start) : start_(start), port_(free_port()) {
  write_file(config_file(), start_.config);
  launch();
}

void ExporterProcess::launch() {
  Program program{
      .argv = {exporter_program(), "--web.listen-address", "127.0.0.1:" + std::to_string(port_),
               "--config.file", config_file().string()},
      .environment = start_.environment};
  program.argv.insert(program.argv.end(), start_.arguments.begin(), start_.arguments.end());
  const auto log_file = directory_.path() / "log";
  process_ = std::make_unique<Process>(program, ProgramFiles{log_file, log_file});
  const bool has_settled = wait_until([&] { return is_ready(*this) || !is_running(); }, kPatience);
  if (!has_settled || !is_running())
    throw std::runtime_error("the exporter is not ready:\n" + log());
}

ProgramResult ExporterProcess::check(const std::vector<std::string>& arguments) const {
  Program program{.argv = {plugin_program(), "-u", "http://127.0.0.1:" + std::to_string(port_)}};
  program.argv.insert(program.argv.end(), arguments.begin(), arguments.end());
  return run_program(program);
}

void ExporterProcess::reload(const std::string& config) {
  write_file(config_file(), config);
  process_->signal(SIGHUP);
}

void ExporterProcess::restart() {
  process_->stop(std::chrono::seconds(20));
  launch();
}

std::string ExporterProcess::log() const { return read_file(directory_.path() / "log"); }

}  // namespace pgrepl::test
