// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "checks/base/text.h"
#include "exporter/publish/terminal_view.h"
#include "exporter/publish/text_table.h"
#include "tests/golden/golden_file.h"
#include "tests/support/cluster_builder.h"
#include "tests/support/situations.h"

// What `pgrepl_exporter status` prints, against committed files.
namespace pgrepl {
namespace {

using test::ClusterBuilder;

std::string view_of(const ClusterReport& report) { return terminal_view({&report, 1}, {}, {}); }

/// Lines that are neither commands nor within the width.
std::string too_wide(const std::string& view) {
  std::string wide;
  std::string_view rest{view};
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    const bool is_command = line.find(" > ") < 12;
    if (!is_command && width_of(line) > 80) wide += std::string{line} + "\n";
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return wide;
}

void expect_golden_view(const std::string& name, const ClusterReport& report) {
  const std::string view = view_of(report);
  EXPECT_EQ(too_wide(view), "");
  test::expect_golden(name + ".status", view);
}

HostSnapshot a_machine() {
  const Filesystem filesystem{.mountpoint = "/", .size = 1e11, .free = 6e10, .available = 5.5e10};
  return {.directories = {{.purpose = DirectoryPurpose::data,
                           .path = "/var/lib/postgresql/15/main",
                           .filesystem = filesystem},
                          {.purpose = DirectoryPurpose::archive,
                           .path = "/var/lib/postgresql/archive",
                           .filesystem = Failed{Failure{FailureClass::permission,
                                                        "filesystem: permission denied"}}}}};
}

TEST(TerminalGolden, OfAHealthyPair) {
  ClusterBuilder pair;
  for (int i = 0; i < 5; ++i) {
    pair.write(1 << 20).replay_all();
    pair.poll();
  }
  pair.write(64 << 10);
  expect_golden_view("healthy", pair.poll());
}

TEST(TerminalGolden, OfAPairWithHostFacts) {
  ClusterBuilder pair;
  for (std::size_t i = 0; i < 2; ++i) {
    pair.policy.nodes[i].host_configured = true;
    pair.snapshot.nodes[i].host = a_machine();
  }
  pair.poll();
  expect_golden_view("hosts", pair.poll());
}

TEST(TerminalGolden, OfAPairWhoseStandbyIsDown) {
  ClusterBuilder pair;
  pair.poll();
  pair.silence(1, FailureClass::refused).cut_standby().write(700 << 20);
  for (int i = 0; i < 6; ++i) pair.poll();
  expect_golden_view("standby_down", pair.poll());
}

TEST(TerminalGolden, OfAnOrphanedSlotAndABaseBackup) {
  ClusterBuilder pair;
  ReplicationSlotRow orphan = pair.slot();
  orphan.slot_name = "forgotten";
  orphan.active = false;
  orphan.active_pid.reset();
  pair.primary().slots.push_back(orphan);
  StatReplicationRow copy;
  copy.pid = 6001;
  copy.application_name = "pg_basebackup";
  copy.state = "backup";
  pair.primary().wal_senders.push_back(copy);
  pair.primary().basebackups.value = {{.pid = 6001,
                                       .phase = "streaming database files",
                                       .backup_total = 400,
                                       .backup_streamed = 100}};
  pair.poll();
  pair.write(200 << 20).replay_all();
  expect_golden_view("orphan_and_backup", pair.poll());
}

TEST(TerminalGolden, OfASplitBrain) {
  ClusterBuilder pair;
  pair.poll();
  pair.cut_standby().promote_standby();
  for (int i = 0; i < 6; ++i) pair.poll();
  expect_golden_view("split_brain", pair.poll());
}

/// Fills in what a situation leaves out: settings, versions, directories.
void furnish(test::Situation& situation) {
  const ClusterBuilder pair;
  const NodeState& model = *pair.snapshot.nodes[0].postgres.state;
  for (NodeObservation& node : situation.snapshot.nodes) {
    if (!node.postgres.up()) continue;
    NodeState& state = *node.postgres.state;
    state.server_version = model.server_version;
    state.settings = model.settings;
    state.commit_overrides = model.commit_overrides;
    state.wal_directory = model.wal_directory;
    state.archiver = model.archiver;
    state.archive_status = model.archive_status;
    state.synchronous_standby_names = "ANY 1 (a2, a3)";
    for (StatReplicationRow& row : state.wal_senders) {
      row.sync_state = row.application_name <= "a3" ? "quorum" : "async";
      row.sent_lsn = row.write_lsn = row.flush_lsn = row.replay_lsn = state.current_wal_flush_lsn;
    }
  }
}

TEST(TerminalGolden, OfEightNodes) {
  test::Situation eight{"Psssscn-"};
  furnish(eight);
  const Thresholds thresholds;
  expect_golden_view("eight_nodes",
                     report_on(eight.snapshot, eight.policy, thresholds, eight.memory));
}

TEST(TerminalGolden, OfLongNames) {
  ClusterBuilder pair;
  const std::string stem = "wallix-bastion-database-node-of-the-second-data-centre-number-";
  const std::array<std::string, 2> names{stem + "1", stem + "2"};
  for (std::size_t i = 0; i < 2; ++i) {
    pair.policy.nodes[i].name = names.at(i);
    pair.snapshot.nodes[i].postgres.name = names.at(i);
  }
  pair.walsender().application_name = names[1];
  pair.slot().slot_name = std::string(63, 's');
  pair.slot().active = false;
  pair.poll();
  pair.standby().replay_paused = true;
  pair.standby().replay_conflict = true;
  pair.write(std::int64_t{1023} << 20);
  for (int i = 0; i < 6; ++i) pair.poll(60);
  expect_golden_view("long_names", pair.poll());
}

}  // namespace
}  // namespace pgrepl
