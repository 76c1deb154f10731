// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/golden/golden_file.h"
#include "tests/support/situations.h"

// The table of topologies, and what it makes of every combination of two and of three nodes.
namespace pgrepl {
namespace {

using test::kSituations;
using test::Situation;

/// Every combination of that many nodes, in every order.
std::vector<std::string> orders(std::size_t nodes) {
  std::vector<std::string> all{""};
  for (std::size_t i = 0; i < nodes; ++i) {
    std::vector<std::string> longer;
    for (const std::string& shorter : all) {
      for (const char situation : kSituations) longer.push_back(shorter + situation);
    }
    all = std::move(longer);
  }
  return all;
}

bool comes_first(char a, char b) { return kSituations.find(a) < kSituations.find(b); }

std::string sorted(std::string nodes) {
  std::ranges::sort(nodes, comes_first);
  return nodes;
}

std::string line_of(const std::string& nodes) {
  const Topology topology = Situation(nodes).lasting().analyze().topology;
  std::string about;
  for (const std::size_t i : topology.nodes) about += nodes[i];
  return nodes + " " + std::string{to_string(topology.verdict)} + ": " +
         std::string{to_string(topology.rule)} + " " + about + "\n";
}

TEST(TopologyGolden, OfEveryCombinationIsAsCommitted) {
  std::string text;
  for (const TopologyRow& row : topology_rows()) {
    text += std::string{to_string(row.rule)} + " -> " + std::string{to_string(row.verdict)} +
            " | " + std::string{row.proof} + "\n";
  }
  for (const std::size_t nodes : {std::size_t{2}, std::size_t{3}}) {
    text += "\n";
    for (const std::string& order : orders(nodes)) {
      if (order == sorted(order)) text += line_of(order);
    }
  }
  test::expect_golden("topology.txt", text);
}

TEST(TopologyGolden, DoesNotDependOnTheOrderOfTheNodes) {
  for (const std::string& order : orders(3)) {
    const Topology topology = Situation(order).lasting().analyze().topology;
    const Topology in_order = Situation(sorted(order)).lasting().analyze().topology;
    ASSERT_EQ(topology.verdict, in_order.verdict) << order;
    ASSERT_EQ(topology.rule, in_order.rule) << order;
    ASSERT_EQ(topology.nodes.size(), in_order.nodes.size()) << order;
  }
}

}  // namespace
}  // namespace pgrepl
