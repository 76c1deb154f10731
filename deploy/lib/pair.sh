# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# A real PostgreSQL 15 pair as the guide sets it up, from the corrected files in deploy/postgresql: only
# addresses, paths and sizes are this machine's.

port_of() {
  [[ $1 == wallix-a1 ]] && echo "$a1_port" || echo "$a2_port"
}

other_node() {
  [[ $1 == wallix-a1 ]] && echo wallix-a2 || echo wallix-a1
}

# $primary is the node that was promoted last; it is kept in the notes.
standby_node() {
  other_node "$primary"
}

node_runs() {
  (as_server "$pg_bin/pg_ctl" -D "$demo_dir/$1/data" status) >/dev/null 2>&1
}

# sql NODE [psql options]: as superuser over the node's own socket, which only the servers' user can reach.
sql() {
  local node=$1
  shift
  (as_server "$pg_client" -X -q -A -t -P pager=off -v ON_ERROR_STOP=1 -h "$demo_dir/$node/run" -p "$(port_of "$node")" \
    -U postgres -d postgres "$@")
}

# The SQL of a step, shown and run.
run_sql() {
  show_server_command psql -h "$demo_dir/$1/run" -U postgres -p "$(port_of "$1")" -c "$2"
  sql "$1" -c "$2"
}

new_password() {
  head -c 24 /dev/urandom | base64 | tr -d '/+=\n'
}

# As on Debian, the configuration lies outside the data directory, so that a base backup does not carry it.
write_node_settings() {
  local node=$1 guide_file=$2
  mkdir -p "$demo_dir/$node"/{etc,archive}
  install -d -m 700 "$demo_dir/$node/run"
  sed "s|/var/lib/postgresql/archive|$demo_dir/$node/archive|" "$here/postgresql/$guide_file" \
    >"$demo_dir/$node/etc/guide.conf"
  cat >"$demo_dir/$node/etc/postgresql.conf" <<CONF
data_directory = '$demo_dir/$node/data'
hba_file = '$demo_dir/$node/etc/pg_hba.conf'
cluster_name = '15/main'                    # as Debian sets it
include 'guide.conf'                        # deploy/postgresql/$guide_file
listen_addresses = '127.0.0.1'
port = $(port_of "$node")
unix_socket_directories = '$demo_dir/$node/run'
shared_buffers = 32MB                       # small, for a throw-away server
CONF
  {
    echo "local   all             postgres                                trust  # the socket's folder is 0700"
    sed 's|^\(host.*\) 10\.100\.254\.[0-9]*/32|\1 127.0.0.1/32|' "$here/postgresql/pg_hba.conf"
  } >"$demo_dir/$node/etc/pg_hba.conf"
  ((EUID != 0)) || chown -R "$server_user" "$demo_dir/$node"
}

start_node() {
  run "$pg_bin/pg_ctl" -D "$demo_dir/$1/data" -o "-c config_file=$demo_dir/$1/etc/postgresql.conf" \
    -l "$demo_dir/$1/log" -w -t 60 -s start || { tail -n 5 "$demo_dir/$1/log" >&2; return 1; }
}

# stop_node NODE [fast|immediate]
stop_node() {
  run "$pg_bin/pg_ctl" -D "$demo_dir/$1/data" -m "${2:-fast}" -w -t 60 -s stop
}

# base_backup NEW_STANDBY [OPTION...]: with its application_name, which -R puts into primary_conninfo.
base_backup() {
  local node=$1 from
  from=$(other_node "$node")
  shift
  run "$pg_client_bin/pg_basebackup" \
    -d "host=127.0.0.1 port=$(port_of "$from") user=replicator application_name=$node passfile=$demo_dir/replicator.pgpass" \
    -D "$demo_dir/$node/data" -R -X stream --checkpoint=fast "$@"
}

write_passfile() {
  local file=$demo_dir/$1 database=$2 role=$3 password=$4
  (umask 077 && echo "127.0.0.1:*:$database:$role:$password" >"$file")
  ((EUID != 0)) || chown "$server_user" "$file"
}

# The SQL that makes the roles, with these passwords.  No standby is there yet to confirm a commit.
# roles_sql REPLICATOR_PASSWORD MONITOR_PASSWORD
roles_sql() {
  cat <<SQL
SET synchronous_commit = local;
CREATE ROLE replicator WITH REPLICATION LOGIN PASSWORD '$1';
\\i $demo_dir/monitoring_role.sql
ALTER ROLE pgrepl_monitor PASSWORD '$2';
SQL
}

# Passwords go to psql on its input, never on a command line, and are shown as ***.
make_roles() {
  local replicator_password monitor_password
  replicator_password=$(new_password)
  monitor_password=$(new_password)
  write_passfile replicator.pgpass replication replicator "$replicator_password"
  write_passfile monitor.pgpass '*' pgrepl_monitor "$monitor_password"
  cp "$here/sql/monitoring_role.sql" "$demo_dir/"
  note "roles: replicator, and pgrepl_monitor from deploy/sql/monitoring_role.sql"
  show_server_command psql -h "$demo_dir/wallix-a1/run" -U postgres -p "$a1_port"
  roles_sql '***' '***' | sed 's/^/       /'
  sql wallix-a1 < <(roles_sql "$replicator_password" "$monitor_password")
}

start_pair() {
  say "PostgreSQL pair: wallix-a1 (primary, port $a1_port), wallix-a2 (synchronous standby, port $a2_port)"
  write_node_settings wallix-a1 primary.conf
  write_node_settings wallix-a2 standby.conf
  run_quietly "$pg_bin/initdb" -D "$demo_dir/wallix-a1/data" -U postgres -A reject -E UTF8 --locale=C.UTF-8
  start_node wallix-a1
  make_roles
  base_backup wallix-a2 -C -S wallix_a2_slot
  start_node wallix-a2
  wait_for 30 "wallix-a2 to become a synchronous standby" standby_is_sync
  run_sql wallix-a1 "SELECT application_name, state, sync_state FROM pg_stat_replication"
}

standby_is_sync() {
  [[ $(sql wallix-a1 -c "SELECT sync_state FROM pg_stat_replication WHERE application_name = 'wallix-a2'") == sync ]]
}

# Signals a server and all its processes at once.
# signal_node SIGNAL NODE
signal_node() {
  local postmaster children
  postmaster=$(head -n 1 "$demo_dir/$2/data/postmaster.pid" 2>/dev/null) || return 0
  read -ra children <"/proc/$postmaster/task/$postmaster/children" || true
  kill -s "$1" "$postmaster" "${children[@]}" 2>/dev/null
}

stop_pair() {
  local node
  for node in wallix-a2 wallix-a1; do
    signal_node CONT "$node" || true
    ! node_runs "$node" || (as_server "$pg_bin/pg_ctl" -D "$demo_dir/$node/data" -m immediate -w -t 30 -s stop) || true
  done
}
