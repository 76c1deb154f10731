// SPDX-License-Identifier: Apache-2.0
#include "tests/support/postgres_installation.h"

#include <charconv>
#include <cstdlib>
#include <stdexcept>
#include <string_view>

namespace pgrepl::test {
namespace {

std::filesystem::path directory(const char* variable, const char* otherwise) {
  const char* configured = std::getenv(variable);
  return configured != nullptr ? configured : otherwise;
}

}  // namespace

bool PostgresInstallation::has_basebackup() const {
  return std::filesystem::exists(bin / "pg_basebackup");
}

int tested_major() {
  const char* variable = std::getenv("PGREPL_TEST_MAJOR");
  if (variable == nullptr) return 15;
  const std::string_view text = variable;
  int major = 0;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), major);
  if (error != std::errc{} || end != text.end() || major <= 0)
    throw std::runtime_error("PGREPL_TEST_MAJOR=\"" + std::string(text) +
                             "\" is not a major version such as 17");
  return major;
}

PostgresInstallation find_postgres(int major) {
  const std::string version = std::to_string(major);
  const std::string debian = "usr/lib/postgresql/" + version + "/bin";
  for (const std::filesystem::path& bin :
       {"/" / std::filesystem::path(debian),
        directory("PGREPL_CACHE", "/var/tmp/pgrepl-programs") / debian,
        directory("PGREPL_POSTGRES_DIR", "/var/tmp/pgrepl-tests/postgres") / version / "bin"})
    if (std::filesystem::exists(bin / "postgres")) return {major, bin};
  const std::string remedy = major == 15 ? "deploy/install-packages test" : "tests/run majors";
  throw std::runtime_error("PostgreSQL " + version + " is not here; get it with: " + remedy);
}

}  // namespace pgrepl::test
