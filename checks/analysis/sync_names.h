// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "checks/base/result.h"

namespace pgrepl {

/// How commits choose among the standbys that are named.
enum class SyncMethod {
  priority,  ///< FIRST n, n (...) and a plain list: the first ones of the list that are there
  quorum,    ///< ANY n: whichever of them confirm first
};

/// What a synchronous_standby_names demands.
struct SyncNames {
  SyncMethod method = SyncMethod::priority;
  int count = 0;  ///< how many standbys a commit waits for; 0: the setting is empty, for none
  std::vector<std::string> names;  ///< in the order of the list; "*" stands for any standby

  bool operator==(const SyncNames&) const = default;
};

/// Reads the setting by PostgreSQL's own grammar.  Names keep their case, quoted or not, for
/// PostgreSQL compares them without regard to it.  The error says what is wrong and where:
/// "character 7: ...", counted in bytes from 1.  Pure.
Result<SyncNames, std::string> parse_sync_names(std::string_view setting);

/// The setting that demands just this, every name quoted; empty if nobody is demanded.  Pure.
std::string to_setting(const SyncNames& demand);

/// Whether PostgreSQL takes the two application_names for the same: ASCII letters compare without
/// regard to case.  Pure.
bool is_same_standby(std::string_view a, std::string_view b);

/// Whether a standby of that application_name is one of those that are named.  Pure.
bool names_standby(const SyncNames& demand, std::string_view application_name);

}  // namespace pgrepl
