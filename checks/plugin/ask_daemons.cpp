// SPDX-License-Identifier: Apache-2.0
#include "checks/plugin/ask_daemons.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "checks/base/text.h"
#include "checks/plugin/daemon_answer.h"
#include "checks/plugin/http_client.h"
#include "checks/plugin/tcp_stream.h"

namespace pgrepl::plugin {
namespace {

constexpr std::size_t kSentenceLimit = 500;
/// More than this has no further meaning, and the daemon takes one digit.
constexpr int kMostVerbose = 3;

std::string question(const Target& daemon, const Options& options) {
  QueryParameters parameters{{"check", options.check}};
  if (!options.cluster.empty()) parameters.emplace_back("cluster", options.cluster);
  if (!options.node.empty()) parameters.emplace_back("node", options.node);
  for (const std::string& range : options.warning) parameters.emplace_back("warning", range);
  for (const std::string& range : options.critical) parameters.emplace_back("critical", range);
  const int verbosity = std::min(options.verbosity, kMostVerbose);
  if (verbosity > 0) parameters.emplace_back("verbose", std::to_string(verbosity));
  return with_query(daemon.prefix + "/check", parameters);
}

Result<DaemonAnswer, std::string> ask(const Target& daemon, const Options& options,
                                      const Deadline& deadline) {
  auto stream = connect_tcp(daemon, deadline);
  if (!stream) return Failed{stream.error()};
  const auto response = http_get(**stream, to_string(daemon), question(daemon, options), deadline);
  if (!response) return Failed{response.error()};
  return read_answer(*response);
}

/// What has come of asking so far.
struct Harvest {
  std::optional<DaemonAnswer> stale, not_found;
  std::vector<std::string> failures;
};

void keep_first(std::optional<DaemonAnswer>& place, const DaemonAnswer& answer) {
  if (!place) place = answer;
}

/// Whoever reads details wants to know which daemon did not do its part.
std::string failure_lines(const Harvest& harvest, int verbosity) {
  std::string lines;
  if (verbosity == 0) return lines;
  for (const std::string& failure : harvest.failures) {
    lines += "asked in vain: " + plugin_safe(failure) + "\n";
  }
  return lines;
}

Verdict verdict_of(const DaemonAnswer& answer, const Harvest& harvest, int verbosity) {
  return {answer.state, answer.text + failure_lines(harvest, verbosity)};
}

}  // namespace

Verdict own_verdict(State state, std::string_view sentence) {
  return {state, "PGREPL " + std::string(to_string(state)) + " - " +
                     one_line(plugin_safe(sentence), kSentenceLimit) + "\n"};
}

Verdict ask_daemons(const Options& options) {
  const Deadline deadline = Deadline::in(options.time_limit);
  Harvest harvest;
  for (std::size_t i = 0; i < options.daemons.size(); ++i) {
    const Target& daemon = options.daemons[i];
    const auto answer = ask(daemon, options, deadline.share(options.daemons.size() - i));
    if (!answer) {
      harvest.failures.push_back(to_string(daemon) + " " + answer.error());
    } else if (answer->not_found) {
      keep_first(harvest.not_found, *answer);
    } else if (answer->fresh) {
      return verdict_of(*answer, harvest, options.verbosity);
    } else {
      keep_first(harvest.stale, *answer);
    }
  }
  if (harvest.stale) return verdict_of(*harvest.stale, harvest, options.verbosity);
  if (harvest.not_found) return verdict_of(*harvest.not_found, harvest, options.verbosity);
  return own_verdict(State::critical,
                     "no pgrepl_exporter answers: " + join(harvest.failures, ", "));
}

}  // namespace pgrepl::plugin
