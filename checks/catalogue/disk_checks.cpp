// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "checks/catalogue/readings.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

constexpr double kGigabyte = 1024.0 * 1024 * 1024;
constexpr double kWarning = 4 * kGigabyte;
constexpr double kCritical = 5 * kGigabyte;

// --- wal_directory -------------------------------------------------------------------------------

/// What the server's own settings let pg_wal grow to in health moves the limits up, never down.
std::optional<Limits> scaled_limits(const SlowFact<Settings>& settings) {
  if (!settings.value || !settings.value->max_wal_size || !settings.value->wal_keep_size) {
    return std::nullopt;
  }
  const auto expected =
      static_cast<double>(*settings.value->max_wal_size + *settings.value->wal_keep_size);
  return Limits{.warning = above(std::max(kWarning, 1.5 * expected)),
                .critical = above(std::max(kCritical, 2 * expected))};
}

std::string_view cause_of(std::optional<WalHolder> holder) {
  if (!holder) return "";
  return holder == WalHolder::rest ? "write_load" : to_string(*holder);
}

/// What keeps most of it.
std::string explanation(const WalUse& use) {
  if (!use.main) return ", and not all of what keeps it is known";
  const std::string bytes = bytes_text(static_cast<double>(use.by(*use.main).value_or(0)));
  switch (*use.main) {
    case WalHolder::slots:
      return ", slot " + use.slot + " holds back " + bytes + " of it";
    case WalHolder::archive:
      return ", " + bytes + " of it wait for the archiver";
    case WalHolder::wal_keep_size:
      return ", kept by wal_keep_size";
    case WalHolder::checkpoint:
      return ", " + bytes + " of it since the last checkpoint began";
    case WalHolder::rest:
      break;
  }
  return ", most of it kept for reuse";
}

Readings read_wal_directory(const CheckFacts& facts) {
  Readings readings;
  for (std::size_t i = 0; i < facts.snapshot.nodes.size(); ++i) {
    const NodeSnapshot& node = facts.snapshot.nodes[i].postgres;
    if (!node.up()) {
      readings.found.push_back(unknown(node.name, unreachable(node)));
      continue;
    }
    const auto& directory = node.state->wal_directory;
    if (!directory.value) {
      readings.found.push_back(unknown(node.name, not_read(node, "pg_wal", directory.failure)));
      continue;
    }
    const auto bytes = static_cast<double>(directory.value->bytes);
    const WalUse& use = *facts.analysis.nodes[i].wal_use;
    readings.found.push_back({.node = node.name,
                              .object = "",
                              .cause = cause_of(use.main),
                              .summary = "pg_wal of " + node.name + " has " + bytes_text(bytes) +
                                         " in " + std::to_string(directory.value->files) +
                                         " files" + explanation(use),
                              .values = {{.measure = "size",
                                          .value = bytes,
                                          .minimum = 0,
                                          .scaled_defaults = scaled_limits(node.state->settings)}},
                              .names = {{"slot", use.slot}},
                              .other_object = use.main == WalHolder::slots ? use.slot : ""});
  }
  return readings;
}

// --- disk_usage ----------------------------------------------------------------------------------

/// Less than a segment of WAL on a filesystem that has room for several.
bool has_no_room(const Filesystem& filesystem, double percent) {
  constexpr double kSegment = 16.0 * 1024 * 1024;
  return percent >= 99 && filesystem.available < kSegment;
}

/// A full archive stops no server; it only keeps WAL from leaving pg_wal.
std::string_view cause_of(DirectoryPurpose purpose, const Filesystem& filesystem, double percent) {
  if (!has_no_room(filesystem, percent)) return "filling_up";
  return purpose == DirectoryPurpose::archive ? "archive_full" : "full";
}

Reading usage_reading(const std::string& node, const DirectorySpace& directory) {
  const std::string object{to_string(directory.purpose)};
  if (!directory.filesystem) return unknown(node, directory.filesystem.error().message, object);
  const Filesystem& filesystem = *directory.filesystem;
  const double usable = filesystem.used() + filesystem.available;
  if (usable <= 0)
    return unknown(node, directory.path + " lies on a filesystem without a size", object);
  // to a hundredth: more digits tell nobody anything
  const double percent = std::round(10000 * filesystem.used() / usable) / 100;
  return {.node = node,
          .object = object,
          .cause = cause_of(directory.purpose, filesystem, percent),
          .summary = "the " + object + " filesystem of " + node + " is " +
                     humanize(percent, Unit::percent) + " full, " +
                     bytes_text(filesystem.available) + " left",
          .values = {{.measure = "used", .value = percent, .minimum = 0, .maximum = 100}},
          .names = {{"path", directory.path}}};
}

