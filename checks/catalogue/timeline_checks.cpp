// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/history.h"
#include "checks/catalogue/readings.h"
#include "checks/catalogue/rejoin.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

const NodeSnapshot& primary_of(const CheckFacts& facts, const TimelineAnalysis& timeline) {
  return facts.snapshot.nodes[timeline.primary].postgres;
}

std::string on_timeline(const std::string& node, const std::optional<std::uint32_t>& timeline) {
  return node + " is on timeline " + (timeline ? std::to_string(*timeline) : "?");
}

std::string own_wal_text(const TimelineAnalysis& timeline) {
  const auto text = [](std::int64_t bytes) { return bytes_text(static_cast<double>(bytes)); };
  if (!timeline.own_at_most) return "at least " + text(timeline.own_at_least.value_or(0));
  if (timeline.own_at_least == timeline.own_at_most) return text(*timeline.own_at_most);
  return text(*timeline.own_at_least) + " to " + text(*timeline.own_at_most);
}

std::string_view fork_cause(const TimelineAnalysis& timeline) {
  if (timeline.rejoin == RejoinWay::rewind) return "fork_rewind";
  if (timeline.rejoin == RejoinWay::base_backup) return "fork_base_backup";
  return "fork";
}

Reading forked(const CheckFacts& facts, std::size_t i, const TimelineAnalysis& timeline) {
  const std::string& node = facts.snapshot.nodes[i].postgres.name;
  std::string summary = on_timeline(node, timeline.timeline) + " with " + own_wal_text(timeline) +
                        " of WAL that " + primary_of(facts, timeline).name + " does not have";
  if (timeline.fork) summary += "; " + fork_text(timeline.fork);
  if (timeline.rejoin) summary += "; " + std::string{rejoin_text(*timeline.rejoin)};
  return {.node = node,
          .object = "",
          .cause = fork_cause(timeline),
          .summary = std::move(summary),
          .names = rejoin_names(facts, i)};
}

Reading primary_behind(const CheckFacts& facts, const NodeSnapshot& node,
                       const TimelineAnalysis& timeline) {
  const NodeSnapshot& primary = primary_of(facts, timeline);
  return {.node = node.name,
          .object = "",
          .cause = "primary_behind",
          .summary = on_timeline(primary.name, primary.state->timeline) + ", but " + node.name +
                     " has been on timeline " + std::to_string(*timeline.timeline) + ": " +
                     primary.name + " lies behind the fork; " + fork_text(timeline.fork)};
}

Reading no_fork(const CheckFacts& facts, const NodeSnapshot& node,
                const TimelineAnalysis& timeline) {
  const NodeSnapshot& primary = primary_of(facts, timeline);
  std::string summary = on_timeline(node.name, timeline.timeline);
  if (timeline.descent == Descent::same) {
    summary += ", as " + primary.name;
  } else {
    summary += ", and timeline " + std::to_string(*primary.state->timeline) + " of " +
               primary.name + " goes on from it";
  }
  return {.node = node.name, .object = "", .summary = std::move(summary)};
}

std::string why_unknown(const CheckFacts& facts, const NodeSnapshot& node,
                        const TimelineAnalysis& timeline) {
  const NodeSnapshot& primary = primary_of(facts, timeline);
  const auto same = same_system(*node.state, *primary.state);
  if (same == false) return node.name + " and " + primary.name + " are of different systems";
  if (!same) return no_system_identifier(node.state->system_identifier ? primary : node);
  if (timeline.timeline == primary.state->timeline) {
    return node.name + " and " + primary.name + " were both promoted to timeline " +
           std::to_string(*timeline.timeline);
  }
  std::string text = on_timeline(node.name, timeline.timeline);
  if (timeline.position) text += " at " + to_string(*timeline.position);
  return text + ", " + on_timeline(primary.name, primary.state->timeline) + ", and " +
         fork_text(timeline.fork);
}

Reading timeline_reading(const CheckFacts& facts, std::size_t i, const NodeSnapshot& node) {
  const auto& timeline = facts.analysis.nodes[i].timeline;
  if (timeline && timeline->descent == Descent::ahead) {
    return primary_behind(facts, node, *timeline);
  }
  if (!node.up()) return unknown(node.name, unreachable(node));
  // What is remembered of the primary keeps the lag, but is no sight of this poll.
  const NodeSnapshot& primary = facts.snapshot.nodes[*facts.analysis.primary()].postgres;
  if (!primary.state->timeline || !timeline) return unknown(node.name, no_timeline(primary));
  if (!node.state->timeline) return unknown(node.name, no_timeline(node));
  if (timeline->descent == Descent::forked) return forked(facts, i, *timeline);
  if (timeline->descent != Descent::unknown) return no_fork(facts, node, *timeline);
  return unknown(node.name, why_unknown(facts, node, *timeline));
}

Readings read_timeline(const CheckFacts& facts) {
  Readings readings;
  const auto nobody = no_single_primary(facts);
  each_standby(facts, [&](std::size_t i, const NodeSnapshot& node) {
    readings.found.push_back(nobody ? unknown(node.name, *nobody)
                                    : timeline_reading(facts, i, node));
  });
  for_primaries(facts, readings);
  return readings;
}

constexpr CauseRow kCauses[] = {
    {.id = "fork_rewind",
     .state = State::critical,
     .says = "The node has WAL that the primary's history lacks, as an old primary has after a "
             "failover. That is the guide's 'timeline X not found': the node's log says that its "
             "timeline is not in this server's history. pg_rewind can take that WAL back.",
     .fix = kRewindFix},
    {.id = "fork_base_backup",
     .state = State::critical,
     .says = "The node has WAL that the primary's history lacks, and pg_rewind refuses it, for it "
             "has neither data checksums nor wal_log_hints. That is the guide's 'timeline X not "
             "found': the node's log says that its requested timeline is not in this server's "
             "history, which no restart changes.",
     .fix = kBaseBackupFix},
    {.id = "fork",
     .state = State::critical,
     .says = "The node has WAL that the primary's history lacks; whether pg_rewind works on it is "
             "not known. That is the guide's 'timeline X not found': the node's log says that its "
             "requested timeline is not in this server's history, or that the primary's highest "
             "timeline is behind its own, and it asks again in vain until it is rebuilt.",
     .fix = kRewindOrBaseBackupFix},
    {.id = "primary_behind",
     .state = State::critical,
     .says = "A node has been on a later timeline than the primary: an old primary came back after "
             "another node had been promoted. Its log says that the primary's highest timeline is "
             "behind the recovery timeline; what was written after the promotion is not there.",
     .fix =
         "stop clients first: what they write to {primary} and what was written to {node} cannot "
         "be joined later\n"
         "psql -c 'SELECT pg_walfile_name(pg_current_wal_lsn())'   # on {primary}: the first 8 "
         "digits are its timeline\n"
         "decide which history is kept; the other node comes back by pg_rewind or pg_basebackup"},
};

}  // namespace

constexpr CheckRow kTimeline{.id = "timeline",
                             .title = "The standby's timeline descends from the primary's",
                             .question = "Do the nodes share one history?",
                             .topic = Topic::replication,
                             .hold = {.seconds = 15, .polls = 1},
                             .causes = kCauses,
                             .source = "guide: timeline mismatch after failover",
                             .read = read_timeline};

static_assert(row_rules::is_sound(kTimeline));

}  // namespace pgrepl::catalogue
