// SPDX-License-Identifier: Apache-2.0
#include "checks/catalogue/readings.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

/// Below, a filesystem has so much room that nobody needs a forecast.
constexpr double kRoomy = 0.6;

bool holds_wal(const HostSnapshot& host, const DirectorySpace& directory) {
  if (directory.purpose == DirectoryPurpose::wal) return true;
  for (const DirectorySpace& other : host.directories) {
    const bool is_wal = other.purpose == DirectoryPurpose::wal;
    if (is_wal && other.filesystem && *other.filesystem == *directory.filesystem) return true;
  }
  return false;
}

/// What fills the filesystem that holds pg_wal, if something keeps it.
std::string_view filler(const NodeAnalysis& node) {
  if (!node.wal_use) return "filling_up";
  if (node.wal_use->main == WalHolder::slots) return "slots";
  return node.wal_use->main == WalHolder::archive ? "archive" : "filling_up";
}

/// The same as the end of a sentence; empty if nothing is known to keep WAL.
std::string filler_text(std::string_view filler, const NodeAnalysis& node) {
  if (filler == "slots") return ": slot " + node.wal_use->slot + " keeps WAL";
  return filler == "archive" ? ": WAL waits for the archiver" : "";
}

/// `why` is filler_text().
std::string outlook(double used_share, const DiskForecast& forecast, const std::string& why) {
  if (used_share <= kRoomy) return ", room enough";
  if (forecast.full_in) {
    return " and will be full in about " + time_text(*forecast.full_in) +
           (why.empty() ? " at this rate" : why);
  }
  if (forecast.watched < DiskHistory::kShortestWindow) {
    return ", watched for " + time_text(forecast.watched) + ", too short for a forecast";
  }
  return " and not filling up in sight";
}

Reading eta_reading(const NodeObservation& node, const NodeAnalysis& seen, std::size_t i) {
  const DirectorySpace& directory = node.host->directories[i];
  const DiskForecast& forecast = seen.disks[i];
  const std::string& name = node.postgres.name;
  const std::string object{to_string(directory.purpose)};
  if (!directory.filesystem) return unknown(name, directory.filesystem.error().message, object);
  const Filesystem& filesystem = *directory.filesystem;
  const double usable = filesystem.used() + filesystem.available;
  if (usable <= 0)
    return unknown(name, directory.path + " lies on a filesystem without a size", object);
  const double share = filesystem.used() / usable;
  const std::string_view cause = holds_wal(*node.host, directory) ? filler(seen) : "filling_up";
  Reading reading{.node = name,
                  .object = object,
                  .cause = cause,
                  .summary = "the " + object + " filesystem of " + name + " is " +
                             humanize(share, Unit::ratio) + " full" +
                             outlook(share, forecast, filler_text(cause, seen)),
                  .names = {{"path", directory.path},
                            {"slot", seen.wal_use ? seen.wal_use->slot : std::string{}}}};
  if (reading.cause == "slots") reading.other_object = seen.wal_use->slot;
  if (share > kRoomy && forecast.full_in) {
    reading.values.push_back({.measure = "eta", .value = forecast.full_in->count(), .minimum = 0});
  }
  return reading;
}

Readings read_disk_full_eta(const CheckFacts& facts) {
  Readings readings;
  for (std::size_t i = 0; i < facts.snapshot.nodes.size(); ++i) {
    const NodeObservation& node = facts.snapshot.nodes[i];
    if (!has_host(facts, i, readings)) continue;
    for (std::size_t d = 0; d < node.host->directories.size(); ++d) {
      readings.found.push_back(eta_reading(node, facts.analysis.nodes[i], d));
    }
  }
  return readings;
}

constexpr MeasureRow kEta[] = {
    {.id = "eta",
     .unit = Unit::seconds,
     .bad = BadSide::below,
     .warning = 24 * 3600,
     .critical = 4 * 3600,
     .source = "ours: a working day to react, or half a night; only beyond 60 % used, and watched "
               "filling up for at least half an hour and an eighth of the forecast"}};

constexpr CauseRow kCauses[] = {
    {.id = "slots",
     .says = "A replication slot keeps WAL, and pg_wal grows until the filesystem is full.",
     .fix = "see checks slot_active and slot_retention of {node}, slot {slot}\n"
            "df -h {path}   # on {node}"},
    {.id = "archive",
     .says = "WAL waits for the archiver, and pg_wal grows until the filesystem is full.",
     .fix = "see check archive of {node}\n"
            "df -h {path}   # on {node}"},
    {.id = "filling_up",
     .says = "The filesystem has been filling up steadily, and goes on like that.",
     .fix =
         "du -xh --max-depth=2 {path} | sort -h | tail   # on {node}: what grows?\n"
         "never delete files in pg_wal by hand; make room elsewhere, or enlarge the filesystem"}};

}  // namespace

constexpr CheckRow kDiskFullEta{.id = "disk_full_eta",
                                .title = "When the filesystems will be full",
                                .question = "How long do I have?",
                                .topic = Topic::disk,
                                .hold = {.seconds = 0, .polls = 1},
                                .measures = kEta,
                                .causes = kCauses,
                                .source = "guide: WAL segments accumulating",
                                .read = read_disk_full_eta};

static_assert(row_rules::is_sound(kDiskFullEta));

}  // namespace pgrepl::catalogue
