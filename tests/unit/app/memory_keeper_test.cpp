// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/memory_keeper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <vector>

#include "tests/support/temp_directory.h"

namespace pgrepl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Instant at(double seconds) {
  return {.steady = after(SteadyTime{}, Seconds{seconds}), .wall = WallTime{}};
}

/// A store whose folder is not there yet.
class Keeper : public testing::Test {
 protected:
  void make_folder() const { std::filesystem::create_directory(folder_); }
  void save(double seconds) {
    keeper_.save("wallix", encode_memory(memory_, at(seconds)), at(seconds).steady);
  }
  ClusterMemory load(double seconds) { return keeper_.load("wallix", at(seconds)); }

  test::TempDirectory directory_;
  std::filesystem::path folder_ = directory_.path() / "folder";
  ClusterMemory memory_{.last_role = {{"wallix-a1", "primary"}}};
  std::vector<std::string> said_;
  MemoryKeeper keeper_{folder_ / "memory.sqlite",
                       [this](std::string_view text) { said_.emplace_back(text); }};
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

TEST_F(Keeper, BeginsAnewWhenWhatWasStoredCannotBeRead) {
  make_folder();
  keeper_.save("wallix", "nonsense", at(0).steady);
  EXPECT_EQ(load(1), ClusterMemory{});
  EXPECT_EQ(keeper_.errors(), 1U);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("of cluster wallix cannot be read")));
}

TEST(KeeperWithoutAStore, IsNoFault) {
  MemoryKeeper keeper{"", [](std::string_view text) { ADD_FAILURE() << text; }};
  keeper.save("wallix", "text", at(0).steady);
  EXPECT_EQ(keeper.load("wallix", at(1)), ClusterMemory{});
  EXPECT_EQ(keeper.errors(), 0U);
}

}  // namespace
}  // namespace pgrepl
