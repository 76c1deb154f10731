// SPDX-License-Identifier: Apache-2.0
#include "tests/support/exporter_process.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <stdexcept>

#include "tests/support/ports.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

constexpr std::chrono::seconds kPatience{60};

/// What it may take to end: a sanitizer searches all memory for leaks.
constexpr std::chrono::seconds kPatienceAtTheEnd{20};

/// Long enough for a sanitizer's report.
constexpr std::size_t kShownOfTheLog = 6000;

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
      .argv = {start_.program.empty() ? exporter_program() : start_.program, "--web.listen-address",
               "127.0.0.1:" + std::to_string(port_), "--config.file", config_file().string()},
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

std::optional<std::string> ExporterProcess::stop() {
  const std::unique_ptr<Process> process = std::move(process_);
  if (!process) return std::nullopt;
  const bool ran_until_now = process->is_running();
  const int code = process->stop(kPatienceAtTheEnd);
  if (ran_until_now && code == 0) return std::nullopt;
  const std::string all = log();
  return std::string("the exporter ended ") + (ran_until_now ? "" : "by itself ") + "with code " +
         std::to_string(code) + "; the end of its log:\n" +
         all.substr(all.size() - std::min(all.size(), kShownOfTheLog));
}

void ExporterProcess::restart() {
  if (const auto fault = stop()) throw std::runtime_error(*fault);
  launch();
}

void ExporterProcess::kill_and_restart() {
  process_->signal(SIGKILL);
  if (process_->wait(kPatienceAtTheEnd) != 128 + SIGKILL)
    throw std::runtime_error("the exporter was not killed:\n" + log());
  launch();
}

ExporterProcess::~ExporterProcess() {
  if (const auto fault = stop()) ADD_FAILURE() << *fault;
}

std::string ExporterProcess::log() const { return read_file(directory_.path() / "log"); }

}  // namespace pgrepl::test
