// SPDX-License-Identifier: Apache-2.0
// A store that can be read only after the first polls.
#include "exporter/app/poll_desk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/support/cluster_builder.h"
#include "tests/support/temp_directory.h"

namespace pgrepl {
namespace {

void ignore(std::string_view /*said*/) {}

constexpr Seconds kPatience{60};

class DeskWithALateStore : public testing::Test {
 protected:
  DeskWithALateStore() {
    std::filesystem::create_directory(folder_);
    ClusterMemory older{.journal = {{.at = now().wall, .kind = "lost", .node = "a1"}}};
    older.last_role["a1"] = "primary";
    MemoryKeeper{path_, ignore}.save(name_, encode_memory(older, now()), now());
    std::filesystem::rename(folder_, hidden_);

    Config config;
    config.clusters = {{.name = name_, .policy = world_.policy}};
    desk_.configure(config, now());
    EXPECT_EQ(keeper_.errors(), 1U);
  }

  Instant now() const { return world_.snapshot.taken; }
  void bring_back() const { std::filesystem::rename(hidden_, folder_); }
  /// A poll so much later, and what it writes.
  void poll(double seconds_later) {
    world_.poll(seconds_later);
    desk_.take({.snapshot = world_.snapshot});
    ASSERT_TRUE(writer_.flush(kPatience));
  }
  ClusterMemory stored() { return MemoryKeeper{path_, ignore}.load(name_, now()); }

  test::ClusterBuilder world_;
  const std::string name_ = world_.snapshot.cluster;
  test::TempDirectory directory_;
  std::filesystem::path folder_ = directory_.path() / "folder";
  std::filesystem::path hidden_ = directory_.path() / "hidden";
  std::filesystem::path path_ = folder_ / "memory.sqlite";
  ReportBoard board_;
  MemoryKeeper keeper_{path_, ignore};
  MemoryWriter writer_{[this](const std::string& cluster, const std::string& text) {
    keeper_.save(cluster, text, now());
  }};
  PollDesk desk_{board_, keeper_, writer_};
};

std::string kinds(const ClusterMemory& memory) {
  std::string all;
  for (const JournalEntry& entry : memory.journal) all += entry.kind + " ";
  return all;
}

TEST_F(DeskWithALateStore, JoinsWhatLiesThereWithWhatItHasSeen) {
  poll(5);
  bring_back();
  world_.snapshot.nodes[0].postgres.state->in_recovery = true;
  poll(31);
  EXPECT_EQ(kinds(stored()), "lost ") << "written over what nobody had read";
  poll(5);
  EXPECT_EQ(kinds(stored()), "lost role_changed ");
  EXPECT_TRUE(stored().sync_seen);
}

TEST_F(DeskWithALateStore, StoresAnEventAtOnce) {
  bring_back();
  poll(31);  // reads what lies there
  poll(5);
  ASSERT_EQ(kinds(stored()), "lost ");
  poll(5);
  world_.snapshot.nodes[0].postgres.state->in_recovery = true;
  poll(5);
  EXPECT_EQ(kinds(stored()), "lost role_changed ");
}

TEST_F(DeskWithALateStore, JoinsThemAlsoAtTheEnd) {
  poll(5);
  bring_back();
  world_.poll(31);
  desk_.store_all(now());
  EXPECT_EQ(kinds(stored()), "lost ");
  EXPECT_TRUE(stored().sync_seen);
}

}  // namespace
}  // namespace pgrepl
