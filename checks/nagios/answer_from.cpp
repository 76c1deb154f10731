// SPDX-License-Identifier: Apache-2.0
#include "checks/nagios/answer_from.h"
#include "checks/nagios/compose.h"
#include "checks/nagios/findings.h"
#include "checks/nagios/list_checks.h"
#include "checks/nagios/overrides.h"
#include "checks/nagios/plugin_text.h"
#include "checks/nagios/scope.h"

namespace pgrepl {
namespace {

enum class Fault { not_found, bad_usage };

/// The answer to a question that cannot be answered.
PluginOutput refusal(const std::string& sentence, Fault fault) {
  return {.state = State::unknown,
          .text = first_line(State::unknown, sentence, Perfdata(0)) + "\n",
          .not_found = fault == Fault::not_found};
}

}  // namespace

PluginOutput answer_from(const KnownWorld& world, const CheckQuery& query) {
  if (query.check == "list") return list_checks(world.checks);
  const auto scope = find_scope(world, query);
  if (!scope) return refusal(scope.error(), Fault::not_found);
  const auto overrides = read_overrides(query, scope->check);
  if (!overrides) return refusal(overrides.error(), Fault::bad_usage);

  std::vector<ClusterFindings> found;
  for (const ClusterScope& cluster : scope->clusters) {
    found.push_back(find_results(cluster, *scope, world, *overrides));
  }
  return compose(world, *scope, found, query.verbosity);
}

}  // namespace pgrepl
