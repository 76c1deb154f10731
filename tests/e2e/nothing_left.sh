# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154  # the test sets work and has fail
#
# nothing_left: fails when the demo of $work/demo has left its folder or a process behind.
nothing_left() {
  local left
  [[ ! -e $work/demo ]] || fail "the demo left its folder behind"
  # the pattern lies in a file, so that grep does not find itself
  echo "$work/demo" >"$work/pattern"
  left=$(grep -laF -f "$work/pattern" /proc/[0-9]*/cmdline 2>/dev/null || true)
  [[ -z $left ]] || fail "the demo left processes behind: $left"
}
