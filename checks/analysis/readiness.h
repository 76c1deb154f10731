// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "checks/analysis/memory.h"
#include "checks/model/cluster_policy.h"
#include "checks/model/cluster_snapshot.h"

namespace pgrepl {

struct ClusterAnalysis;

/// Why a standby should not be promoted now, what weighs most first.
enum class Hindrance {
  unreachable,         ///< it does not answer
  other_system,        ///< it is no copy of the primary
  other_major,         ///< it runs another major version
  not_streaming,       ///< nothing arrives: what is committed meanwhile would be lost
  not_synchronous,     ///< commits do not wait for it although they should wait for one
  behind,              ///< it would have to replay for long before it takes writes
  commits_would_hang,  ///< its own synchronous_standby_names asks for who would not be there
  would_be_async,      ///< its own synchronous_standby_names is empty, and expect_sync is required
  disk_full,           ///< its data or WAL filesystem has hardly any room
};

inline constexpr std::array kHindrances{
    Hindrance::unreachable,   Hindrance::other_system,       Hindrance::other_major,
    Hindrance::not_streaming, Hindrance::not_synchronous,    Hindrance::behind,
    Hindrance::disk_full,     Hindrance::commits_would_hang, Hindrance::would_be_async};

/// By Hindrance; also the ids of the check's causes.
constexpr std::string_view to_string(Hindrance hindrance) {
  constexpr std::array<std::string_view, 9> kNames{
      "unreachable", "other_system",       "other_major",    "not_streaming", "not_synchronous",
      "behind",      "commits_would_hang", "would_be_async", "disk_full"};
  return kNames[static_cast<std::size_t>(hindrance)];
}

/// A standby that had to replay for longer would miss the guide's 25 s from fault to service.
inline constexpr Seconds kReplayBudget{25};

/// Could we fail over now?
struct Readiness {
  /// The standby that is hindered least; absent: there is no one primary, or no standby.
  std::optional<std::size_t> candidate;
  std::vector<Hindrance> hindrances;     ///< of the candidate; none: it could take over
  std::optional<Seconds> not_ready_for;  ///< by our clock; absent while ready, or just seen
  bool is_hidden = false;  ///< whom the candidate follows, or whether commits wait for it

  /// Absent: there is no candidate, or what decides is hidden.
  std::optional<bool> ready() const {
    if (!candidate || is_hidden) return std::nullopt;
    return hindrances.empty();
  }

  bool operator==(const Readiness&) const = default;
};

/// Concludes `all.readiness` from what else is concluded; to be called last.  Pure.
void conclude_readiness(ClusterAnalysis& all, const ClusterSnapshot& now,
                        const ClusterMemory& memory, const ClusterPolicy& policy);

/// Remembers since when no standby could take over.  A poll that cannot tell changes nothing.
void note_readiness(ClusterMemory& memory, const ClusterAnalysis& all, SteadyTime now);

}  // namespace pgrepl
