# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What a folder must allow before something is begun in it.

# is_noexec FOLDER: whether no program can run from there, as hardened machines have it for /tmp and /var/tmp.
is_noexec() {
  [[ ,$(findmnt -n -o OPTIONS -T "$1"), == *,noexec,* ]]
}

# can_build_in FOLDER: makes it, and fails where another user has built; ninja's log tells, which is never made anew.
can_build_in() {
  mkdir -p "$1" 2>/dev/null && [[ -w $1 ]] && [[ ! -e $1/.ninja_log || -w $1/.ninja_log ]]
}
