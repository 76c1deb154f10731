// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/memory_keeper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <vector>

#include "tests/support/temp_directory.h"

namespace pgrepl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Instant at(double seconds) {
  const auto since = std::chrono::duration_cast<std::chrono::microseconds>(Seconds{seconds});
  return {.steady = SteadyTime{since}, .wall = WallTime{since}};
}

void ignore(std::string_view /*said*/) {}

/// A store whose folder is not there yet.
class Keeper : public testing::Test {
 protected:
  void make_folder() const { std::filesystem::create_directory(folder_); }
  /// What somebody saved when the folder was there, which it is not now.
  void hide_with(const std::string& text) {
    make_folder();
    MemoryKeeper{path_, ignore}.save("wallix", text, at(0));
    std::filesystem::rename(folder_, hidden_);
  }
  void bring_back() const { std::filesystem::rename(hidden_, folder_); }
  void save(double seconds) {
    keeper_.save("wallix", encode_memory(memory_, at(seconds)), at(seconds));
  }
  std::string stored(const std::string& cluster) const {
    auto store = MemoryStore::open(path_);
    return store ? store->load(cluster)->value_or("nothing") : store.error().message;
  }
  ClusterMemory load(double seconds) { return keeper_.load("wallix", at(seconds)); }

  test::TempDirectory directory_;
  std::filesystem::path folder_ = directory_.path() / "folder";
  std::filesystem::path hidden_ = directory_.path() / "hidden";
  std::filesystem::path path_ = folder_ / "memory.sqlite";
  ClusterMemory memory_{.last_role = {{"wallix-a1", "primary"}}};
  ClusterMemory older_{.sync_seen = true};
  std::vector<std::string> said_;
  MemoryKeeper keeper_{path_, [this](std::string_view text) { said_.emplace_back(text); }};
};

TEST_F(Keeper, GivesBackWhatWasSaved) {
  make_folder();
  EXPECT_EQ(load(0), ClusterMemory{});
  save(1);
  EXPECT_EQ(load(2), memory_);
  EXPECT_EQ(keeper_.errors(), 0U);
  EXPECT_THAT(said_, IsEmpty());
}

TEST_F(Keeper, CountsEveryFailureAndSaysItsFaultOnce) {
  EXPECT_EQ(load(0), ClusterMemory{});
  for (const double seconds : {1, 31, 32, 62}) save(seconds);
  EXPECT_EQ(keeper_.errors(), 5U);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("monitoring goes on without it")));
}

TEST_F(Keeper, OpensTheStoreAgainAtMostTwiceAMinute) {
  save(0);
  make_folder();
  save(29.9);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "memory.sqlite"));
  save(30);
  EXPECT_EQ(load(31), memory_);
  EXPECT_EQ(keeper_.errors(), 2U);
}

TEST_F(Keeper, SaysThatTheStoreWorksAgain) {
  save(0);
  make_folder();
  save(30);
  save(31);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("without it"), "store: works again"));
}

TEST_F(Keeper, WritesNothingOverWhatItCouldNotRead) {
  const std::string text = encode_memory(older_, at(0));
  hide_with(text);
  EXPECT_EQ(load(1), ClusterMemory{});
  bring_back();
  save(32);
  EXPECT_EQ(stored("wallix"), text);
}

TEST_F(Keeper, GivesWhatItCouldReadLaterOnceAndWritesThen) {
  hide_with(encode_memory(older_, at(0)));
  load(1);
  bring_back();
  EXPECT_EQ(keeper_.found("wallix"), std::nullopt);
  save(32);
  EXPECT_EQ(keeper_.found("wallix"), older_);
  EXPECT_EQ(keeper_.found("wallix"), std::nullopt);
  save(33);
  EXPECT_EQ(load(34), memory_);
}

TEST_F(Keeper, WritesAtOnceToAStoreThatOpensLateAndEmpty) {
  load(0);
  make_folder();
  save(31);
  EXPECT_EQ(keeper_.found("wallix"), std::nullopt);
  EXPECT_EQ(load(32), memory_);
}

TEST_F(Keeper, BeginsAnewWhenWhatWasStoredCannotBeReadAndKeepsIt) {
  make_folder();
  keeper_.save("wallix", "nonsense", at(0));
  EXPECT_EQ(load(1), ClusterMemory{});
  EXPECT_EQ(keeper_.errors(), 1U);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("of cluster wallix cannot be read")));
  save(2);
  EXPECT_EQ(stored("wallix (unreadable)"), "nonsense");
}

TEST(KeeperWithoutAStore, IsNoFault) {
  MemoryKeeper keeper{"", [](std::string_view text) { ADD_FAILURE() << text; }};
  keeper.save("wallix", "text", at(0));
  EXPECT_EQ(keeper.load("wallix", at(1)), ClusterMemory{});
  EXPECT_EQ(keeper.errors(), 0U);
}

}  // namespace
}  // namespace pgrepl
