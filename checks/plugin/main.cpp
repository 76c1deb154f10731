// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <exception>
#include <span>
#include <string>

#include "checks/base/text.h"
#include "checks/plugin/ask_daemons.h"
#include "checks/plugin/help_text.h"
#include "checks/plugin/options.h"
#include "checks/plugin/time_guard.h"

namespace {

using pgrepl::State;
using pgrepl::plugin::Options;
using pgrepl::plugin::Verdict;

constexpr std::size_t kMaxComplaint = 300;

/// The guidelines want UNKNOWN for help and version, so that no service is green by them.
Verdict run(std::span<char* const> arguments) {
  const auto options = pgrepl::plugin::read_options(arguments);
  if (!options) {
    const std::string complaint = pgrepl::one_line(options.error(), kMaxComplaint);
    return pgrepl::plugin::own_verdict(State::unknown, complaint + " (see check_pgrepl --help)");
  }
  switch (options->mode) {
    case Options::Mode::help:
      return {State::unknown, std::string(pgrepl::plugin::help_text())};
    case Options::Mode::version:
      return {State::unknown, "check_pgrepl " PGREPL_VERSION "\n"};
    case Options::Mode::check:
      break;
  }
  pgrepl::plugin::guard_time(options->time_limit);
  return pgrepl::plugin::ask_daemons(*options);
}

Verdict run_safely(std::span<char* const> arguments) {
  try {
    return run(arguments);
  } catch (const std::exception& error) {
    return pgrepl::plugin::own_verdict(State::unknown,
                                       std::string("check_pgrepl failed: ") + error.what());
  }
}

/// Whether it reached standard output, which is all that a monitoring core reads.
bool print(const std::string& text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  return std::fflush(stdout) == 0 && written;
}

}  // namespace

int main(int argc, char** argv) {
  const Verdict verdict = run_safely({argv, static_cast<std::size_t>(argc)});
  return static_cast<int>(print(verdict.text) ? verdict.state : State::unknown);
}
