// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pgrepl::test {

/// What happened to a pair and its exporters, and under which circumstances a standby's lag was
/// published.
enum class Seen {
  idle,
  burst,
  four_gigabytes,
  replay_paused,
  receiver_died,
  receiver_back,
  sender_fell_silent,
  standby_restarted,
  standby_unreachable,
  primary_unreachable,
  server_clock_jumped,
  promotion,
  second_promotion,
  old_primary_lives_on,
  old_primary_rewound,
  old_primary_diverged,
  old_primary_follows,
  exporter_calendar_jumped,
  exporter_restarted,
  machine_rebooted,
  memory_lost,
  store_read_late,
  thinned,
  // published of a standby
  caught_up,
  late,
  late_and_paused,
  late_without_receiver,
  late_with_silent_sender,
  late_across_four_gigabytes,
  late_by_less_to_lose,
  without_upper_bound,
  estimated_by_commit,
  estimated_wrongly_by_skew,
  only_heard_of_the_primary,
  heard_all_but_late,
  nobody_has_looked,
  on_a_new_timeline,
  bounded_by_the_old_timeline,
  diverged,
  read_before_the_primary,
  after_a_restart,
  after_thinning,
  as_sharp_as_can_be,
  kCount
};

inline constexpr std::array<std::string_view, static_cast<std::size_t>(Seen::kCount)> kSeenNames{
    "idle",
    "burst",
    "four_gigabytes",
    "replay_paused",
    "receiver_died",
    "receiver_back",
    "sender_fell_silent",
    "standby_restarted",
    "standby_unreachable",
    "primary_unreachable",
    "server_clock_jumped",
    "promotion",
    "second_promotion",
    "old_primary_lives_on",
    "old_primary_rewound",
    "old_primary_diverged",
    "old_primary_follows",
    "exporter_calendar_jumped",
    "exporter_restarted",
    "machine_rebooted",
    "memory_lost",
    "store_read_late",
    "thinned",
    "caught_up",
    "late",
    "late_and_paused",
    "late_without_receiver",
    "late_with_silent_sender",
    "late_across_four_gigabytes",
    "late_by_less_to_lose",
    "without_upper_bound",
    "estimated_by_commit",
    "estimated_wrongly_by_skew",
    "only_heard_of_the_primary",
    "heard_all_but_late",
    "nobody_has_looked",
    "on_a_new_timeline",
    "bounded_by_the_old_timeline",
    "diverged",
    "read_before_the_primary",
    "after_a_restart",
    "after_thinning",
    "as_sharp_as_can_be"};

/// How often what was seen, so that a test can prove that it tested something.
struct Tally {
  std::array<std::int64_t, static_cast<std::size_t>(Seen::kCount)> counts{};

  void count(Seen what, bool really = true) { counts[static_cast<std::size_t>(what)] += really; }
  void add(const Tally& other) {
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
  }
};

}  // namespace pgrepl::test
