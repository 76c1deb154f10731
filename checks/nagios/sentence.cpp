// SPDX-License-Identifier: Apache-2.0
#include "checks/nagios/sentence.h"

#include <algorithm>
#include <chrono>
#include <span>

#include "checks/base/text.h"
#include "checks/base/units.h"
#include "checks/judge/root_cause.h"

namespace pgrepl {
namespace {

/// So many summaries can be read in one sentence.
constexpr std::size_t kReadableSummaries = 3;

/// " (and 6 that follow from it, 2 more)", of the findings that are not told themselves.
std::string others_text(std::size_t followers, std::size_t others, std::size_t told) {
  if (others == 0) return {};
  std::string text;
  if (followers > 0) {
    text = std::to_string(followers) + (followers == 1 ? " that follows" : " that follow") +
           (told == 1 ? " from it" : " from them");
  }
  if (others > followers)
    text += (text.empty() ? "" : ", ") + std::to_string(others - followers) + " more";
  return " (and " + text + ")";
}

std::string lead_text(const Flattened& flat) {
  const auto bad = static_cast<std::size_t>(std::ranges::count_if(
      flat.results, [](const CheckResult& result) { return result.state != State::ok; }));
  std::vector<std::string> told{flat.prefix(*flat.lead_index) + flat.lead()->summary};
  for (const std::size_t like : flat.beside) {
    if (told.size() == kReadableSummaries || flat.results[like].summary == flat.lead()->summary)
      continue;
    told.push_back(flat.results[like].summary);
  }
  return join(told, "; ") + others_text(flat.followers, bad - told.size(), told.size());
}

/// Of several clusters the first that has the heaviest finding leads.
void choose_lead(Flattened& flat) {
  flat.state = heaviest_state(flat.results);
  const std::span<const CheckResult> all{flat.results};
  for (std::size_t begin = 0; begin < all.size();) {
    std::size_t end = begin;
    while (end < all.size() && flat.cluster_of[end] == flat.cluster_of[begin]) ++end;
    const auto cluster = all.subspan(begin, end - begin);
    if (heaviest_state(cluster) == flat.state) {
      const Lead lead = find_lead(cluster);
      flat.lead_index = static_cast<std::size_t>(lead.result - all.data());
      for (const CheckResult* like : lead.beside)
        flat.beside.push_back(static_cast<std::size_t>(like - all.data()));
      flat.followers = lead.followers;
      return;
    }
    begin = end;
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

std::string maintenance_text(const std::vector<ClusterFindings>& found) {
  std::string text;
  for (const ClusterFindings& findings : found) {
    if (!findings.maintenance_until) continue;
    const auto since_1970 = findings.maintenance_until->time_since_epoch();
    const double until = std::chrono::duration_cast<Seconds>(since_1970).count();
    text +=
        " (maintenance of " + findings.cluster + " until " + humanize(until, Unit::timestamp) + ")";
  }
  return text;
}

Sentence verdict_sentence(const Scope& scope, const std::vector<ClusterFindings>& found,
                          const Flattened& flat) {
  if (!flat.lead_index) return absence_sentence(scope, found);
  if (flat.state == State::ok) return {State::ok, all_fine_text(scope, found, flat)};
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
  sentence.text += maintenance_text(found);
  return sentence;
}

}  // namespace pgrepl
