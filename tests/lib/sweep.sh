# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Finds and ends what a test run left.  A process is ours when it works below the run's directory or
# carries the run's mark in its environment; nothing else is touched.

# processes_of_run DIRECTORY: their ids.
processes_of_run() {
  local directory=$1 process id
  for process in /proc/[0-9]*; do
    id=${process#/proc/}
    [[ $id != "$$" && $id != "$BASHPID" ]] || continue
    if [[ $(readlink "$process/cwd" 2>/dev/null) == "$directory"/* ]] ||
      grep -qzxF "PGREPL_TEST_RUN=$directory" "$process/environ" 2>/dev/null; then
      echo "$id"
    fi
  done
}

# end_processes_of_run DIRECTORY: kills them and prints each.
end_processes_of_run() {
  local id command
  for id in $(processes_of_run "$1"); do
    command=$(tr '\0' ' ' 2>/dev/null <"/proc/$id/cmdline") || continue
    [[ -n $command ]] || continue # it has ended by itself
    echo "   left behind: $id $command"
    kill -KILL "$id" 2>/dev/null || true
  done
}
