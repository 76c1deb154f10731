// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/contract/plugin/plugin_run.h"

namespace pgrepl::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const std::vector<std::vector<std::string>> kBadUsages{
    {"-x"},
    {"--bogus"},
    {"-p"},
    {"--port"},
    {"-p", "0"},
    {"-p", "99999"},
    {"-p", "1", "-p", "2"},
    {"-H", ""},
    {"-H", "a b;|='"},
    {"-u", "nowhere"},
    {"-u", "https://a"},
    {"-t", "0"},
    {"-t", "soon"},
    {"-t", "1e999"},
    {"-w", "10:5"},
    {"-c", "abc"},
    {"-w", ""},
    {"-m", ""},
    {"one", "two"},
    {"-C", ""},
    {std::string(10000, 'x'), "y"},
};

TEST(BadUsage, IsUnknownInOneLine) {
  for (const auto& arguments : kBadUsages) {
    const PluginRun run = run_plugin(arguments);
    EXPECT_EQ(run.exit_code, 3) << arguments.front();
    EXPECT_THAT(run.out, HasSubstr("(see check_pgrepl --help)")) << arguments.front();
  }
}

TEST(BadUsage, DoesNotRepeatAPassword) {
  EXPECT_THAT(run_plugin({"-u", "http://me:s3cret@a:80"}).out, testing::Not(HasSubstr("s3cret")));
}

TEST(Help, IsTextAndUnknown) {
  for (const char* option : {"-h", "--help"}) {
    const PluginRun run = run_plugin_for_text({option});
    EXPECT_EQ(run.exit_code, 3);
    EXPECT_THAT(run.out, StartsWith("check_pgrepl [options]"));
  }
}

TEST(Version, IsOneLineAndUnknown) {
  for (const char* option : {"-V", "--version"}) {
    const PluginRun run = run_plugin_for_text({option});
    EXPECT_EQ(run.exit_code, 3);
    EXPECT_THAT(run.out, testing::MatchesRegex("check_pgrepl [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  }
}

}  // namespace
}  // namespace pgrepl::test
