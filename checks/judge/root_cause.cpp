// SPDX-License-Identifier: Apache-2.0
#include "checks/judge/root_cause.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "checks/catalogue/dependence.h"

namespace pgrepl {
namespace {

/// The findings of a cluster, and what follows from each.
class Findings {
 public:
  explicit Findings(std::span<const CheckResult> results) {
    for (const CheckResult& result : results) {
      if (result.state != State::ok) bad_.push_back(&result);
    }
    effects_.resize(bad_.size());
    is_root_.assign(bad_.size(), true);
    for (std::size_t cause = 0; cause < bad_.size(); ++cause) {
      for (std::size_t effect = 0; effect < bad_.size(); ++effect) {
        if (cause == effect || !follows_from(*bad_[effect], *bad_[cause])) continue;
        effects_[cause].push_back(effect);
        is_root_[effect] = false;
      }
    }
  }

  Lead lead(State heaviest) const {
    std::optional<std::size_t> best;
    std::size_t most = 0;
    for (std::size_t i = 0; i < bad_.size(); ++i) {
      if (!is_root_[i]) continue;
      const std::vector<std::size_t> all = explained_by({i});
      const bool explains_the_worst = std::ranges::any_of(
          all, [&](std::size_t finding) { return bad_[finding]->state == heaviest; });
      if (!explains_the_worst || all.size() <= most) continue;
      best = i;
      most = all.size();
    }
    return best ? with_its_like(*best) : Lead{};
  }

 private:
  Lead with_its_like(std::size_t root) const {
    Lead lead{.result = bad_[root]};
    std::vector<std::size_t> roots{root};
    for (std::size_t i = 0; i < bad_.size(); ++i) {
      const bool is_alike =
          bad_[i]->check == bad_[root]->check && bad_[i]->state == bad_[root]->state;
      if (i == root || !is_root_[i] || !is_alike) continue;
      lead.beside.push_back(bad_[i]);
      roots.push_back(i);
    }
    lead.followers = explained_by(roots).size() - roots.size();
    return lead;
  }

  /// The findings themselves, and all that follows from them.
  std::vector<std::size_t> explained_by(std::vector<std::size_t> all) const {
    std::vector<bool> seen(bad_.size(), false);
    for (const std::size_t root : all) seen[root] = true;
    for (std::size_t next = 0; next < all.size(); ++next) {
      for (const std::size_t effect : effects_[all[next]]) {
        if (seen[effect]) continue;
        seen[effect] = true;
        all.push_back(effect);
      }
    }
    return all;
  }

  std::vector<const CheckResult*> bad_;
  std::vector<std::vector<std::size_t>> effects_;  ///< direct ones, parallel to bad_
  std::vector<bool> is_root_;
};

}  // namespace

State heaviest_state(std::span<const CheckResult> results) {
  if (results.empty()) return State::unknown;
  State heaviest = State::ok;
  for (const CheckResult& result : results) heaviest = worst(heaviest, result.state);
  return heaviest;
}

Lead find_lead(std::span<const CheckResult> results) {
  if (results.empty()) return {};
  const State heaviest = heaviest_state(results);
  if (heaviest == State::ok) return {&results.front()};
  return Findings(results).lead(heaviest);
}

const CheckResult* root_cause(std::span<const CheckResult> results) {
  return find_lead(results).result;
}

}  // namespace pgrepl
