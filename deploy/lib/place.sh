# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The demo's folder, the user its servers run as, its ports, and the notes that let a second terminal
# find the demo that runs.

demo_dir=${PGREPL_DEMO_DIR:-${TMPDIR:-/tmp}/pgrepl-demo}

# PostgreSQL refuses to run as root.  The user postgres exists only where PostgreSQL is installed.
choose_server_user() {
  if ((EUID != 0)); then
    server_user=$(id -un)
  elif id postgres >/dev/null 2>&1; then
    server_user=postgres
  else
    server_user=nobody
  fi
}

# Runs a program as the servers' user, in the demo's folder, under the pid that bash knows.
as_server() {
  cd "$demo_dir" || return
  if ((EUID != 0)); then
    "$@"
  else
    setpriv --reuid="$server_user" --regid="$(id -g "$server_user")" --init-groups "$@"
  fi
}

show_server_command() {
  if ((EUID == 0)); then
    show_command runuser -u "$server_user" -- "$@"
  else
    show_command "$@"
  fi
}

# The same, shown first.  A subshell, so that the caller's folder stays.
run() {
  show_server_command "$@"
  (as_server "$@")
}

# The same for a command whose output is only of interest when it fails.
run_quietly() {
  local output
  show_server_command "$@"
  output=$(as_server "$@" 2>&1) || { printf '%s\n' "$output" >&2; return 1; }
}

# Tells whether nothing listens on a loopback port.
port_is_free() {
  ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# pick_port VARIABLE: sets it to a free port below the range that the kernel hands out.
pick_port() {
  while ! port_is_free "$next_port"; do
    next_port=$((next_port + 1))
  done
  printf -v "$1" '%s' "$next_port"
  next_port=$((next_port + 1))
}
next_port=25432

# Makes the folder.  mkdir without -p: it must be new, or somebody else may have prepared it.
make_place() {
  remove_leftovers
  mkdir -m 755 "$demo_dir" || die "cannot make $demo_dir: set PGREPL_DEMO_DIR to another place"
  place_is_made=1
  ! is_noexec "$demo_dir" || die "$demo_dir lies on a filesystem that is mounted noexec: set PGREPL_DEMO_DIR to another place"
  choose_server_user
  mkdir "$demo_dir"/{bin,wallix-a1,wallix-a2,exporter}
  ((EUID != 0)) || chown -R "$server_user" "$demo_dir"/{wallix-a1,wallix-a2,exporter}
  (as_server test -x .) || die "user $server_user cannot enter $demo_dir: set PGREPL_DEMO_DIR to another place"
}

# A demo that was killed outright leaves its folder; one that still runs is not disturbed.
remove_leftovers() {
  [[ -e $demo_dir ]] || return 0
  [[ -O $demo_dir && -f $demo_dir/notes ]] || die "$demo_dir exists and is not a demo of yours: set PGREPL_DEMO_DIR"
  read_notes
  ! kill -0 "$demo_pid" 2>/dev/null || die "a demo runs already (process $demo_pid): stop it with Ctrl-C"
  note "removing what a killed demo left in $demo_dir"
  stop_everything
  rm -rf "$demo_dir"
}

# Remembers NAME=VALUE for the commands of a second terminal.
write_notes() {
  local name
  for name in "$@"; do
    printf '%s=%q\n' "$name" "${!name}" >>"$demo_dir/notes"
  done
}

read_notes() {
  # shellcheck source=/dev/null
  source "$demo_dir/notes"
}

find_running_demo() {
  [[ -O $demo_dir && -f $demo_dir/notes ]] || die "no demo of yours runs (looked in $demo_dir)"
  read_notes
  kill -0 "$demo_pid" 2>/dev/null || die "the demo of $demo_dir has ended"
}
