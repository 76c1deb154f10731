// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "tests/support/postgres_installation.h"
#include "tests/support/postgres_server.h"
#include "tests/support/temp_directory.h"

namespace pgrepl::test {

/// The names of the guide.
inline constexpr const char* kPrimaryName = "wallix-a1";
inline constexpr const char* kStandbyName = "wallix-a2";
inline constexpr const char* kSlotName = "wallix_a2_slot";

/// Accounts of every pair.  The passwords are such that a search finds them wherever they leak.
inline constexpr const char* kMonitorRole = "pgrepl_monitor";
inline constexpr const char* kMonitorPassword = "canary-of-the-monitor-7f3a";
inline constexpr const char* kReplicatorRole = "replicator";
inline constexpr const char* kReplicatorPassword = "canary-of-the-replicator-91c4";

/// The data directories of a primary and its standby, both cleanly stopped, from which pairs are
/// copied: setting one up takes seconds, copying it a fraction of one.
class PostgresTemplate {
 public:
  explicit PostgresTemplate(const PostgresInstallation& installation);

  std::filesystem::path primary() const { return directory_.path() / "primary" / "data"; }
  std::filesystem::path standby() const { return directory_.path() / "standby" / "data"; }

  /// The template of that major version, made at its first use and kept until the program ends.
  /// Each system has an identifier of its own.  Thread-safe.
  static const PostgresTemplate& of(const PostgresInstallation& installation, int system = 0);

 private:
  TempDirectory directory_;
};

/// The guide's parameters; wal_keep_size is small, so that a test reaches its end.  They count from
/// the template on: a standby refuses to start with smaller limits than its backup was taken with.
Settings settings_of_the_guide(const PostgresServer& server);

/// Copies a data directory with owners and modes.
void copy_data_directory(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace pgrepl::test
