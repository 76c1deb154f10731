// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "tests/support/temp_directory.h"

namespace pgrepl::test {

/// A copy of a folder of configurations beside this file, with the modes that a checkout does not
/// keep:
/// *.private is for its owner alone, *.open for everybody.
class ConfigFiles {
 public:
  explicit ConfigFiles(const std::string& folder);

  const std::filesystem::path& path() const { return directory_.path(); }
  std::string file(const std::string& name) const { return (path() / name).string(); }

  /// `text` without the copy's own path, which differs from run to run.
  std::string without_path(std::string text) const;

 private:
  TempDirectory directory_;
};

}  // namespace pgrepl::test
