// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "checks/catalogue/readings.h"
#include "checks/catalogue/receiver_trouble.h"
#include "checks/catalogue/rejoin.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

/// The walsender that serves a standby, and whose it is.
struct Sender {
  const NodeSnapshot* node = nullptr;
  const StatReplicationRow* row = nullptr;
};

std::optional<Sender> sender_of(const CheckFacts& facts, std::size_t standby) {
  const auto& match = facts.analysis.nodes[standby].walsender;
  if (!match) return std::nullopt;
  const NodeSnapshot& node = facts.snapshot.nodes[match->node].postgres;
  return Sender{&node, &node.state->wal_senders[match->row]};
}

/// Whether a base backup goes to the node: one that was started under its name.
bool is_being_copied(const CheckFacts& facts, const std::string& node) {
  const std::size_t primary = *facts.analysis.primary();
  const auto& rows = facts.snapshot.nodes[primary].postgres.state->wal_senders;
  const auto& kinds = facts.analysis.nodes[primary].wal_senders;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (kinds[i].kind == WalsenderKind::base_backup && rows[i].application_name == node)
      return true;
  }
  return false;
}

/// A silent node that was primary before the present one was promoted.
Reading old_primary(const CheckFacts& facts, std::size_t i, Reading reading) {
  reading.cause = "old_primary";
  reading.summary += "; it was the primary before, and ";
  reading.summary += rejoin_text(*facts.analysis.nodes[i].timeline->rejoin);
  reading.names = rejoin_names(facts, i);
  return reading;
}

bool is_old_primary(const NodeAnalysis& node) {
  return node.last_role == Role::primary && node.timeline && node.timeline->rejoin &&
         node.timeline->descent != Descent::ahead;
}

bool can_rejoin_as_it_is(const NodeAnalysis& node) {
  return node.timeline && node.timeline->rejoin == RejoinWay::as_is;
}

/// Says of a standby that answers what is known of why it does not stream, else who knows it.
void why_it_does_not_stream(const CheckFacts& facts, std::size_t i, Reading& reading) {
  const NodeAnalysis& seen = facts.analysis.nodes[i];
  const bool has_receiver = facts.snapshot.nodes[i].postgres.state->wal_receiver.has_value();
  const auto trouble = receiver_trouble(facts, i);
  if (seen.lag->state == LagState::archive_only) {
    reading.cause = "archive_only";
    reading.summary += ": it is fed from the archive" + (trouble ? ", " + trouble->text : "");
  } else if (trouble) {
    reading.cause = trouble->cause;
    reading.summary += ": " + trouble->text;
    reading.names = rejoin_names(facts, i);  // its own slot is the one in trouble
  } else if (!has_receiver) {
    reading.cause = "receiver_down";
    reading.summary += ": its WAL receiver is not running";
  }
  if (!has_receiver && can_rejoin_as_it_is(seen) && reading.cause != kWalRemoved.id) {
    reading.summary += "; ";
    reading.summary += rejoin_text(RejoinWay::as_is);
  } else if (reading.cause == "receiver_down") {
    reading.summary += ", its log or pgrepl_exporter doctor tells why";
  }
}

Reading no_walsender(const CheckFacts& facts, std::size_t i, const NodeSnapshot& standby) {
  const std::string& primary = facts.snapshot.nodes[*facts.analysis.primary()].postgres.name;
  Reading reading{.node = standby.name,
                  .object = "",
                  .cause = "no_walsender",
                  .summary = standby.name + " does not stream from " + primary,
                  .other_node = primary};
  if (!standby.up()) {
    reading.cause = "standby_unreachable";
    reading.summary += ", and " + unreachable(standby).text;
    if (is_old_primary(facts.analysis.nodes[i]))
      reading = old_primary(facts, i, std::move(reading));
    if (is_being_copied(facts, standby.name))
      reading.summary += "; a base backup for it is running";
  } else {
    why_it_does_not_stream(facts, i, reading);
  }
  return reading;
}

