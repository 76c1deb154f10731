# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154  # install-packages sets log and has die
#
# apt-get as install-packages uses it: with root's rights, all that it says in $log, some lines of progress for
# the reader, and a failure told in one sentence.

say() { printf '== %s\n' "$*"; }
note() { printf '   %s\n' "$*"; }

# Asks for root's rights, once; to be called before as_root, and in no pipeline, where it could end nothing.
need_root() {
  ((EUID != 0)) && [[ -z ${root_is_granted:-} ]] || return 0
  command -v sudo >/dev/null || die "needs root to install packages: run it as root, or install sudo"
  sudo -p "[sudo] password for %p, to install packages: " true ||
    die "needs root to install packages, and sudo does not grant it to $(id -un)"
  root_is_granted=1
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  else
    sudo "$@"
  fi
}

apt_get() {
  # needrestart would restart services after an update of their libraries
  as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 LC_ALL=C \
    apt-get -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
}

# show_fifth N OF WHAT: a line whenever N passes a fifth of OF.
show_fifth() {
  (($2 < 10 || $1 * 5 / $2 == ($1 - 1) * 5 / $2)) || note "$1 of $2 $3"
}

# Keeps apt's output in the log and shows how far it is.  No awk: Debian's own reads a pipe by the block,
# and would show it all at the end.
show_progress() {
  local line words total=0 fetched=0 unpacked=0 ready=0
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$log"
    read -ra words <<<"$line"
    case $line in
      *" newly installed, "*) total=$((words[0] + words[2])) ;;
      "Need to get "*) note "fetching ${words[3]} ${words[4]%%/*}" ;;
      Get:*) show_fifth "$((++fetched))" "$total" fetched ;;
      "Unpacking "*) show_fifth "$((++unpacked))" "$total" unpacked ;;
      "Setting up "*) show_fifth "$((++ready))" "$total" ready ;;
    esac
  done
}

refresh_lists() {
  [[ -z ${lists_are_fresh:-} ]] || return 0
  say "reading the package lists"
  need_root
  : >"$log" # what failed with the old lists is no longer of interest
  apt_get update >>"$log" 2>&1 || give_up "apt-get update failed"
  lists_are_fresh=1
}

install_packages() {
  (($# > 0)) || return 0
  say "installing $*"
  need_root
  apt_get install "$@" 2>&1 | show_progress && return 0
  # old or absent lists are the usual reason for a failure
  refresh_lists
  apt_get install "$@" 2>&1 | show_progress || give_up "installation failed"
}

# Prints those packages that apt's lists do not have.
unknown_to_apt() {
  local known
  known=$(apt-cache show --no-all-versions "$@" 2>/dev/null | sed -n 's/^Package: //p') || true
  printf '%s\n' "$@" | grep -vxF -e "$known" || true
}

# Nothing is installed where not all can be.
need_known_to_apt() {
  local unknown release
  [[ -z $(unknown_to_apt "$@") ]] || refresh_lists
  unknown=$(unknown_to_apt "$@" | paste -s -d ' ')
  [[ -n $unknown ]] || return 0
  # shellcheck source=/dev/null
  release=$(source /etc/os-release && { [[ ${VERSION_CODENAME:-} == bookworm ]] || echo "$PRETTY_NAME"; })
  give_up "apt does not know $unknown${release:+; they are packages of Debian 12, and this is $release}"
}

# give_up WHAT: ends with the last complaints of apt, and what they usually mean.
give_up() {
  local why=''
  if grep -qE 'enough free space|No space left' "$log"; then
    why=": no space is left"
  elif grep -qE 'Failed to fetch|Could not (resolve|connect)|Temporary failure resolving' "$log"; then
    why=": the package archive cannot be reached; look at the network, and at proxy and sources in /etc/apt"
  fi
  { grep -E '^(E|W|dpkg): |No space left' "$log" || true; } | tail -n 3 >&2
  die "$1$why"
}
