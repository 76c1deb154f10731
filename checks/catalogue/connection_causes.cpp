// SPDX-License-Identifier: Apache-2.0
#include "checks/catalogue/connection_causes.h"

#include <algorithm>

#include "checks/catalogue/row_rules.h"

namespace pgrepl {
namespace {

constexpr CauseRow kCauses[] = {
    {.id = "no_address",
     .says = "The server's name has no address here.",
     .fix = "getent hosts {host}   # here, and on the standby\n"
            "correct the name in the conninfo of {node} and in primary_conninfo, or the resolver"},
    {.id = "unreachable",
     .says = "Network connectivity: no way leads to the server, or its machine is off.",
     .fix = "ping -c 3 {address}   # here, and on the standby\n"
            "ip route get {address}"},
    {.id = "silent",
     .says =
         "Network connectivity: nothing answers at the server's address; its machine is off, or "
         "a firewall drops all that is sent to it.",
     .fix = "ping -c 3 {address}   # here, and on the standby\n"
            "on the console of {node}: does it run, and has it this address?"},
    {.id = "firewall",
     .says = "Firewall: the machine answers, but what is sent to PostgreSQL's port vanishes.",
     .fix =
         "nft list ruleset   # on {node}, and on every firewall in between: allow port {port}/tcp\n"
         "nc -zv {address} {port}   # must say open, here and on the standby"},
    {.id = "port_closed",
     .says = "Port: the machine answers, but nothing listens there; PostgreSQL is stopped, or "
             "listens elsewhere.",
     .fix = "systemctl status 'postgresql@*'   # on {node}; under Pacemaker: crm_mon -1\n"
            "ss -ltn 'sport = :{port}'   # on {node}: which addresses it listens on\n"
            "psql -c 'SHOW listen_addresses' -c 'SHOW port'   # on {node}, if it runs"},
    {.id = "no_answer",
     .says = "Firewall, or a server that hangs: the port takes connections, and then nobody "
             "answers.",
     .fix = "psql -c 'SELECT 1'   # on {node}: does PostgreSQL answer at home?\n"
            "nft list ruleset   # on every firewall in between: let answers of port {port} back"},
    {.id = "hba",
     .says =
         "pg_hba.conf has no line that lets the replication role in from the machine that asks; "
         "\"all\" as the database does not cover replication.",
     .fix =
         "host replication {user} {standby_address} scram-sha-256   # into pg_hba.conf of {node}\n"
         "psql -c 'SELECT pg_reload_conf()'   # on {node}\n"
         "psql -c 'SELECT * FROM pg_hba_file_rules'   # on {node}: the first line that fits "
         "counts"},
    {.id = "hba_from_here",
     .says =
         "pg_hba.conf does not let the replication role in from this machine, which is none of the "
         "standbys: what it says to theirs can be tried on theirs alone.",
     .fix =
         "pgrepl_exporter doctor   # on {standby}: what is true from there\n"
         "psql -c 'SELECT * FROM pg_hba_file_rules'   # on {node}: is there a line for replication "
         "from {standby_address}?\n"
         "tail -n 50 /var/log/postgresql/*.log   # on {standby}: why its WAL receiver ends"},
    {.id = "password",
     .says = "The replication role's password is wrong, missing or expired, or there is no such "
             "role.",
     .fix = "psql -c '\\password {user}'   # on the primary; standbys follow\n"
            "the same password belongs into primary_conninfo, or the .pgpass it names, of every "
            "standby\n"
            "psql 'host={address} port={port} user={user} dbname=postgres' -c 'SELECT 1'   # tries "
            "it"},
    {.id = "no_replication_right",
     .says = "The role may log in, but not replicate.",
     .fix = "ALTER ROLE {user} WITH REPLICATION LOGIN;   -- on the primary"},
    {.id = "no_walsender",
     .says = "All walsenders, or all connections, of the server are in use.",
     .fix =
         "psql -c 'SELECT pid, application_name, client_addr, state FROM pg_stat_replication'   # "
         "on {node}\n"
         "raise max_wal_senders in postgresql.conf of {node}; it needs a restart"},
    {.id = "not_accepting",
     .says = "The server is starting, stopping, or takes no connections now.",
     .fix = "tail -n 50 /var/log/postgresql/*.log   # on {node}"},
    {.id = "tls",
     .says = "The two sides do not agree about TLS.",
     .fix = "compare sslmode in primary_conninfo with ssl in postgresql.conf and hostssl in "
            "pg_hba.conf of {node}"},
    {.id = "other_system",
     .says = "Another server answers there: it belongs to another database system.",
     .fix = "psql -c 'SELECT system_identifier FROM pg_control_system()'   # on every node\n"
            "correct the address; or build the node anew with pg_basebackup"},
    {.id = "standby_side",
     .says =
         "From this machine the replication role gets into the primary, so its port, pg_hba.conf "
         "line and password are right for here: the reason lies on the standby, or between it "
         "and the primary.",
     .fix =
         "pgrepl_exporter doctor   # on {node}: what is true from there\n"
         "tail -n 50 /var/log/postgresql/*.log   # on {node}: why its WAL receiver ends\n"
         "psql -c 'SHOW primary_conninfo' -c 'SHOW primary_slot_name'   # on {node}, as superuser"},
    {.id = "other",
     .says = "The server refuses for a reason of its own.",
     .fix = "read its words; then the log of PostgreSQL on {node}"},
};

constexpr bool all_sound() {
  return std::ranges::all_of(kCauses, [](const CauseRow& cause) {
    return row_rules::is_identifier(cause.id) && cause.says.ends_with('.') && !cause.fix.empty();
  });
}
static_assert(all_sound());

}  // namespace

std::span<const CauseRow> connection_causes() { return kCauses; }

const CauseRow* find_connection_cause(std::string_view id) {
  const auto found = std::ranges::find(kCauses, id, &CauseRow::id);
  return found == std::end(kCauses) ? nullptr : found;
}

}  // namespace pgrepl
