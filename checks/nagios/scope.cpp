// SPDX-License-Identifier: Apache-2.0
#include "checks/nagios/scope.h"

#include <algorithm>
#include <optional>

#include "checks/base/text.h"

namespace pgrepl {
namespace {

constexpr std::size_t kNameLimit = 64;

/// "there is no KIND WORD, perhaps NEAREST is meant (known: A, B, C)"
std::string unknown_name(std::string_view kind, std::string_view word,
                         const std::vector<std::string>& known) {
  std::string sentence = "there is no " + std::string(kind) + " " + one_line(word, kNameLimit);
  if (const auto meant = nearest(word, known)) sentence += ", perhaps " + *meant + " is meant";
  return sentence + " (known: " + (known.empty() ? "none" : join(known, ", ")) + ")";
}

std::vector<std::string> check_names(const KnownWorld& world) {
  std::vector<std::string> names{"health", "list"};
  for (const CheckRow& check : world.checks) names.emplace_back(check.id);
  return names;
}

const CheckRow* find_row(const KnownWorld& world, std::string_view id) {
  const auto row = std::ranges::find(world.checks, id, &CheckRow::id);
  return row == world.checks.end() ? nullptr : &*row;
}

const ClusterReport* find_report(const KnownWorld& world, std::string_view cluster) {
  for (const ClusterReport* report : world.reports) {
    if (report != nullptr && report->snapshot.cluster == cluster) return report;
  }
  return nullptr;
}

std::vector<ClusterScope> find_clusters(const KnownWorld& world, std::string_view asked) {
  std::vector<ClusterScope> clusters;
  for (const std::string& name : world.configured_clusters) {
    if (asked.empty() || asked == name) clusters.push_back({name, find_report(world, name)});
  }
  return clusters;
}

bool has_node(const ClusterReport& report, std::string_view node) {
  return std::ranges::any_of(report.snapshot.nodes, [&](const NodeObservation& seen) {
    return seen.postgres.name == node;
  });
}

std::vector<std::string> node_names(const std::vector<ClusterScope>& clusters) {
  std::vector<std::string> names;
  for (const ClusterScope& cluster : clusters) {
    if (cluster.report == nullptr) continue;
    for (const NodeObservation& node : cluster.report->snapshot.nodes) {
      names.push_back(node.postgres.name);
    }
  }
  return names;
}

/// The clusters that have the node, or might: without a report nobody can tell.
std::vector<ClusterScope> with_node(std::vector<ClusterScope> clusters, std::string_view node) {
  std::erase_if(clusters, [&](const ClusterScope& cluster) {
    return cluster.report != nullptr && !has_node(*cluster.report, node);
  });
  return clusters;
}

}  // namespace

Result<Scope, std::string> find_scope(const KnownWorld& world, const CheckQuery& query) {
  Scope scope{.check = find_row(world, query.check),
              .clusters = find_clusters(world, query.cluster),
              .node = query.node};
  if (scope.check == nullptr && query.check != "health") {
    return Failed{unknown_name("check", query.check, check_names(world))};
  }
  if (scope.clusters.empty()) {
    const std::vector<std::string> known{world.configured_clusters.begin(),
                                         world.configured_clusters.end()};
    return Failed{unknown_name("cluster", query.cluster, known)};
  }
  if (query.node.empty()) return scope;

  const std::vector<std::string> known = node_names(scope.clusters);
  scope.clusters = with_node(std::move(scope.clusters), query.node);
  if (scope.clusters.empty()) return Failed{unknown_name("node", query.node, known)};
  return scope;
}

}  // namespace pgrepl
