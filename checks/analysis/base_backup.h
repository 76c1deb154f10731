// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pgrepl {

struct NodeState;

/// A base backup that a node's walsender is sending.
struct BaseBackup {
  std::string application_name;          ///< of whom it goes to; no two of a node share it
  std::optional<std::string> phase;      ///< PostgreSQL's own words; absent: hidden from us
  std::optional<std::int64_t> streamed;  ///< bytes
  std::optional<std::int64_t> total;     ///< bytes; absent: not estimated
  std::optional<double> share() const;   ///< of it that has been sent, 0 to 1

  bool operator==(const BaseBackup&) const = default;
};

/// The base backups whose walsender is still there, by application_name: progress is read more
/// seldom than walsenders are.  Pure.
std::vector<BaseBackup> base_backups(const NodeState& node);

}  // namespace pgrepl
