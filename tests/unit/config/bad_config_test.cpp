// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <set>
#include <string>

#include "exporter/config/read_config.h"
#include "tests/support/temp_directory.h"
#include "tests/unit/config/config_files.h"

namespace pgrepl {
namespace {

namespace fs = std::filesystem;

/// One mistake each: NAME.toml, or the folder NAME with pgrepl.toml and conf.d, beside
/// NAME.expected.
std::set<std::string> mistakes(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator{folder}) {
    const bool with_conf_d = fs::exists(entry.path() / "pgrepl.toml");
    if (with_conf_d || entry.path().extension() == ".toml")
      names.insert(entry.path().stem().string());
  }
  return names;
}

class BadConfig : public testing::Test {
 protected:
  BadConfig() {
    ::unsetenv("PGREPL_TEST_UNSET");
    ::setenv("PGREPL_TEST_EMPTY", "", 1);
    ::setenv("PGREPL_TEST_CANARY", "canary-variable", 1);
    make_odd_password_files();
  }

  std::string messages(const std::string& name) const {
    const bool with_conf_d = fs::is_directory(files_.path() / name);
    const auto config =
        read_config(files_.file(with_conf_d ? name + "/pgrepl.toml" : name + ".toml"));
    if (config) return "no mistake was found\n";
    std::string text;
    for (const Problem& problem : config.error()) text += files_.without_path(problem) + "\n";
    return text;
  }

  /// What no checkout can keep, or nobody wants to look at there.
  void make_odd_password_files() const {
    constexpr fs::perms kPrivate{0600};
    test::write_file(files_.file("zero.private"), std::string("canary\0password", 15), kPrivate);
    test::write_file(files_.file("long.private"), std::string(4096, 'x') + "canary", kPrivate);
    test::write_file(files_.file("very_long.private"), std::string((1 << 20) + 1, 'x'), kPrivate);
    ASSERT_EQ(::mkfifo(files_.file("pipe.private").c_str(), 0600), 0);
  }

  test::ConfigFiles files_{"bad"};
};

TEST_F(BadConfig, IsToldWithExactlyTheExpectedMessages) {
  for (const std::string& name : mistakes(files_.path())) {
    const fs::path expected = files_.path() / (name + ".expected");
    EXPECT_TRUE(fs::exists(expected)) << name << " has no file with the expected messages";
    EXPECT_EQ(messages(name), test::read_file(expected)) << name;
  }
}

TEST_F(BadConfig, HasAMistakeForEachExpectation) {
  const std::set<std::string> names = mistakes(files_.path());
  EXPECT_GT(names.size(), 100U);
  for (const auto& entry : fs::directory_iterator{files_.path()}) {
    if (entry.path().extension() == ".expected") {
      EXPECT_TRUE(names.contains(entry.path().stem().string())) << entry.path();
    }
  }
}

/// Every secret of these files contains this word.
TEST_F(BadConfig, NeverShowsASecret) {
  for (const std::string& name : mistakes(files_.path())) {
    EXPECT_EQ(messages(name).find("canary"), std::string::npos) << name;
  }
}

TEST_F(BadConfig, IsAMissingFileToo) {
  const auto config = read_config(files_.file("nowhere/pgrepl.toml"));
  ASSERT_FALSE(config);
  ASSERT_EQ(config.error().size(), 1U);
  EXPECT_EQ(files_.without_path(config.error().front()),
            "nowhere/pgrepl.toml: no such file or directory");
}

}  // namespace
}  // namespace pgrepl
