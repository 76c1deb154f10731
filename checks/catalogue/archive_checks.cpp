// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/archive_trouble.h"
#include "checks/catalogue/readings.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

Reading archive_reading(const NodeSnapshot& node, const NodeAnalysis& seen) {
  const NodeState& state = *node.state;
  if (!state.archiver.value) {
    return unknown(node.name, not_read(node, "pg_stat_archiver", state.archiver.failure));
  }
  Reading reading{.node = node.name,
                  .object = "",
                  .cause = "backlog",
                  .summary = "archiving on " + node.name + " works"};
  const Seconds trouble = seen.archive_trouble_for.value_or(Seconds{0});
  reading.values.push_back({.measure = "trouble", .value = trouble.count(), .minimum = 0});
  if (last_attempt_failed(*state.archiver.value)) {
    reading.cause = "command_fails";
    reading.summary = "archiving on " + node.name + " fails since " + time_text(trouble);
    if (const auto& wal = state.archiver.value->last_failed_wal)
      reading.summary += ", last on " + *wal;
  }
  if (state.archive_status.value) {
    const std::int64_t files = state.archive_status.value->ready_files;
    if (files > 0) reading.summary += ", " + std::to_string(files) + " files wait";
    reading.values.push_back(
        {.measure = "backlog", .value = static_cast<double>(files), .minimum = 0});
  } else if (trouble.count() == 0) {
    Because why = not_read(node, "the list of files that wait", state.archive_status.failure);
    reading.unknown_because = std::move(why.text);
    reading.other_node = std::move(why.node);
  }
  return reading;
}

Readings read_archive(const CheckFacts& facts) {
  Readings readings;
  for (std::size_t i = 0; i < facts.snapshot.nodes.size(); ++i) {
    const NodeSnapshot& node = facts.snapshot.nodes[i].postgres;
    if (!node.up()) {
      is_open_primary(facts, i, readings);
      continue;
    }
    if (!node.state->settings.value) {
      readings.found.push_back(
          unknown(node.name, not_read(node, "archive_mode", node.state->settings.failure)));
    } else if (const auto reason = nothing_to_archive(*node.state)) {
      readings.absent.push_back({.node = node.name, .reason = std::string{*reason}});
    } else {
      readings.found.push_back(archive_reading(node, facts.analysis.nodes[i]));
    }
  }
  return readings;
}

constexpr MeasureRow kMeasures[] = {{.id = "trouble",
                                     .unit = Unit::seconds,
                                     .warning = 300,
                                     .critical = 900,
                                     .source = "guide: archive settings; the times are ours"},
                                    {.id = "backlog",
                                     .unit = Unit::count,
                                     .warning = 64,
                                     .critical = 256,
                                     .source = "ours: 1 GB and 4 GB of WAL in 16 MB segments"}};

constexpr CauseRow kCauses[] = {
    {.id = "command_fails",
     .says = "The archive command fails; WAL stays in pg_wal until it works.",
     .fix =
         "psql -c 'SELECT last_failed_wal, last_failed_time FROM pg_stat_archiver'   # on {node}\n"
         "grep -i archive /var/log/postgresql/*.log | tail -n 20   # on {node}: what the command "
         "says\n"
         "df -h   # on {node}: is the archive directory full, missing, or not writable for "
         "postgres?"},
    {.id = "backlog",
     .says = "The archive command works, but slower than WAL is written.",
     .fix =
         "psql -c 'SHOW archive_command'   # on {node}: run it by hand with time\n"
         "compare pgrepl_archive_backlog_files with pgrepl_wal_generation_rate_bytes_per_second"}};

}  // namespace

constexpr CheckRow kArchive{.id = "archive",
                            .title = "WAL is archived",
                            .question = "Is the archive complete?",
                            .topic = Topic::archive,
                            .hold = {.seconds = 0, .polls = 1},
                            .measures = kMeasures,
                            .causes = kCauses,
                            .source = "guide: archive settings",
                            .read = read_archive};

static_assert(row_rules::is_sound(kArchive));

}  // namespace pgrepl::catalogue
