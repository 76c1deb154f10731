// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "checks/catalogue/extract.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

constexpr std::array<std::string_view, 5> kStatuses{"starting", "waiting", "streaming",
                                                    "restarting", "stopping"};

template <class Take>
void each_standby(const ClusterFacts& facts, Take take) {
  each_answer(facts, [&](const std::string& node, const NodeState& state, const NodeAnalysis&) {
    if (state.in_recovery && !state.missing.wal_receiver) take(node, state);
  });
}

void up(const ClusterFacts& facts, FactSink& sink) {
  each_standby(facts, [&](const std::string& node, const NodeState& state) {
    sink.emit({facts.snapshot.cluster, node}, state.wal_receiver ? 1 : 0);
  });
}

/// All series are there without a receiver too, as 0: the row of the view is not, but the fact is
/// known.
void status(const ClusterFacts& facts, FactSink& sink) {
  each_standby(facts, [&](const std::string& node, const NodeState& state) {
    const bool hidden = state.wal_receiver && !state.wal_receiver->status;
    if (hidden) return;
    one_of(sink, {facts.snapshot.cluster, node}, kStatuses,
           state.wal_receiver ? std::string_view{*state.wal_receiver->status} : "");
  });
}

void info(const ClusterFacts& facts, FactSink& sink) {
  each_standby(facts, [&](const std::string& node, const NodeState& state) {
    if (!state.wal_receiver || !state.wal_receiver->sender_host) return;
    const StatWalReceiverRow& receiver = *state.wal_receiver;
    const std::string port = receiver.sender_port ? std::to_string(*receiver.sender_port) : "";
    sink.emit({facts.snapshot.cluster, node, *receiver.sender_host, port,
               receiver.slot_name.value_or("")},
              1);
  });
}

void message_age(const ClusterFacts& facts, FactSink& sink) {
  per_node(facts, sink, [](const NodeState& state, const NodeAnalysis&) -> std::optional<double> {
    if (!state.wal_receiver) return std::nullopt;
    return number(state.wal_receiver->last_message_age);
  });
}

constexpr FactRow kRows[] = {
    {.metric = "pgrepl_wal_receiver_up",
     .labels = {"cluster", "node"},
     .help = "Whether a standby has a WAL receiver process.",
     .source = "pg_stat_wal_receiver",
     .of_cluster = up},
    {.metric = "pgrepl_wal_receiver_status",
     .labels = {"cluster", "node", "status"},
     .help = "What the WAL receiver does, one series per status, all 0 without a receiver.",
     .source = "pg_stat_wal_receiver.status",
     .of_cluster = status},
    {.metric = "pgrepl_wal_receiver_info",
     .labels = {"cluster", "node", "sender_host", "sender_port", "slot_name"},
     .help = "From where and through which slot the standby receives, always 1.",
     .source = "pg_stat_wal_receiver",
     .of_cluster = info},
    {.metric = "pgrepl_wal_receiver_last_message_age_seconds",
     .unit = Unit::seconds,
     .labels = {"cluster", "node"},
     .help = "Time since the sender's last message, by the standby's clock.",
     .source = "now() - pg_stat_wal_receiver.last_msg_receipt_time",
     .of_cluster = message_age},
};
static_assert(row_rules::all_sound(std::span<const FactRow>{kRows}));

}  // namespace

std::span<const FactRow> wal_receiver_facts() { return kRows; }

}  // namespace pgrepl::catalogue
