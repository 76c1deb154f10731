// SPDX-License-Identifier: Apache-2.0
// WAL directory, archive and filesystems.
#include <stdexcept>

#include "tests/cluster/faults/scenario.h"
#include "tests/support/temp_directory.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

constexpr const char* kA1 = kPrimaryName;

/// The standby takes all that WAL, too: its own pg_wal grows as well.
const Changes kSoDoesTheStandbys{"wal_directory@wallix-a2=WARNING|CRITICAL"};

void archive_with(Stage& stage, const std::string& command) {
  stage.primary().set("archive_command", command);
  stage.primary().reload();
}

std::string copy(Stage& stage) { return "cp %p " + stage.primary().archive().string() + "/%f"; }

/// What the scenarios of a big pg_wal call too much.
constexpr const char* kBig = "wal_directory = { warning = \"96MB\", critical = \"200MB\" }\n";

bool has_small_directory(PostgresServer& server) {
  return server.sql().value("select sum(size) < 90 * 1024 * 1024 from pg_ls_waldir()") == "t";
}

/// Once nothing keeps it any more, old WAL goes with a checkpoint: of the primary, and then of the
/// standby.  By the usual settings they would keep most of the files for what comes next.
void shrink_directories(Stage& stage) {
  for (PostgresServer* node : {&stage.primary(), &stage.standby()}) {
    node->set({{"max_wal_size", "48MB"}, {"min_wal_size", "32MB"}, {"wal_keep_size", "16MB"}});
    node->reload();
  }
  const auto are_small = [&] {
    stage.write_wal(1);
    for (PostgresServer* node : {&stage.primary(), &stage.standby()})
      node->sql().execute("checkpoint");
    return has_small_directory(stage.primary()) && has_small_directory(stage.standby());
  };
  if (!wait_until(are_small, kServerPatience)) throw std::runtime_error("pg_wal stays big");
}

std::filesystem::path signal_to_go_on(Stage& stage) { return stage.primary().archive() / "go_on"; }

/// Waits for the signal as long as there is an archive at all, then copies.
std::string hanging_copy(Stage& stage) {
  return "while test -d " + stage.primary().archive().string() + " && ! test -e " +
         signal_to_go_on(stage).string() + "; do sleep 0.2; done; " + copy(stage);
}

void let_copies_go_on(Stage& stage) { write_file(signal_to_go_on(stage), ""); }

}  // namespace

