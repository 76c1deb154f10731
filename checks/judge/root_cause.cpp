// SPDX-License-Identifier: Apache-2.0
#include "checks/judge/root_cause.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <vector>

#include "checks/catalogue/dependence.h"

namespace pgrepl {
namespace {

/// The findings of a cluster, and what follows from each.
class Findings {
 public:
  explicit Findings(std::span<const CheckResult* const> results) {
    std::ranges::copy_if(results, std::back_inserter(bad_),
                         [](const CheckResult* result) { return result->state != State::ok; });
    effects_.resize(bad_.size());
    is_root_.assign(bad_.size(), true);
    for (std::size_t cause = 0; cause < bad_.size(); ++cause) tie_what_follows_from(cause);
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
  /// There may be hundreds of slots: of the table only the rows of this finding are looked at.
  void tie_what_follows_from(std::size_t cause) {
    for (const Dependence* row : rows_of(*bad_[cause])) {
      for (std::size_t effect = 0; effect < bad_.size(); ++effect) {
        if (cause == effect || !holds(*row, *bad_[cause], *bad_[effect])) continue;
        effects_[cause].push_back(effect);
        is_root_[effect] = false;
      }
    }
  }

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
  /// Direct ones, parallel to bad_; one that follows by several rows stands there as often.
  std::vector<std::vector<std::size_t>> effects_;
  std::vector<bool> is_root_;
};

}  // namespace

State heaviest_state(std::span<const CheckResult> results) {
  return heaviest_state(pointers_to(results));
}

State heaviest_state(std::span<const CheckResult* const> results) {
  if (results.empty()) return State::unknown;
  State heaviest = State::ok;
  for (const CheckResult* result : results) heaviest = worst(heaviest, result->state);
  return heaviest;
}

Lead find_lead(std::span<const CheckResult* const> results) {
  if (results.empty()) return {};
  const State heaviest = heaviest_state(results);
  if (heaviest == State::ok) return {results.front()};
  return Findings(results).lead(heaviest);
}

const CheckResult* root_cause(std::span<const CheckResult> results) {
  return find_lead(pointers_to(results)).result;
}

std::vector<const CheckResult*> pointers_to(std::span<const CheckResult> results) {
  std::vector<const CheckResult*> pointers;
  pointers.reserve(results.size());
  for (const CheckResult& result : results) pointers.push_back(&result);
  return pointers;
}

}  // namespace pgrepl
