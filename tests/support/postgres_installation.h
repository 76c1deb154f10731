// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace pgrepl::test {

/// The programs of one major version of PostgreSQL.
struct PostgresInstallation {
  int major = 15;
  std::filesystem::path bin;

  /// Whether pg_basebackup is there: the packages of other majors bring only the server.
  bool has_basebackup() const;
  std::string program(const std::string& name) const { return (bin / name).string(); }
};

/// The major version that tests run against unless they name one: PGREPL_TEST_MAJOR, a number such
/// as "17"; 15 where it is not set.  Throws when it holds anything else.
int tested_major();

/// Finds a major version: where Debian installs it, where deploy/install-packages unpacks it, or
/// (others than 15) where `tests/run majors` puts it, `N/bin` in PGREPL_POSTGRES_DIR.  Throws with
/// the command that brings a missing one: a test without its server must fail, not pass by.
PostgresInstallation find_postgres(int major);

}  // namespace pgrepl::test
