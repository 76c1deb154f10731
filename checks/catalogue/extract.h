// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <ranges>
#include <span>
#include <string_view>

#include "checks/catalogue/fact_row.h"

// Small words for extractors, so that a row's function reads like its help text.
namespace pgrepl::catalogue {

/// Calls `take(node, state, analysis)` for every node that answered.
template <class Take>
void each_answer(const ClusterFacts& facts, Take take) {
  for (std::size_t i = 0; i < facts.snapshot.nodes.size(); ++i) {
    const NodeSnapshot& node = facts.snapshot.nodes[i].postgres;
    if (node.up()) take(node.name, *node.state, facts.analysis.nodes[i]);
  }
}

/// Calls `take(node, lag)` for every node that is not known to be a primary.
template <class Take>
void each_lag(const ClusterFacts& facts, Take take) {
  for (std::size_t i = 0; i < facts.snapshot.nodes.size(); ++i) {
    const auto& lag = facts.analysis.nodes[i].lag;
    if (lag) take(facts.snapshot.nodes[i].postgres.name, *lag);
  }
}

/// A number, if there is one.
template <class Number>
std::optional<double> number(const std::optional<Number>& value) {
  if (!value) return std::nullopt;
  return static_cast<double>(*value);
}
inline std::optional<double> number(const std::optional<Seconds>& value) {
  if (!value) return std::nullopt;
  return value->count();
}
inline std::optional<double> number(const std::optional<Lsn>& value) {
  if (!value) return std::nullopt;
  return static_cast<double>(value->bytes());
}

/// Emits a fact that every answering node may have: an absent one is not emitted.
template <class Get>
void per_node(const ClusterFacts& facts, FactSink& sink, Get get) {
  each_answer(facts,
              [&](const std::string& node, const NodeState& state, const NodeAnalysis& seen) {
                const std::optional<double> value = get(state, seen);
                if (value) sink.emit({facts.snapshot.cluster, node}, *value);
              });
}

/// Emits one series per possible value of a state, 1 for the one that holds.
template <class Values>
void one_of(FactSink& sink, std::initializer_list<std::string_view> labels, const Values& values,
            std::string_view holds) {
  for (const std::string_view value : values) {
    sink.emit_with(labels, value, value == holds ? 1 : 0);
  }
}

}  // namespace pgrepl::catalogue
