# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What the demo tells its reader: headings, the commands it runs, and why it stops.

say() { printf '\n== %s\n' "$*"; }
note() { printf '   %s\n' "$*"; }
die() { printf 'demo: %s\n' "$*" >&2; exit 1; }

# Shows a command the way one would type it.
show_command() {
  local word line=
  for word in "$@"; do
    [[ $word =~ ^[A-Za-z0-9_./:=,@%+-]+$ ]] || word="'${word//\'/\'\\\'\'}'"
    line+=" $word"
  done
  printf '$%s\n' "$line"
}

# wait_for SECONDS WHAT COMMAND...: repeats COMMAND until it succeeds; dies when the time is over.
wait_for() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || die "gave up waiting for $what"
    sleep 0.2
  done
}
