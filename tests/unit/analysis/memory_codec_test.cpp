// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "checks/analysis/memory.h"
#include "tests/unit/analysis/moments.h"
#include "tests/unit/analysis/random_memory.h"

namespace pgrepl {
namespace {

using test::at;
using test::Dice;
using test::instant;
using test::reading_at;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

/// Read at 100 and 110, and once idle until 150; a slot unused since 120; an event at noon.
ClusterMemory small_memory() {
  ClusterMemory memory;
  LsnClock clock("7123456789", 3);
  clock.observe(Lsn(0x16b374d848), {at(100), at(101)});
  clock.observe(Lsn(0x16b374d900), {at(110), at(111)});
  clock.observe(Lsn(0x16b374d900), {at(150), at(151)});
  memory.clocks.push_back(clock);
  memory.slot_inactive_since[{"a 1", "a2_slot"}] = at(120);
  memory.last_role["a1"] = "primary";
  memory.journal.push_back({instant(0).wall, "role_changed", "a1", "standby -> primary"});
  return memory;
}

std::string error_of(const std::string& text) {
  const auto result = decode_memory(text, instant(200));
  return result ? "no error" : result.error();
}

std::string with(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

TEST(MemoryCodec, IsATextThatOneCanRead) {
  EXPECT_EQ(encode_memory(small_memory(), instant(200)),
            "pgrepl-memory 1\n"
            "taken 1728043400000000 200000000\n"
            "clock 7123456789 3\n"
            "sample 16/B374D848 1728043301000000 1728043300000000\n"
            "sample 16/B374D900 1728043311000000 1728043350000000\n"
            "slot a%201 a2_slot 1728043320000000\n"
            "role a1 primary\n"
            "event 1728043200000000 role_changed a1 standby%20->%20primary % - 0\n"
            "end\n");
}

TEST(MemoryCodec, GivesBackAnyMemoryAtTheSameMoment) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Dice dice(seed);
    const ClusterMemory memory = test::random_memory(dice, instant(1e6));
    const auto back = decode_memory(encode_memory(memory, instant(1e6)), instant(1e6));
    ASSERT_TRUE(back) << back.error() << ", seed " << seed;
    ASSERT_EQ(*back, memory) << "seed " << seed;
  }
}

TEST(MemoryCodec, GivesBackEveryTimeExactlyWhileBothClocksRunOn) {
  const auto back = decode_memory(encode_memory(small_memory(), instant(200)), instant(5000));
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, small_memory());
}

TEST(MemoryCodec, WidensTheBoundsAfterARebootBecauseTheCalendarAloneProvesLittle) {
  const std::string stored = encode_memory(small_memory(), instant(200));
  // Half an hour later by the calendar; the machine has been up for a minute.
  const Instant now{.steady = at(60), .wall = instant(2000).wall};
  const auto back = decode_memory(stored, now);
  ASSERT_TRUE(back);
  const LagBounds lag = back->clocks.front().lag(Lsn(0x16b374d848), {at(60), at(60)});
  EXPECT_EQ(lag.lower, Seconds{200 - 111})
      << "it has lasted at least as long as when it was stored";
  EXPECT_EQ(lag.upper, Seconds{2000 - 100}) << "and at most since then by the calendar";
}

TEST(MemoryCodec, DoesNotBelieveACalendarThatJumpedAhead) {
  const std::string stored = encode_memory(small_memory(), instant(200));
  const Instant now{.steady = at(210), .wall = instant(1e7).wall};
  const auto back = decode_memory(stored, now);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->slot_inactive_since.at({"a 1", "a2_slot"}), at(120));
}

TEST(MemoryCodec, DropsItsTimesWhenTheCalendarWasSetBackBehindThem) {
  const std::string stored = encode_memory(small_memory(), instant(200));
  const Instant now{.steady = at(210), .wall = instant(199).wall};
  const auto back = decode_memory(stored, now);
  ASSERT_TRUE(back);
  EXPECT_THAT(back->clocks.front().samples(), IsEmpty());
  EXPECT_THAT(back->slot_inactive_since, IsEmpty());
  EXPECT_EQ(back->last_role, small_memory().last_role);
  EXPECT_EQ(back->journal, small_memory().journal);
}

TEST(MemoryCodec, DropsASingleTimeThatLiesInTheFuture) {
  ClusterMemory memory = small_memory();
  memory.slot_inactive_since[{"a1", "late"}] = at(201);
  const auto back = decode_memory(encode_memory(memory, instant(200)), instant(300));
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, small_memory());
}

TEST(MemoryCodec, RefusesANewerVersion) {
  EXPECT_EQ(error_of("pgrepl-memory 2\n"), "line 1: version 2 is newer than this program");
}

TEST(MemoryCodec, RefusesWhatIsNotOurs) {
  for (const char* text : {"", "\n", "SQLite format 3", "pgrepl-memory", "pgrepl-memory x\n",
                           "pgrepl-memory 0\n", "pgrepl-memory 1 1\n"}) {
    EXPECT_EQ(error_of(text), "line 1: not a memory of pgrepl") << text;
  }
}

TEST(MemoryCodec, RefusesEveryTextThatIsCutOff) {
  const std::string whole = encode_memory(small_memory(), instant(200));
  for (std::size_t length = 0; length + 1 < whole.size(); ++length) {
    EXPECT_THAT(error_of(whole.substr(0, length)), StartsWith("line ")) << length;
  }
}

