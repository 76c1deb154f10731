// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>

#include "checks/analysis/cluster_analysis.h"
#include "tests/unit/analysis/pair_world.h"
#include "tests/unit/analysis/proofs.h"
#include "tests/unit/analysis/truth.h"

namespace pgrepl::test {

/// An exporter beside a pair: it polls as the poller does, and folds and concludes with what the
/// daemon folds and concludes with.  It ends and starts again, and its clocks are not the servers'.
class Watcher {
 public:
  /// `cap`: how many samples a clock of it may keep.
  Watcher(Dice& dice, PairWorld& world, Tally& tally, std::size_t cap);

  /// One poll; true time passes.  What is wrong with what is published; empty: nothing.
  std::string poll();

  /// Its calendar is set, or it is restarted, or its whole machine.
  void strike();

 private:
  struct Stored {
    std::string text;
    Instant at;
  };

  SteadyTime steady(Moment at) const {
    return SteadyTime(std::chrono::microseconds(at + steady_offset_));
  }
  Instant instant(Moment at) const;

  void look_at_both();
  void complete_truth();
  Span plan(Moment not_before);
  void look(std::size_t node, Span at);
  NodeState answer(const TrueServer& server, Span at) const;

  void join_late_memory();
  std::string complaint(const ClusterAnalysis& published);
  std::string complaint_about_sharpness(const LagBounds& lag) const;
  void note_proofs(Moment taken);
  void thin();

  void set_calendar();
  void restart();
  void reboot(Moment away, Instant end);
  void wake_up(const Stored& stored);

  Dice& dice_;
  PairWorld& world_;
  Tally& tally_;
  std::size_t cap_;
  Moment steady_offset_, wall_offset_;

  ClusterPolicy policy_;
  ClusterSnapshot snapshot_;
  ClusterMemory memory_;
  std::optional<Stored> stored_;              ///< as it was at some time before
  std::optional<ClusterMemory> late_memory_;  ///< in a store that could not be read at first
  std::optional<Instant> first_poll_;

  std::optional<Truth> truth_;  ///< of the standby that this poll has read
  std::optional<Span> primary_at_;
  std::int64_t primary_position_ = 0;

  Proofs proofs_;      ///< all that it has ever read
  bool exact_ = true;  ///< nothing has happened that may widen a bracket
  bool thinned_ = false, restarted_ = false;
  std::string fault_;
};

}  // namespace pgrepl::test