Readings read_disk_usage(const CheckFacts& facts) {
  Readings readings;
  for (std::size_t i = 0; i < facts.snapshot.nodes.size(); ++i) {
    const NodeObservation& seen = facts.snapshot.nodes[i];
    if (!has_host(facts, i, readings)) continue;
    for (const DirectorySpace& directory : seen.host->directories) {
      readings.found.push_back(usage_reading(seen.postgres.name, directory));
    }
  }
  return readings;
}

// --- tables --------------------------------------------------------------------------------------

constexpr MeasureRow kSize[] = {{.id = "size",
                                 .unit = Unit::bytes,
                                 .warning = kWarning,
                                 .critical = kCritical,
                                 .source = "guide: WAL space 5GB recommended; at least 1.5 and 2 "
                                           "times max_wal_size + wal_keep_size"}};
constexpr MeasureRow kUsed[] = {
    {.id = "used",
     .unit = Unit::percent,
     .warning = 80,
     .critical = 90,
     .source = "guide: data space as the primary's + 20 %; the upper limit is ours"}};

constexpr CauseRow kWalDirectoryCauses[] = {
    {.id = "slots",
     .says = "A replication slot holds most of it back.",
     .fix = "see check slot_retention of {node}, slot {slot}\n"
            "psql -c 'SELECT slot_name, active, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) "
            "FROM pg_replication_slots'   # on {node}"},
    {.id = "archive",
     .says = "Most of it waits for the archiver.",
     .fix = "see check archive of {node}"},
    {.id = "wal_keep_size",
     .says = "wal_keep_size keeps most of it for standbys.",
     .fix =
         "psql -c 'SHOW wal_keep_size'   # on {node}: with a slot for each standby it may be less"},
    {.id = "checkpoint",
     .says = "Most of it was written since the last checkpoint began: checkpoints come late.",
     .fix = "psql -c 'SHOW max_wal_size' -c 'SHOW checkpoint_timeout'   # on {node}\n"
            "psql -c 'CHECKPOINT'   # on {node}: it takes a while and writes much\n"
            "never delete files in pg_wal by hand"},
    {.id = "write_load",
     .says = "Nothing needs most of it: files are kept for reuse after a burst of writes.",
     .fix =
         "psql -c 'SHOW max_wal_size' -c 'SHOW min_wal_size'   # on {node}: pg_wal shrinks again "
         "with the next checkpoints\n"
         "never delete files in pg_wal by hand: a CHECKPOINT removes what is not needed"}};
constexpr CauseRow kDiskUsageCauses[] = {
    {.id = "full",
     .says = "There is no room for another WAL file: a server that needs one stops, and does not "
             "start again before there is.",
     .fix = "df -h {path}   # on {node}\n"
            "make room outside of pg_wal, or extend the filesystem; never delete files in pg_wal\n"
            "psql -c 'SELECT pg_is_in_recovery()'   # on each other node, if {node} was primary: f "
            "means that it was promoted meanwhile; then do not start {node} as it is, see check "
            "replication of {node}\n"
            "pcs resource cleanup   # under Pacemaker, which then starts {node} itself\n"
            "systemctl start 'postgresql@*'   # on {node}, without Pacemaker: if it was a standby, "
            "or no other node is primary"},
    {.id = "archive_full",
     .says = "There is no room for another WAL file in the archive: archive_command fails, and "
             "pg_wal keeps what cannot be archived.",
     .fix = "df -h {path}   # on {node}\n"
            "pg_archivecleanup -n {path} OLDEST.backup   # on {node}: lists the WAL before the "
            "oldest base backup that you keep; without -n it goes, for good\n"
            "or extend the filesystem; once there is room the archiver goes on by itself: see "
            "check archive of {node}"},
    {.id = "filling_up",
     .says = "The filesystem runs full: PostgreSQL stops when it cannot write WAL, and keeps WAL "
             "that it cannot archive.",
     .fix = "df -h {path}   # on {node}\n"
            "du -xsh {path}/*   # on {node}: what grows?\n"
            "never delete files in pg_wal by hand; see checks slot_retention and archive"}};

}  // namespace

constexpr CheckRow kWalDirectory{.id = "wal_directory",
                                 .title = "Size of pg_wal",
                                 .question = "Why does the WAL disk fill?",
                                 .topic = Topic::disk,
                                 .hold = {.seconds = 0, .polls = 1},
                                 .measures = kSize,
                                 .causes = kWalDirectoryCauses,
                                 .source = "guide: storage requirements",
                                 .read = read_wal_directory};

constexpr CheckRow kDiskUsage{.id = "disk_usage",
                              .title = "Filesystems of data, WAL and archive",
                              .question = "How much room is left?",
                              .topic = Topic::disk,
                              .hold = {.seconds = 0, .polls = 1},
                              .measures = kUsed,
                              .causes = kDiskUsageCauses,
                              .source = "guide: storage requirements",
                              .read = read_disk_usage};

static_assert(row_rules::is_sound(kWalDirectory));
static_assert(row_rules::is_sound(kDiskUsage));

}  // namespace pgrepl::catalogue