Reading streaming_reading(const CheckFacts& facts, std::size_t i, const NodeSnapshot& standby) {
  const auto sender = sender_of(facts, i);
  if (!sender) return no_walsender(facts, i, standby);
  const std::string& name = sender->node->name;
  const std::optional<std::string>& state = sender->row->state;
  if (!state) return unknown(standby.name, lacks_pg_monitor(*sender->node));
  if (!standby.up()) {  // its sender goes on saying so until wal_sender_timeout
    const Because silent = unreachable(standby);
    return unknown(standby.name,
                   {name + " still calls it " + *state + ", but " + silent.text, silent.node});
  }
  if (*state == "streaming") {
    return {.node = standby.name, .object = "", .summary = standby.name + " streams from " + name};
  }
  return {.node = standby.name,
          .object = "",
          .cause = "catching_up",
          .summary = standby.name + " is in state " + *state + " on " + name};
}

Readings read_replication(const CheckFacts& facts) {
  Readings readings;
  const auto nobody = no_walsenders_seen(facts);
  each_standby(facts, [&](std::size_t i, const NodeSnapshot& standby) {
    readings.found.push_back(nobody ? unknown(standby.name, *nobody)
                                    : streaming_reading(facts, i, standby));
  });
  for_primaries(facts, readings);
  return readings;
}

constexpr CauseRow kReplicationCauses[] = {
    {.id = "standby_unreachable",
     .state = State::critical,
     .says = "The standby is missing because it is down or cut off.",
     .fix = "bring {node} back first: see check node_up\n"
            "until then commits wait or are not safe: psql -c 'SHOW synchronous_standby_names'   # "
            "on {primary}"},
    {.id = "old_primary",
     .state = State::critical,
     .says = "The old primary is missing after a failover; it does not come back as a standby by "
             "itself, and started as it was it is a second primary.",
     .fix = kRewindOrBaseBackupFix},
    {.id = "receiver_down",
     .state = State::critical,
     .says = "The standby runs, but its WAL receiver cannot reach or enter the primary.",
     .fix =
         "tail -n 50 /var/log/postgresql/*.log   # on {node}: network, pg_hba.conf, password, "
         "slot or timeline\n"
         "psql '{primary_conninfo} user={replicator} dbname=postgres' -c 'SELECT 1'   # from "
         "{node}\n"
         "grep replication pg_hba.conf   # on {primary}: a line for {node}\n"
         "pgrepl_exporter doctor --replication-user {replicator}   # on {node}: tries the login"},
    kNoUpstream,
    kSlotMissing,
    kSlotLost,
    kWalRemoved,
    kNoWalsenderFree,
    {.id = "archive_only",
     .state = State::critical,
     .says = "The standby restores archived WAL files and does not stream: its newest data is on "
             "the primary alone.",
     .fix = "psql -c 'SHOW primary_conninfo'   # on {node}, as superuser: it is empty, or cannot "
            "reach {primary}\n"
            "tail -n 50 /var/log/postgresql/*.log   # on {node}: why the WAL receiver ends"},
    {.id = "no_walsender",
     .state = State::critical,
     .says = "The standby has a WAL receiver, but it does not stream from this primary.",
     .fix = "psql -c 'SELECT status, sender_host, sender_port, slot_name FROM "
            "pg_stat_wal_receiver'   # on {node}\n"
            "compare sender_host with {primary}; correct primary_conninfo on {node}"},
    {.id = "catching_up",
     .state = State::warning,
     .says = "The standby reads old WAL to catch up; it cannot take over without loss yet.",
     .fix = "psql -c 'SELECT application_name, state, pg_wal_lsn_diff(pg_current_wal_lsn(), "
            "sent_lsn) FROM pg_stat_replication'   # on {primary}: the figure must shrink"},
};

}  // namespace

constexpr CheckRow kReplication{.id = "replication",
                                .title = "Each expected standby streams",
                                .question = "Is the standby connected?",
                                .topic = Topic::replication,
                                .hold = {.seconds = 15, .polls = 1},
                                .causes = kReplicationCauses,
                                .source = "guide: replication not starting",
                                .read = read_replication};

static_assert(row_rules::is_sound(kReplication));

}  // namespace pgrepl::catalogue
