# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Counts the results of one ctest run.  A failure must not be able to hide: what did not run, was skipped
# or died before it could report counts as failed.

# attribute NAME TEXT: the number in NAME="...", or 0.
attribute() {
  local value
  value=$(grep -o " $1=\"[0-9]*\"" <<<"$2" | head -n 1 | tr -dc '0-9') || true
  echo "${value:-0}"
}

# skipped_in FILE: GoogleTest counts them per suite only.
skipped_in() {
  { grep -o '<testcase [^>]*result="skipped"' "$1" || true; } | wc -l
}

# strays_in DIR NAME...: result files that belong to none of these tests.  Two runs of one program that name
# their results alike overwrite each other, or write PROGRAM_1.xml.
strays_in() {
  local file
  for file in "$1"/*.xml; do
    file=$(basename "$file" .xml)
    [[ $file == ctest || " ${*:2} " == *" $file "* ]] || echo "$file"
  done
}

# count_results DIR: adds to `passed` and `failed` from DIR/ctest.xml (written by ctest) and DIR/TEST.xml
# (written by GoogleTest; a test without one counts as a single case).
count_results() {
  local directory=$1 names=() line name is_good head all bad
  while read -r line; do
    name=${line#*name=\"}
    name=${name%%\"*}
    names+=("$name")
    is_good=0
    [[ $line != *' status="run"'* ]] || is_good=1
    all=1 bad=$((1 - is_good))
    if [[ -s $directory/$name.xml ]]; then
      head=$(grep -m 1 '<testsuites ' "$directory/$name.xml")
      all=$(attribute tests "$head")
      bad=$(($(attribute failures "$head") + $(attribute errors "$head") +
        $(attribute disabled "$head") + $(skipped_in "$directory/$name.xml")))
      ((is_good || bad > 0)) || { all=$((all + 1)) bad=1; } # all cases passed, and then it died
      ((all > 0)) || all=1 bad=1                            # a program that ran no case
    fi
    ((bad == 0)) || echo "   FAILED: $name ($bad of $all)"
    passed=$((passed + all - bad))
    failed=$((failed + bad))
  done < <(grep '<testcase ' "$directory/ctest.xml")
  for name in $(strays_in "$directory" "${names[@]}"); do
    echo "   FAILED: $name.xml holds results of no test that ctest knows"
    failed=$((failed + 1))
  done
}
