# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What a reader can do to the running pair from another terminal.

stop_standby() { stop_node "$(standby_node)" "${1:-fast}"; }
start_standby() { start_node "$(standby_node)"; }
stop_primary() { stop_node "$primary" "${1:-fast}"; }
start_primary() { start_node "$primary"; }

freeze_standby() {
  note "stopping all processes of $(standby_node) with SIGSTOP: its connections stay open, nothing answers"
  signal_node STOP "$(standby_node)"
}

thaw_standby() { signal_node CONT "$(standby_node)"; }

# Replay stands still while WAL goes on: commits are confirmed, readers on the standby see old data.
pause_replay() {
  run_sql "$(standby_node)" "SELECT pg_wal_replay_pause()"
  write_wal 16
}

resume_replay() { run_sql "$(standby_node)" "SELECT pg_wal_replay_resume()"; }

abandon_slot() { run_sql "$primary" "SELECT pg_create_physical_replication_slot('abandoned', true)"; }
drop_slot() { run_sql "$primary" "SELECT pg_drop_replication_slot('abandoned')"; }

# Messages in the WAL: they need no table, and no standby to confirm a commit.
write_wal() {
  local megabytes=${1:-256}
  [[ $megabytes =~ ^[0-9]{1,5}$ ]] || die "how many megabytes? \"$megabytes\" is not a number"
  run_sql "$primary" "SELECT count(pg_logical_emit_message(false, 'demo', repeat('x', 1048576))) || ' MB written' FROM generate_series(1, $megabytes)"
}

# The old primary goes on: the pair is split until one of the two is copied anew.
promote() {
  run "$pg_bin/pg_ctl" -D "$demo_dir/$(standby_node)/data" -w -t 60 -s promote
  primary=$(standby_node)
  write_notes primary
  note "$primary is a primary now, and $(standby_node) does not know: stop-standby stops it, rejoin makes it a standby"
}

# Step 6 of deploy/postgresql/README.md: the old primary comes back as a standby with a name and a slot.
rejoin() {
  local node slot
  node=$(standby_node)
  slot=${node//-/_}_slot
  ! node_runs "$node" || stop_node "$node" immediate
  run rm -rf "$demo_dir/$node/data"
  base_backup "$node" -C -S "$slot"
  start_node "$node"
}

show_status() {
  local node
  for node in wallix-a1 wallix-a2; do
    say "$node, port $(port_of "$node")"
    if node_runs "$node"; then
      sql "$node" -c "SELECT CASE WHEN pg_is_in_recovery() THEN '   standby' ELSE '   primary' END"
      sql "$node" -c "SELECT '   sends to ' || application_name || ': ' || state || ', ' || sync_state FROM pg_stat_replication"
      sql "$node" -c "SELECT '   slot ' || slot_name || ': active ' || active || ', ' || coalesce(wal_status, 'no WAL reserved') FROM pg_replication_slots"
    else
      note "does not run"
    fi
  done
  say "pgrepl_exporter: $(exporter_url)"
}