TEST(MemoryCodec, NamesTheLineThatIsWrong) {
  const std::string good = encode_memory(small_memory(), instant(200));
  EXPECT_EQ(error_of(with(good, "taken", "token")), "line 2: malformed");
  EXPECT_EQ(error_of(with(good, "clock 7123456789 3", "clock 7123456789 -3")), "line 3: malformed");
  EXPECT_EQ(error_of(with(good, "clock 7123456789 3\n", "")), "line 3: a sample without its clock");
  EXPECT_EQ(error_of(with(good, "16/B374D848", "17/B374D848")),
            "line 6: the samples before are out of order");
  EXPECT_EQ(error_of(with(good, "a%201", "a%2")), "line 6: malformed");
  EXPECT_EQ(error_of(with(good, "a%201", "a%201 a%201")), "line 6: malformed");
  EXPECT_EQ(error_of(with(good, "role", "rule")), "line 7: unknown word");
  EXPECT_EQ(error_of(with(good, "role a1 primary\n", "role a1 primary\nrole a1 standby\n")),
            "line 8: given twice");
  EXPECT_EQ(error_of(good + "role a1 primary\n"), "line 9: text behind the end");
  EXPECT_EQ(error_of(with(good, "1728043320000000", "92233720368547758070")), "line 6: malformed");
  EXPECT_EQ(error_of(with(good, "1728043320000000", "9223372036854775807")), "line 6: malformed");
}

TEST(MemoryCodec, TakesAnEventOfAFirstVersion) {
  const auto back = decode_memory(
      "pgrepl-memory 1\ntaken 0 0\nevent 0 role_changed a1 standby%20->%20primary\nend\n",
      instant(200));
  ASSERT_TRUE(back) << back.error();
  ASSERT_THAT(back->journal, SizeIs(1));
  EXPECT_EQ(back->journal.front().evidence, "standby -> primary");
  EXPECT_EQ(back->journal.front().duration, std::nullopt);
}

TEST(MemoryCodec, TakesAHoldOfAFirstVersion) {
  const auto back = decode_memory(
      "pgrepl-memory 1\ntaken 0 0\nhold replication a2 % CRITICAL CRITICAL 0 3 0\nend\n",
      instant(200));
  ASSERT_TRUE(back) << back.error();
  ASSERT_THAT(back->holds, SizeIs(1));
  EXPECT_EQ(back->holds.begin()->second.published, State::critical);
  EXPECT_EQ(back->holds.begin()->second.cause, "");
}

TEST(MemoryCodec, TakesAnEndWithoutALineBreak) {
  std::string text = encode_memory(small_memory(), instant(200));
  text.pop_back();
  EXPECT_EQ(error_of(text), "no error");
}

TEST(MemoryCodec, KeepsTheNewestOfTooMuch) {
  std::string text = "pgrepl-memory 1\ntaken 0 0\n";
  for (std::size_t i = 0; i < ClusterMemory::kMaxClocks + 2; ++i)
    text += "clock 7 " + std::to_string(i) + "\n";
  for (std::size_t i = 0; i < ClusterMemory::kMaxJournal + 2; ++i)
    text += "event 0 kind node " + std::to_string(i) + "\n";
  const auto back = decode_memory(text + "end\n", instant(200));
  ASSERT_TRUE(back);
  EXPECT_THAT(back->clocks, SizeIs(ClusterMemory::kMaxClocks));
  EXPECT_EQ(back->clocks.front().timeline(), 2U);
  EXPECT_THAT(back->journal, SizeIs(ClusterMemory::kMaxJournal));
  EXPECT_EQ(back->journal.front().evidence, "2");
}

/// One small damage: a byte changed, removed or doubled, a part cut out or moved.
std::string damaged(Dice& dice, std::string text) {
  const auto size = static_cast<std::int64_t>(text.size());
  const auto place = static_cast<std::size_t>(dice.up_to(size - 1));
  switch (dice.up_to(4)) {
    case 0:
      text[place] = static_cast<char>(dice.up_to(255));
      break;
    case 1:
      text[place] = "0123456789 -%/\n"[dice.up_to(14)];
      break;
    case 2:
      text.erase(place, static_cast<std::size_t>(1 + dice.magnitude(6)));
      break;
    case 3:
      text.insert(place, text.substr(place, static_cast<std::size_t>(1 + dice.magnitude(6))));
      break;
    default:
      text.insert(static_cast<std::size_t>(dice.up_to(size)), text.substr(place, 30));
      break;
  }
  return text;
}

TEST(MemoryCodec, SurvivesAnyDamage) {
  int refused = 0;
  constexpr int kTexts = 2000;
  for (std::uint64_t seed = 1; seed <= kTexts; ++seed) {
    Dice dice(seed);
    std::string text = encode_memory(test::random_memory(dice, instant(1e6)), instant(1e6));
    for (std::int64_t times = dice.up_to(3); times >= 0 && !text.empty(); --times)
      text = damaged(dice, text);
    const auto back = decode_memory(text, instant(1e6 + 60));
    if (!back) {
      ASSERT_THAT(back.error(), StartsWith("line "));
      ++refused;
      continue;
    }
    // What is taken is a memory like any other: it can be used and stored again.
    for (const LsnClock& clock : back->clocks) clock.lag(Lsn(5), reading_at(1e6));
    ASSERT_FALSE(encode_memory(*back, instant(1e6 + 60)).empty());
  }
  EXPECT_GT(refused, kTexts / 2);
  EXPECT_LT(refused, kTexts);
}

}  // namespace
}  // namespace pgrepl
