// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "tests/support/cluster_builder.h"

namespace pgrepl::test {

/// A way to break a healthy pair that has been polled before.
struct BrokenPair {
  std::string_view story;
  void (*breaks)(ClusterBuilder& pair);
  bool was_healthy = true;  ///< false: the exporter sees it so from its first poll on
};

/// The situations of the matrix, silent nodes first.
std::span<const BrokenPair> broken_pairs();

}  // namespace pgrepl::test
