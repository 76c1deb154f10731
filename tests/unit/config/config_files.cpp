// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/config/config_files.h"

#include "tests/support/checkout.h"

namespace pgrepl::test {
namespace fs = std::filesystem;

ConfigFiles::ConfigFiles(const std::string& folder) {
  fs::copy(checkout() / "tests/unit/config" / folder, path(), fs::copy_options::recursive);
  for (const auto& entry : fs::directory_iterator{path()}) {
    const fs::path extension = entry.path().extension();
    if (extension == ".private") fs::permissions(entry.path(), fs::perms{0600});
    if (extension == ".open") fs::permissions(entry.path(), fs::perms{0644});
  }
}

std::string ConfigFiles::without_path(std::string text) const {
  const std::string prefix = path().string() + "/";
  for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix)) {
    text.erase(at, prefix.size());
  }
  return text;
}

}  // namespace pgrepl::test
