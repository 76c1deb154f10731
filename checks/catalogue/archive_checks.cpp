// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/archive_trouble.h"
#include "checks/catalogue/readings.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

struct Condition {
  std::string_view cause;
  std::string summary;
};

/// When the archiver last finished a file, as the end of a sentence.
std::string last_done(const StatArchiverRow& archiver) {
  return archiver.last_archived_age
             ? "the last file was done " + time_text(*archiver.last_archived_age) + " ago"
             : "no file was ever done";
}

Condition condition_of(const std::string& name, const NodeState& state, Seconds trouble) {
  const StatArchiverRow& archiver = *state.archiver.value;
  const std::string archiving = "archiving on " + name;
  if (last_attempt_failed(archiver)) {
    const std::string last =
        archiver.last_failed_wal ? ", last on " + *archiver.last_failed_wal : "";
    return {"command_fails", archiving + " fails since " + time_text(trouble) + last};
  }
  if (trouble.count() > 0) return {"stalled", archiving + " stands still, " + last_done(archiver)};
  const bool waits = state.archive_status.value && state.archive_status.value->ready_files > 0;
  // whether it works on the one that waits shows only once that is done
  return {"backlog", waits ? archiving + ": " + last_done(archiver) : archiving + " works"};
}

Reading archive_reading(const NodeSnapshot& node, const NodeAnalysis& seen) {
  const NodeState& state = *node.state;
  if (!state.archiver.value) {
    return unknown(node.name, not_read(node, "pg_stat_archiver", state.archiver.failure));
  }
  const Seconds trouble = seen.archive_trouble_for.value_or(Seconds{0});
  Condition condition = condition_of(node.name, state, trouble);
  Reading reading{.node = node.name,
                  .object = "",
                  .cause = condition.cause,
                  .summary = std::move(condition.summary)};
  reading.values.push_back({.measure = "trouble", .value = trouble.count(), .minimum = 0});
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
    {.id = "stalled",
     .says =
         "The archive command does not come to an end, or the archiver does not run; WAL stays in "
         "pg_wal until it does.",
     .fix =
         "ps -o pid,etime,args -C postgres | grep archiver   # on {node}: what it archives, and "
         "since when\n"
         "pstree -a -p $(pgrep -f 'postgres: .*archiver')   # on {node}: the command that hangs\n"
         "df -h   # on {node}: a mount of the archive that does not answer hangs this, too"},
    {.id = "backlog",
     .says = "WAL is written faster than the archive command takes it.",
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
