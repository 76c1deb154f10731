// SPDX-License-Identifier: Apache-2.0
#include "checks/plugin/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pgrepl::plugin {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<Options, std::string> read(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "check_pgrepl");
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  return read_options(pointers);
}

TEST(Options, AskTheLocalDaemonForHealthByDefault) {
  const auto options = read({});
  ASSERT_TRUE(options.has_value());
  EXPECT_THAT(options->daemons, ElementsAre(Target{.host = "127.0.0.1", .port = 10187}));
  EXPECT_EQ(options->check, "health");
  EXPECT_EQ(options->time_limit, Seconds{10});
  EXPECT_EQ(options->verbosity, 0);
}

TEST(Options, HaveAShortAndALongSpelling) {
  const auto given_short = read({"-H", "a", "-p", "1", "-m", "lag", "-C", "c", "-n", "n", "-w", "1",
                                 "-c", "x=2", "-t", "2.5", "-vv"});
  const auto given_long =
      read({"--hostname=a", "--port=1", "--check=lag", "--cluster=c", "--node=n", "--warning=1",
            "--critical=x=2", "--timeout=2.5", "--verbose", "--verbose"});
  for (const auto& options : {given_short, given_long}) {
    ASSERT_TRUE(options.has_value());
    EXPECT_THAT(options->daemons, ElementsAre(Target{.host = "a", .port = 1}));
    EXPECT_EQ(options->check, "lag");
    EXPECT_EQ(options->cluster, "c");
    EXPECT_EQ(options->node, "n");
    EXPECT_THAT(options->warning, ElementsAre("1"));
    EXPECT_THAT(options->critical, ElementsAre("x=2"));
    EXPECT_EQ(options->time_limit, Seconds{2.5});
    EXPECT_EQ(options->verbosity, 2);
  }
}

TEST(Options, KeepTheOrderOfTheDaemons) {
  const auto options = read({"-H", "a", "-u", "http://b:1", "-H", "c:2", "-p", "3"});
  ASSERT_TRUE(options.has_value());
  EXPECT_THAT(options->daemons,
              ElementsAre(Target{.host = "a", .port = 3}, Target{.host = "b", .port = 1},
                          Target{.host = "c", .port = 2}));
}

TEST(Options, TakeTheCheckAsAWordAnywhere) {
  EXPECT_EQ(read({"list"})->check, "list");
  EXPECT_EQ(read({"replay_lag", "-w", "5"})->check, "replay_lag");
  EXPECT_EQ(read({"-m", "lag", "lag"})->check, "lag");
}

TEST(Options, CollectRanges) {
  EXPECT_THAT(read({"-w", "1", "-w", "backlog=~:5", "-w", "@1:2"})->warning,
              ElementsAre("1", "backlog=~:5", "@1:2"));
}

TEST(Options, AskForHelpOrVersionWhateverElseIsThere) {
  EXPECT_EQ(read({"-h"})->mode, Options::Mode::help);
  EXPECT_EQ(read({"--help", "--bogus"})->mode, Options::Mode::help);
  EXPECT_EQ(read({"-V"})->mode, Options::Mode::version);
}

/// A command line and what its complaint names.
struct BadUsage {
  std::vector<std::string> arguments;
  std::string named;
};

const std::vector<BadUsage> kBadUsages{
    {{"-x"}, "no option -x"},
    {{"--verbose", "-xv"}, "no option -x"},
    {{"--bogus"}, "no option --bogus"},
    {{"--bogus=1"}, "no option --bogus=1"},
    {{"--verbose=3"}, "-v (--verbose) takes no value"},
    {{"-p"}, "-p (--port) needs a value"},
    {{"--port"}, "-p (--port) needs a value"},
    {{"-p", "0"}, "0 is not a port"},
    {{"-p", "70000"}, "70000 is not a port"},
    {{"-p", "5432x"}, "5432x is not a port"},
    {{"-H", "a", "-p", "1", "-H", "b", "-p", "2"}, "not 1 and 2: give each host its own, -H"},
    {{"-H", ""}, "host is missing"},
    {{"-H", "a b"}, "a b is not a host"},
    {{"-u", "localhost"}, "localhost is not a URL"},
    {{"-u", "https://a"}, "https is not supported"},
    {{"-t", "0"}, "time limit 0"},
    {{"-t", "-1"}, "time limit -1"},
    {{"-t", "soon"}, "time limit soon"},
    {{"-t", "1e999"}, "time limit 1e999"},
    {{"-w", "10:5"}, "threshold 10:5 is not a range"},
    {{"-w", ""}, "threshold  is not a range"},
    {{"-c", "lag="}, "threshold lag= is not a range"},
    {{"-c", "lag=ten"}, "threshold lag=ten is not a range"},
    {{"-m", ""}, "the check is empty"},
    {{""}, "the check is empty"},
    {{"-C", ""}, "is empty"},
    {{"-n", ""}, "is empty"},
    {{"lag", "role"}, "not lag and role"},
    {{"-m", "lag", "role"}, "not lag and role"},
    {{"--", "-x", "-y"}, "not -x and -y"},
};

TEST(Options, NameWhatIsWrong) {
  for (const auto& [arguments, named] : kBadUsages) {
    const auto options = read(arguments);
    ASSERT_FALSE(options.has_value()) << named;
    EXPECT_THAT(options.error(), HasSubstr(named));
  }
}

}  // namespace
}  // namespace pgrepl::plugin
