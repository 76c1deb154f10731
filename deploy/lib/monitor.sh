# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Builds pgrepl, starts it beside the pair and shows what it says.

# PGREPL_BUILD_DIR names a finished build to use instead.
build_programs() {
  build_dir=${PGREPL_BUILD_DIR:-}
  [[ -z $build_dir ]] || return 0
  build_dir=$root/build/release
  can_build_in "$build_dir" ||
    die "$(id -un) cannot build in $build_dir: make it yours, remove it, or clone to a folder of yours"
  say "Building pgrepl_exporter and check_pgrepl (the first time takes some minutes)"
  show_command cmake --preset release
  (cd "$root" && cmake --preset release >"$demo_dir/cmake.log") || { tail -n 20 "$demo_dir/cmake.log" >&2; return 1; }
  show_command cmake --build --preset release --target pgrepl_exporter check_pgrepl
  (cd "$root" && cmake --build --preset release --target pgrepl_exporter check_pgrepl)
}

# Copies: the servers' user may not be allowed to enter the folder that the sources lie in.
copy_programs() {
  install "$build_dir/exporter/pgrepl_exporter" "$build_dir/checks/plugin/check_pgrepl" "$demo_dir/bin/"
}

host_source() {
  local paths="data_path = \"$demo_dir/$1/data\", wal_path = \"$demo_dir/$1/data/pg_wal\", archive_path = \"$demo_dir/$1/archive\""
  if [[ -n ${node_exporter_port:-} ]]; then
    echo "{ source = \"node_exporter\", url = \"http://127.0.0.1:$node_exporter_port/metrics\", $paths }"
  else
    echo "{ source = \"local\", $paths }"
  fi
}

write_exporter_configuration() {
  local node
  {
    echo '[[cluster]]'
    echo 'name = "wallix"'
    for node in wallix-a1 wallix-a2; do
      echo
      echo '[[cluster.node]]'
      echo "name = \"$node\""
      echo "conninfo = \"host=127.0.0.1 port=$(port_of "$node") user=pgrepl_monitor dbname=postgres passfile=$demo_dir/monitor.pgpass\""
      echo "host = $(host_source "$node")"
    done
  } >"$demo_dir/pgrepl.toml"
}

# start_in_background NAME COMMAND...: sets NAME_pid.  In a session of its own, so that Ctrl-C reaches the
# demo alone, which then stops things in order.
start_in_background() {
  local name=$1
  shift
  show_server_command "$@"
  as_server_in_session "$@" >"$demo_dir/$name.log" 2>&1 &
  printf -v "${name}_pid" '%s' $!
  write_notes "${name}_pid"
}

as_server_in_session() {
  cd "$demo_dir" || return
  if ((EUID != 0)); then
    exec setsid "$@"
  else
    exec setsid setpriv --reuid="$server_user" --regid="$(id -g "$server_user")" --init-groups "$@"
  fi
}

start_node_exporter() {
  say "node_exporter on port $node_exporter_port"
  start_in_background node_exporter "$(programs_find prometheus-node-exporter)" \
    --web.listen-address="127.0.0.1:$node_exporter_port"
  wait_for 20 "node_exporter" curl -fs "http://127.0.0.1:$node_exporter_port/metrics"
}

exporter_url() {
  echo "http://127.0.0.1:$exporter_port"
}

start_exporter() {
  say "pgrepl_exporter on port $exporter_port"
  write_exporter_configuration
  show_command cat "$demo_dir/pgrepl.toml"
  sed 's/^/   /' "$demo_dir/pgrepl.toml"
  start_in_background exporter "$demo_dir/bin/pgrepl_exporter" --config.file "$demo_dir/pgrepl.toml" \
    --web.listen-address "127.0.0.1:$exporter_port"
  if ! (wait_for 20 "pgrepl_exporter" curl -fs "$(exporter_url)/-/ready"); then
    cat "$demo_dir/exporter.log" >&2
    return 1
  fi
}

# stop_process PID: ends what the demo started, and waits for it.
stop_process() {
  [[ -n ${1:-} ]] && kill "$1" 2>/dev/null || return 0
  local deadline=$((SECONDS + 10))
  while kill -0 "$1" 2>/dev/null; do
    ((SECONDS < deadline)) || kill -KILL "$1" 2>/dev/null || true
    sleep 0.1
  done
}

# The lines of the page that tell a reader most; the rest is at the address that is shown.  Of a state's series,
# one per possible value, only the one that is 1.
telling_metrics='node_up|node_role|replay_lag_seconds|replay_lag_state|walsender_sync_state|slot_retained_bytes'
telling_metrics+='|wal_directory_bytes|filesystem_available_bytes|check_status'

show_metrics() {
  say "A page of metrics (some lines of it)"
  show_command curl -s "$(exporter_url)/metrics"
  curl -s "$(exporter_url)/metrics" | grep -E "^pgrepl_($telling_metrics)\{" |
    grep -vE '(role|state)="[a-z_]*"\} 0$' | sed 's/^/   /'
}

# check [ARGUMENT...]: check_pgrepl's answer; keeps its exit code.
check() {
  show_command check_pgrepl -u "$(exporter_url)" "$@"
  local code=0
  "$demo_dir/bin/check_pgrepl" -u "$(exporter_url)" "$@" || code=$?
  note "exit code $code"
  return "$code"
}

# check_says CODE: whether the worst of all checks has this code now.
check_says() {
  local code=0
  "$demo_dir/bin/check_pgrepl" -u "$(exporter_url)" health >/dev/null 2>&1 || code=$?
  ((code == $1))
}
