// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/postgres_server.h"
#include "tests/support/postgres_template.h"
#include "tests/support/temp_directory.h"

namespace pgrepl::test {

/// How a pair differs from the usual one.
struct PairOptions {
  int major = tested_major();
  Settings settings = {};          ///< for both nodes
  bool is_another_system = false;  ///< with a system identifier of its own, which takes longer
};

/// The guide's pair on the loopback: a primary and its synchronous standby with slot, archive and
/// scram-sha-256, with the guide's mistakes corrected.  Confined to one thread.
class PostgresPair {
 public:
  /// Returns when the standby streams and is `sync`.
  explicit PostgresPair(const PairOptions& options = {});

  PostgresServer& primary() { return primary_; }
  PostgresServer& standby() { return standby_; }
  /// Room for a test's own files, in reach of the servers.
  const std::filesystem::path& directory() const { return directory_.path(); }

  /// The sync_state of the standby's streaming walsender; "" while there is none.
  std::string sync_state();
  /// Throws when the standby is not `sync` in time.
  void wait_until_sync();
  /// Starts what a test has stopped, and waits until the pair is synchronous again.
  void make_whole();
  /// Returns when the standby accepts writes.  The old primary lives on.
  void promote_standby();

 private:
  TempDirectory directory_;
  PostgresServer primary_, standby_;
};

}  // namespace pgrepl::test
