// SPDX-License-Identifier: Apache-2.0
#include "tests/support/postgres_installation.h"

#include <cstdlib>
#include <stdexcept>

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
