# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034  # the lists are read by install-packages
#
# The Debian 12 packages that pgrepl needs, by purpose.  None of these starts or enables a service.
#
# A name followed by =COMMAND is wanted only if that command is missing: npm, for one, often comes from
# somewhere else than Debian.

packages_build=(
  g++ cmake ninja-build ccache pkg-config
  prometheus-cpp-dev libcivetweb-dev libtomlplusplus-dev libspdlog-dev libcli11-dev
  nlohmann-json3-dev libpq-dev libsqlite3-dev zlib1g-dev
  libgtest-dev libgmock-dev
)
packages_demo=(curl)
packages_test=(curl openssl clang-format clang-tidy shellcheck npm=npm libfaketime
  check-postgres check-pgactivity)
packages_bench=(curl time check-postgres check-pgactivity)

# Packages that bring a service of their own.  Installing one would start it, so that it is only
# unpacked into the cache of programs.sh, unless the system has it already.
programs_build=()
programs_demo=(postgresql-15 postgresql-client-15 prometheus-node-exporter)
programs_test=(postgresql-15 postgresql-client-15 prometheus-node-exporter prometheus systemd)
programs_bench=(postgresql-15 postgresql-client-15 prometheus-postgres-exporter)
