// SPDX-License-Identifier: Apache-2.0
#include "checks/judge/judge.h"

#include <algorithm>

#include "checks/analysis/note_maintenance.h"
#include "checks/catalogue/catalogue.h"
#include "checks/judge/freshness_check.h"
#include "checks/judge/grading.h"
#include "checks/judge/hold.h"
#include "checks/judge/remedy.h"

namespace pgrepl {
namespace {

/// What a check that cannot look waits for, before it says so: one missed poll pages nobody.
constexpr Hold kBlindHold{.seconds = 0, .polls = 2};

const CauseRow* find_cause(const CheckRow& check, std::string_view id) {
  for (const CauseRow& cause : check.causes) {
    if (cause.id == id) return &cause;
  }
  return nullptr;
}

/// The verdict of this poll alone, and how long it must last.
struct Raw {
  State state = State::ok;
  Hold hold;
  std::vector<MeasureResult> measures;
};

Raw judge_alone(const CheckRow& check, const Reading& reading, const CauseRow* cause,
                const Thresholds& thresholds) {
  Grading grading = grade_values(check, reading, thresholds);
  if (reading.unknown_because) return {State::unknown, kBlindHold, std::move(grading.measures)};
  Raw raw{grading.state, check.hold, std::move(grading.measures)};
  const bool asserted = cause != nullptr && cause->state;
  if (asserted && weight(*cause->state) >= weight(raw.state)) {
    raw.state = *cause->state;
    raw.hold = cause->hold.value_or(check.hold);
  } else if (!grading.certain) {
    raw.hold.polls = std::max(raw.hold.polls, 2);
  }
  return raw;
}

const NodePolicy* find_node(const ClusterPolicy& policy, std::string_view name) {
  const auto known = std::ranges::find(policy.nodes, name, &NodePolicy::name);
  return known == policy.nodes.end() ? nullptr : &*known;
}

std::string_view first_address(const ClusterPolicy& policy, std::string_view node) {
  const NodePolicy* known = find_node(policy, node);
  return known == nullptr || known->addresses.empty() ? node : known->addresses.front();
}

/// "host=10.0.0.1 port=5433", the port only where it is not PostgreSQL's own.
std::string conninfo_of(const ClusterPolicy& policy, std::string_view name) {
  const NodePolicy* node = find_node(policy, name);
  const bool is_usual = node == nullptr || node->port == "5432";
  return "host=" + std::string{first_address(policy, name)} +
         (is_usual ? "" : " port=" + node->port);
}

Names names_for(const Reading& reading, const CheckFacts& facts) {
  Names names = reading.names;
  if (const NodePolicy* node = find_node(facts.policy, reading.node)) {
    names.emplace_back("port", node->port);
    names.emplace_back("monitor", node->user);
  }
  names.emplace_back("replicator", facts.policy.replication_user);
  names.emplace_back("node", reading.node);
  names.emplace_back("object", reading.object);
  names.emplace_back("cluster", facts.policy.name);
  names.emplace_back("address", first_address(facts.policy, reading.node));
  if (const auto primary = facts.analysis.primary()) {
    const std::string& name = facts.snapshot.nodes[*primary].postgres.name;
    names.emplace_back("primary", name);
    names.emplace_back("primary_address", first_address(facts.policy, name));
    names.emplace_back("primary_conninfo", conninfo_of(facts.policy, name));
  }
  return names;
}

/// A finding that does not count yet says so, because an OK that hides it would be half a truth.
std::string summarize(const Reading& reading, const Raw& raw, const HoldMemory& held,
                      SteadyTime now) {
  std::string text =
      reading.unknown_because ? "because " + *reading.unknown_because : reading.summary;
  if (held.published != raw.state) {
    text += " (seen for " + humanize(elapsed(held.since, now).count(), Unit::seconds) + ")";
  }
  return text;
}

/// What is remembered of a verdict.  One that is new in a cluster that has been judged before
/// starts from OK, for a failover gives every check to another node, and that must not lift its
/// hold; only the very first judgement has nothing to start from.
std::optional<HoldMemory> memory_of(const CheckKey& key,
                                    const std::map<CheckKey, HoldMemory>& before, SteadyTime now) {
  if (const auto known = before.find(key); known != before.end()) return known->second;
  if (before.empty()) return std::nullopt;
  return HoldMemory{.published = State::ok,
                    .pending = State::ok,
                    .since = now,
                    .polls = 0,
                    .published_since = now};
}

/// The cause that goes with what is published, and is remembered with it: while a verdict is held
/// over a poll that gives none, as one that could not look, it is still the one of before.
const CauseRow* published_cause(const CheckRow& check, const CauseRow* seen, State raw,
                                HoldMemory& held) {
  if (raw == held.published) held.cause = seen != nullptr ? seen->id : "";
  return seen != nullptr ? seen : find_cause(check, held.cause);
}

CheckResult result_of(const CheckRow& check, const Reading& reading, const CheckFacts& facts,
                      const Thresholds& thresholds, std::map<CheckKey, HoldMemory>& holds,
                      const std::map<CheckKey, HoldMemory>& before) {
  const SteadyTime now = facts.snapshot.taken.steady;
  const CauseRow* cause = find_cause(check, reading.cause);
  Raw raw = judge_alone(check, reading, cause, thresholds);
  const CheckKey key{std::string{check.id}, reading.node, reading.object};
  HoldMemory held = hold(memory_of(key, before, now), raw.state, raw.hold, now);
  const bool bad = held.published != State::ok;
  cause = published_cause(check, cause, raw.state, held);
  holds[key] = held;
  CheckResult result{.check = check.id,
                     .node = reading.node,
                     .object = reading.object,
                     .state = held.published,
                     .raw_state = raw.state,
                     .summary = summarize(reading, raw, held, now),
                     .measures = std::move(raw.measures),
                     .fix = {},
                     .other_node = reading.other_node,
                     .other_object = reading.other_object,
                     .since = held.published_since};
  if (bad && cause != nullptr) {
    result.cause = cause->id;
    result.fix = fill_in(cause->fix, names_for(reading, facts));
  }
  return result;
}

}  // namespace

Judgement judge(const CheckFacts& facts, const Thresholds& thresholds,
                const std::map<CheckKey, HoldMemory>& before) {
  Judgement all;
  for (const CheckRow& check : checks()) {
    Readings readings = check.read(facts);
    for (const Reading& reading : readings.found) {
      all.results.push_back(result_of(check, reading, facts, thresholds, all.holds, before));
    }
    for (Absence& absence : readings.absent) {
      all.absent.push_back(
          {check.id, std::move(absence.node), absence.kind, std::move(absence.reason)});
    }
  }
  return all;
}

ClusterReport report_on(ClusterSnapshot snapshot, const ClusterPolicy& policy,
                        const Thresholds& thresholds, ClusterMemory& memory) {
  note_maintenance(memory, policy, snapshot.taken.wall);
  memory = remember(std::move(memory), snapshot);
  ClusterAnalysis analysis = analyze(snapshot, memory, policy);
  note_readiness(memory, analysis, snapshot.taken.steady);
  Judgement judgement = judge({.snapshot = snapshot, .analysis = analysis, .policy = policy},
                              thresholds, memory.holds);
  memory.holds = std::move(judgement.holds);
  ClusterReport report{.snapshot = std::move(snapshot),
                       .analysis = std::move(analysis),
                       .policy = policy,
                       .results = std::move(judgement.results),
                       .absent = std::move(judgement.absent)};
  mute(report.results, checks(), policy.maintenance_at(report.snapshot.taken.wall).has_value());
  return report;
}

void mute(std::span<CheckResult> results, std::span<const CheckRow> checks,
          bool under_maintenance) {
  const auto must_wake = [&](const CheckResult& result) {
    if (result.check == kFreshnessCheck) return true;
    const auto check = std::ranges::find(checks, result.check, &CheckRow::id);
    const CauseRow* cause = check == checks.end() ? nullptr : find_cause(*check, result.cause);
    return cause != nullptr && cause->destroys_data;
  };
  for (CheckResult& result : results) {
    result.muted = under_maintenance && result.state != State::ok && !must_wake(result);
  }
}

}  // namespace pgrepl
