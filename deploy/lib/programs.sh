# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Finds the server programs that demo and tests start: those of the system if it has them, else those that
# install-packages unpacked aside into a cache.  PGREPL_IGNORE_SYSTEM=1 looks into the cache only.

programs_cache=${PGREPL_CACHE:-/var/tmp/pgrepl-programs}

# program, the package that has it, its place below /
programs_table="
initdb                        postgresql-15                 usr/lib/postgresql/15/bin/initdb
postgres                      postgresql-15                 usr/lib/postgresql/15/bin/postgres
pg_ctl                        postgresql-15                 usr/lib/postgresql/15/bin/pg_ctl
pg_controldata                postgresql-15                 usr/lib/postgresql/15/bin/pg_controldata
pg_rewind                     postgresql-15                 usr/lib/postgresql/15/bin/pg_rewind
pg_basebackup                 postgresql-client-15          usr/lib/postgresql/15/bin/pg_basebackup
psql                          postgresql-client-15          usr/lib/postgresql/15/bin/psql
pgbench                       postgresql-15                 usr/lib/postgresql/15/bin/pgbench
prometheus                    prometheus                    usr/bin/prometheus
promtool                      prometheus                    usr/bin/promtool
prometheus-node-exporter      prometheus-node-exporter      usr/bin/prometheus-node-exporter
prometheus-postgres-exporter  prometheus-postgres-exporter  usr/bin/prometheus-postgres-exporter
systemd-analyze               systemd                       usr/bin/systemd-analyze
"

# The cache is run from, so that only its owner or root may have filled it: its parent is open to everybody.
programs_cache_is_ours() {
  local owner
  [[ -d $programs_cache && ! -L $programs_cache ]] || return 1
  owner=$(stat -c %u "$programs_cache")
  [[ $owner == 0 || $owner == "$EUID" ]]
}

programs_package_is_unpacked() {
  programs_cache_is_ours && [[ -e $programs_cache/.unpacked/$1 ]]
}

# programs_find NAME: prints the program's full path, or says on stderr how to get it.
programs_find() {
  local name=$1 package path
  read -r _ package path < <(grep -E "^$name " <<<"$programs_table")
  if [[ -z $package ]]; then
    echo "unknown program \"$name\"" >&2
    return 2
  elif [[ -z ${PGREPL_IGNORE_SYSTEM:-} && -x /$path ]]; then
    echo "/$path"
  elif programs_package_is_unpacked "$package" && [[ -x $programs_cache/$path ]]; then
    echo "$programs_cache/$path"
  else
    echo "$name is missing: run deploy/install-packages demo test bench (Debian package $package)" >&2
    return 1
  fi
}

# programs_list: all names.
programs_list() {
  awk 'NF { print $1 }' <<<"$programs_table"
}
