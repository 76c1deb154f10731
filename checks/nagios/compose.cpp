// SPDX-License-Identifier: Apache-2.0
#include "checks/nagios/compose.h"

#include <algorithm>
#include <span>

#include "checks/base/units.h"
#include "checks/judge/probable_cause.h"
#include "checks/nagios/evidence.h"
#include "checks/nagios/plugin_text.h"
#include "checks/nagios/sentence.h"

namespace pgrepl {
namespace {

/// A result by its name: "replay_lag wallix-a2", behind the cluster's where there are several.
std::string name_of(const CheckResult& result, std::string_view prefix) {
  std::string name = std::string(prefix) + std::string(result.check);
  if (!result.node.empty()) name += " " + result.node;
  if (!result.object.empty()) name += " " + result.object;
  return name;
}

/// Whether a result gets a line of its own below the first.
bool is_told_below(const CheckResult& result, bool leads, int verbosity) {
  if (verbosity >= 2) return true;
  if (result.state == State::ok) return false;
  return verbosity >= 1 || !leads;
}

void tell(const KnownWorld& world, const CheckResult& result, std::string_view prefix,
          int verbosity, LongOutput& below) {
  below.add(std::string(to_string(result.state)) + " " + name_of(result, prefix) + ": " +
            result.summary + (result.muted ? ", muted" : ""));
  if (verbosity >= 2) {
    for (const std::string& line : evidence(result, world.now)) below.add("  " + line);
  }
  if (verbosity >= 1) {
    const std::string_view cause = probable_cause(world.checks, result);
    if (!cause.empty()) below.add("  " + std::string(cause));
    for (const std::string& step : result.fix) below.add("  > " + step);
  }
}

std::string_view word_for(Absence::Kind kind) {
  return kind == Absence::Kind::not_configured ? "not configured" : "not applicable";
}

/// What an operator asked for by name and did not get is told; the rest only to whom wants it all.
bool is_told_below(const AbsentCheck& absent, const Scope& scope, int verbosity) {
  if (verbosity >= 2) return true;
  return scope.check != nullptr && absent.kind == Absence::Kind::not_configured;
}

void tell(const AbsentCheck& absent, std::string_view prefix, LongOutput& below) {
  std::string line = std::string(prefix) + std::string(absent.check);
  if (!absent.node.empty()) line += " " + absent.node;
  below.add(line + ": " + std::string(word_for(absent.kind)) + ": " + absent.reason);
}

/// Which measures of a result go into perfdata: of health only the first, for there are many
/// results.
std::span<const MeasureResult> shown_measures(const CheckResult& result, const Scope& scope) {
  const std::span<const MeasureResult> all = result.measures;
  return scope.check == nullptr && !all.empty() ? all.first(1) : all;
}

bool has_several_measures(std::span<const CheckRow> checks, std::string_view id) {
  const auto row = std::ranges::find(checks, id, &CheckRow::id);
  return row != checks.end() && row->measures.size() > 1;
}

/// The label depends on what the check declares, not on what this poll brought: it must stay the
/// same.
void add_perfdata(const KnownWorld& world, const CheckResult& result, std::string_view cluster,
                  std::span<const MeasureResult> measures, Perfdata& perfdata) {
  const bool several = has_several_measures(world.checks, result.check);
  for (const MeasureResult& measure : measures) {
    // Where all is well, a measure without a value is one that does not arise just now.
    if (!measure.value && result.raw_state == State::ok) continue;
    perfdata.add(perfdata_label({.cluster = cluster,
                                 .check = result.check,
                                 .measure = several ? measure.id : "",
                                 .node = result.node,
                                 .object = result.object}),
                 measure);
  }
}

Perfdata all_perfdata(const KnownWorld& world, const Scope& scope, const Flattened& flat) {
  Perfdata perfdata(kFirstLineLimit - kSentenceLimit);
  for (std::size_t i = 0; i < flat.results.size(); ++i) {
    const std::string cluster = flat.several_clusters ? flat.cluster_of[i] : std::string{};
    add_perfdata(world, flat.results[i], cluster, shown_measures(flat.results[i], scope), perfdata);
  }
  return perfdata;
}

void tell_results(const KnownWorld& world, const Flattened& flat, int verbosity,
                  LongOutput& below) {
  for (std::size_t i = 0; i < flat.results.size(); ++i) {
    const CheckResult& result = flat.results[i];
    const bool leads = &result == flat.lead();
    if (is_told_below(result, leads, verbosity))
      tell(world, result, flat.prefix(i), verbosity, below);
  }
}

void tell_absences(const Scope& scope, const std::vector<ClusterFindings>& found, int verbosity,
                   LongOutput& below) {
  for (const ClusterFindings& findings : found) {
    const std::string prefix = found.size() > 1 ? findings.cluster + ": " : "";
    for (const AbsentCheck& absent : findings.absent) {
      if (is_told_below(absent, scope, verbosity)) tell(absent, prefix, below);
    }
  }
}

}  // namespace

PluginOutput compose(const KnownWorld& world, const Scope& scope,
                     const std::vector<ClusterFindings>& found, int verbosity) {
  const Flattened flat = flatten(found);
  const Sentence sentence = sentence_for(scope, found, flat);
  const Perfdata perfdata = all_perfdata(world, scope, flat);
  PluginOutput output{.state = sentence.state};
  output.fresh = std::ranges::all_of(found, &ClusterFindings::fresh);
  output.text = first_line(sentence.state, sentence.text, perfdata) + "\n";

  LongOutput below(kOutputLimit - output.text.size());
  tell_results(world, flat, verbosity, below);
  tell_absences(scope, found, verbosity, below);
  if (perfdata.left_out() > 0) {
    below.add("perfdata of " + std::to_string(perfdata.left_out()) +
              " numbers left out, ask for one cluster, node or check");
  }
  output.text += below.text();
  return output;
}

}  // namespace pgrepl
