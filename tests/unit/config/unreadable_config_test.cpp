// SPDX-License-Identifier: Apache-2.0
// Files of a configuration that the exporter's account may not read.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "exporter/config/read_config.h"
#include "tests/support/without_root.h"
#include "tests/unit/config/config_files.h"

namespace pgrepl {
namespace {

namespace fs = std::filesystem;

/// The file or folder that is forbidden, and all that is said then.
struct Forbidden {
  std::string path, said;
};

class UnreadableConfig : public testing::Test {
 protected:
  UnreadableConfig() { test::give_to_nobody(files_.path()); }

  std::string messages() const {
    const auto config = read_config(files_.file("pgrepl.toml"));
    if (config) return "no mistake was found\n";
    std::string text;
    for (const Problem& problem : config.error()) text += files_.without_path(problem) + "\n";
    return text;
  }

  std::string messages_without(const std::string& path) const {
    const fs::perms mode = fs::status(files_.file(path)).permissions();
    fs::permissions(files_.file(path), fs::perms::none);
    const std::string text = test::without_root([&] { return messages(); });
    fs::permissions(files_.file(path), mode);
    return text;
  }

  test::ConfigFiles files_{"unreadable"};
};

TEST_F(UnreadableConfig, IsFineWhileNothingIsForbidden) {
  EXPECT_EQ(test::without_root([&] { return messages(); }), "no mistake was found\n");
}

TEST_F(UnreadableConfig, IsToldWithTheFilesName) {
  const std::vector<Forbidden> cases{
      {"pgrepl.toml", "pgrepl.toml: permission denied\n"},
      {"conf.d", "conf.d: permission denied\n"},
      {"conf.d/more.toml", "conf.d/more.toml: permission denied\n"},
      {"password.private",
       "pgrepl.toml:7:17: \"password_file\": \"password.private\": permission denied\n"},
      {"pgpass.private",
       "conf.d/more.toml:7:12: \"passfile\": \"pgpass.private\": permission denied\n"},
      // of files that are out of reach together the first one is enough
      {"", "pgrepl.toml: permission denied\n"},
  };
  for (const auto& [path, said] : cases) EXPECT_EQ(messages_without(path), said) << path;
}

}  // namespace
}  // namespace pgrepl