std::vector<Scenario> disk_faults() {
  return {
      {.name = "wal_directory_grows",
       .story = "pg_wal grows beyond its limit while a slot holds it",
       .stage = {.thresholds = kBig},
       .inject =
           [](Stage& stage) {
             stage.primary().sql().execute(
                 "select pg_create_physical_replication_slot('hoarder', true)");
             stage.write_wal(16);
           },
       .must = {{"wal_directory", kA1, 2, "slots"}},
       .may = kSoDoesTheStandbys,
       .words = {"pg_wal of wallix-a1", "slot hoarder holds back"},
       .polls = 12,
       .heal =
           [](Stage& stage) {
             stage.primary().sql().execute("select pg_drop_replication_slot('hoarder')");
             shrink_directories(stage);
           }},
      {.name = "wal_directory_held_by_archiver",
       .story = "pg_wal grows beyond its limit because archive_command fails",
       .stage = {.thresholds = kBig},
       .inject =
           [](Stage& stage) {
             archive_with(stage, "false");
             stage.write_wal(16);
           },
       .must = {{"wal_directory", kA1, 2, "archive"}},
       .may = kSoDoesTheStandbys,
       .words = {"pg_wal of wallix-a1", "wait for the archiver"},
       .polls = 12,
       .heal =
           [](Stage& stage) {
             archive_with(stage, copy(stage));
             shrink_directories(stage);
           }},
      {.name = "wal_directory_kept_by_setting",
       .story = "pg_wal grows beyond its limit because wal_keep_size keeps it",
       .stage = {.settings = {{"wal_keep_size", "512MB"}}, .thresholds = kBig},
       .inject = [](Stage& stage) { stage.write_wal(16); },
       .must = {{"wal_directory", kA1, 2, "wal_keep_size"}},
       .may = kSoDoesTheStandbys,
       .words = {"pg_wal of wallix-a1", "kept by wal_keep_size"},
       .polls = 12,
       .heal = shrink_directories},
      {.name = "wal_directory_before_a_checkpoint",
       .story = "pg_wal grows beyond its limit because no checkpoint comes",
       .stage = {.settings = {{"max_wal_size", "4GB"}}, .thresholds = kBig},
       .inject = [](Stage& stage) { stage.write_wal(16); },
       .must = {{"wal_directory", kA1, 2, "checkpoint"}},
       .may = kSoDoesTheStandbys,
       .words = {"pg_wal of wallix-a1", "since the last checkpoint began"},
       .polls = 12,
       .heal = shrink_directories},
      {.name = "disk_nearly_full",
       .story = "the filesystem of the archive is 95 % full",
       .stage = {.small_archive = true},
       .inject = [](Stage& stage) { stage.fill_archive(0.95); },
       .must = {{"disk_usage", kA1, 2, "filling_up", "archive"}},
       .words = {"archive filesystem of wallix-a1", "full"},
       .polls = 21,
       .heal = [](Stage& stage) { stage.fill_archive(0.1); }},
      {.name = "archive_never_worked",
       .story = "nothing was ever archived, and archive_command fails",
       .stage = {.thresholds = "archive.trouble = { warning = \"2s\", critical = \"1h\" }\n"},
       .inject =
           [](Stage& stage) {
             archive_with(stage, "false");
             stage.primary().sql().execute("select pg_stat_reset_shared('archiver')");
             stage.write_wal(2);
           },
       .must = {{"archive", kA1, 1, "command_fails"}},
       .words = {"archiving on wallix-a1 fails"},
       .polls = 15,
       .heal =
           [](Stage& stage) {
             archive_with(stage, copy(stage));
             stage.write_wal(1);
           }},
      {.name = "archive_backlog",
       .story = "archive_command hangs, and WAL files wait for it",
       .stage = {.thresholds = "archive.backlog = { warning = 2, critical = 256 }\n"},
       .inject =
           [](Stage& stage) {
             archive_with(stage, hanging_copy(stage));
             stage.write_wal(6);
           },
       .must = {{"archive", kA1, 1, "backlog"}},
       .words = {"archiving on wallix-a1: the last file was done", "files wait"},
       .polls = 15,
       .heal = let_copies_go_on},
      {.name = "archive_stalled",
       .story = "archive_command hangs for longer than a file may take",
       .stage = {.thresholds = "archive.trouble = { warning = \"1s\", critical = \"1h\" }\n"},
       .inject =
           [](Stage& stage) {
             archive_with(stage, hanging_copy(stage));
             stage.write_wal(2);
           },
       .must = {{"archive", kA1, 1, "stalled"}},
       .words = {"archiving on wallix-a1 stands still, the last file was done", "files wait"},
       .polls = 90,
       .heal = let_copies_go_on},
      {.name = "archive_command_fails",
       .story = "archive_command begins to fail",
       .stage = {.thresholds = "archive.trouble = { warning = \"2s\", critical = \"1h\" }\n"},
       .inject =
           [](Stage& stage) {
             archive_with(stage, "false");
             stage.write_wal(2);
           },
       .must = {{"archive", kA1, 1, "command_fails"}},
       .words = {"archiving on wallix-a1 fails"},
       .polls = 15,
       .heal =
           [](Stage& stage) {
             archive_with(stage, copy(stage));
             stage.write_wal(1);
           }},
  };
}

}  // namespace pgrepl::test
