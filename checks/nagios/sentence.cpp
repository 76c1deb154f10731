// SPDX-License-Identifier: Apache-2.0
#include "checks/nagios/sentence.h"

#include <algorithm>
#include <span>

#include "checks/base/text.h"
#include "checks/base/units.h"
#include "checks/judge/root_cause.h"

namespace pgrepl {
namespace {

/// So many summaries can be read in one sentence.
constexpr std::size_t kReadableSummaries = 3;

/// Findings that the first line does not tell themselves.
struct NotTold {
  std::size_t followers = 0, others = 0, muted = 0;
};

/// " (and 6 that follow from it, 2 more, 3 muted)"
std::string others_text(const NotTold& others, std::size_t told) {
  std::vector<std::string> parts;
  if (others.followers > 0) {
    parts.push_back(std::to_string(others.followers) +
                    (others.followers == 1 ? " that follows" : " that follow") +
                    (told == 1 ? " from it" : " from them"));
  }
  if (others.others > 0) parts.push_back(std::to_string(others.others) + " more");
  if (others.muted > 0) parts.push_back(std::to_string(others.muted) + " muted");
  return parts.empty() ? "" : " (and " + join(parts, ", ") + ")";
}

/// Muted findings are counted apart, unless one of them leads.
NotTold not_told(const Flattened& flat, std::size_t told) {
  const auto bad = static_cast<std::size_t>(std::ranges::count_if(
      flat.results, [](const CheckResult& result) { return result.state != State::ok; }));
  const auto muted =
      flat.muted
          ? 0
          : static_cast<std::size_t>(std::ranges::count_if(flat.results, &CheckResult::muted));
  const std::size_t counted = bad - muted - told;
  const std::size_t followers = std::min(flat.followers, counted);
  return {.followers = followers, .others = counted - followers, .muted = muted};
}

std::string lead_text(const Flattened& flat) {
  std::vector<std::string> told{flat.prefix(*flat.lead_index) + flat.lead()->summary};
  for (const std::size_t like : flat.beside) {
    if (told.size() == kReadableSummaries || flat.results[like].summary == flat.lead()->summary)
      continue;
    told.push_back(flat.results[like].summary);
  }
  return join(told, "; ") + others_text(not_told(flat, told.size()), told.size());
}

/// Results that are judged together.
using Part = std::vector<const CheckResult*>;

/// The clusters' results that take part, each cluster's for itself.
std::vector<Part> parts_of(const Flattened& flat) {
  std::vector<Part> parts;
  for (std::size_t i = 0; i < flat.results.size(); ++i) {
    if (i == 0 || flat.cluster_of[i] != flat.cluster_of[i - 1]) parts.emplace_back();
    if (flat.results[i].muted && !flat.muted) continue;
    parts.back().push_back(&flat.results[i]);
  }
  std::erase_if(parts, [](const Part& part) { return part.empty(); });
  return parts;
}

bool is_nothing_but_muted(const std::vector<CheckResult>& results) {
  const auto wakes = [](const CheckResult& result) {
    return result.state != State::ok && !result.muted;
  };
  return std::ranges::any_of(results, &CheckResult::muted) && std::ranges::none_of(results, wakes);
}

/// Of several clusters the first that has the heaviest finding leads.
void choose_lead(Flattened& flat) {
  flat.muted = is_nothing_but_muted(flat.results);
  std::optional<State> heaviest;
  for (const Part& part : parts_of(flat)) {
    const State state = heaviest_state(part);
    if (heaviest && weight(state) <= weight(*heaviest)) continue;
    heaviest = flat.state = state;
    const Lead lead = find_lead(part);
    const auto place_of = [&](const CheckResult* result) {
      return static_cast<std::size_t>(result - flat.results.data());
    };
    flat.lead_index = place_of(lead.result);
    flat.beside.clear();
    for (const CheckResult* like : lead.beside) flat.beside.push_back(place_of(like));
    flat.followers = lead.followers;
  }
}

/// An OK that hides a young finding would be half a truth.
std::string young_findings(const Flattened& flat) {
  const auto young = std::ranges::count_if(flat.results, [](const CheckResult& result) {
    return result.state == State::ok && result.raw_state != State::ok;
  });
  if (young == 0) return {};
  return ", " + std::to_string(young) + " too young to count";
}

std::string who_is_fine(const std::vector<ClusterFindings>& found) {
  if (found.size() > 1) return std::to_string(found.size()) + " clusters";
  const ClusterFindings& only = found.front();
  return only.primary.empty() ? only.cluster : only.cluster + ": primary " + only.primary;
}

std::string all_fine_text(const Scope& scope, const std::vector<ClusterFindings>& found,
                          const Flattened& flat) {
  const std::string count = std::to_string(flat.results.size());
  if (scope.check == nullptr) {
    return who_is_fine(found) + ", all " + count + " results are fine" + young_findings(flat);
  }
  if (flat.results.size() > kReadableSummaries) {
    return std::string(scope.check->id) + ": all " + count + " results are fine" +
           young_findings(flat);
  }
  std::vector<std::string> summaries;
  for (std::size_t i = 0; i < flat.results.size(); ++i) {
    summaries.push_back(flat.prefix(i) + flat.results[i].summary);
  }
  return join(summaries, ", ");
}

/// The absence that weighs most: somebody asked for what nobody configured.
const AbsentCheck* heaviest_absence(const std::vector<ClusterFindings>& found) {
  const AbsentCheck* heaviest = nullptr;
  for (const ClusterFindings& findings : found) {
    for (const AbsentCheck& absent : findings.absent) {
      if (absent.kind == Absence::Kind::not_configured) return &absent;
      if (heaviest == nullptr) heaviest = &absent;
    }
  }
  return heaviest;
}

/// A check may find nothing to judge because the nodes that could tell are silent.
std::string silence_text(const std::vector<ClusterFindings>& found) {
  std::vector<std::string> silent;
  for (const ClusterFindings& findings : found) {
    silent.insert(silent.end(), findings.silent.begin(), findings.silent.end());
  }
  return silent.empty() ? "" : " because of unreachable nodes: " + join(silent, ", ");
}

Sentence absence_sentence(const Scope& scope, const std::vector<ClusterFindings>& found) {
  const AbsentCheck* absent = heaviest_absence(found);
  if (absent == nullptr) {
    const std::string where = scope.node.empty() ? found.front().cluster : scope.node;
    return {State::unknown, "check " + std::string(scope.check->id) + " says nothing of " + where +
                                silence_text(found)};
  }
  if (absent->kind == Absence::Kind::not_configured) {
    return {State::unknown, "not configured: " + absent->reason};
  }
  // What does not apply to the nodes that answer may well apply to those that do not.
  const bool of_nodes = !absent->node.empty();
  const std::string silence = silence_text(found);
  if (of_nodes && !silence.empty()) {
    return {State::unknown, "check " + std::string(scope.check->id) + " says nothing" + silence};
  }
  return {State::ok, "not applicable: " + absent->reason};
}

std::string until_text(const ClusterFindings& findings) {
  if (!findings.maintenance) return {};
  return " until " + humanize(since_1970(findings.maintenance->until), Unit::timestamp);
}

/// Of all clusters but the one whose maintenance leads the sentence already.
std::string maintenance_text(const std::vector<ClusterFindings>& found, std::string_view told) {
  std::string text;
  for (const ClusterFindings& findings : found) {
    if (!findings.maintenance || findings.cluster == told) continue;
    text += " (maintenance of " + findings.cluster + until_text(findings) + ")";
  }
  return text;
}

/// Nothing but muted findings: fine for whom it would wake, and no secret for whom reads it.
std::string muted_text(const std::vector<ClusterFindings>& found, const Flattened& flat) {
  const auto findings =
      std::ranges::find(found, flat.cluster_of[*flat.lead_index], &ClusterFindings::cluster);
  return "maintenance" + until_text(*findings) + ": would be " +
         std::string(to_string(flat.state)) + ": " + lead_text(flat);
}

Sentence verdict_sentence(const Scope& scope, const std::vector<ClusterFindings>& found,
                          const Flattened& flat) {
  if (!flat.lead_index) return absence_sentence(scope, found);
  if (flat.state == State::ok) return {State::ok, all_fine_text(scope, found, flat)};
  if (flat.muted) return {State::ok, muted_text(found, flat)};
  return {flat.state, lead_text(flat)};
}

}  // namespace

std::string Flattened::prefix(std::size_t index) const {
  return several_clusters ? cluster_of[index] + ": " : "";
}

Flattened flatten(const std::vector<ClusterFindings>& found) {
  Flattened flat{.several_clusters = found.size() > 1};
  for (const ClusterFindings& findings : found) {
    for (const CheckResult& result : findings.results) {
      flat.results.push_back(result);
      flat.cluster_of.push_back(findings.cluster);
    }
  }
  choose_lead(flat);
  return flat;
}

Sentence sentence_for(const Scope& scope, const std::vector<ClusterFindings>& found,
                      const Flattened& flat) {
  Sentence sentence = verdict_sentence(scope, found, flat);
  sentence.text += maintenance_text(found, flat.muted ? flat.cluster_of[*flat.lead_index] : "");
  return sentence;
}

}  // namespace pgrepl
