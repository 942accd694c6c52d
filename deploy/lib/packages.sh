# Installs what deploy/packages.txt lists and this machine lacks, after saying what and how much. Debian 12.
#
# packages_need USE...  (run, test, fresh): nothing missing is silent success; otherwise says what will be installed and
# how many megabytes, then asks for rights (sudo) if need be. Without rights and without a terminal it fails with words.
# While it installs, no service may start (policy-rc.d) and no PostgreSQL cluster is made; both settings are taken back
# afterwards, also after a failure, and by the next installation after a crash. Packages already there are not upgraded.
# shellcheck shell=bash

PACKAGES_POLICY=/usr/sbin/policy-rc.d
PACKAGES_POLICY_KEPT=/usr/sbin/policy-rc.d.kept-by-throughcare
PACKAGES_MARK='left by an installation of throughcare: may be removed'
PACKAGES_CLUSTER=/etc/postgresql-common/createcluster.d/throughcare-install.conf
PACKAGES_MISSING=()
PACKAGES_SUDO=()
PACKAGES_APT=(apt-get -o Debug::NoLocking=1)

packages_installed() { [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

# packages_find USE...: sets PACKAGES_MISSING.
packages_find() {
  local use package unless _why
  PACKAGES_MISSING=()
  while read -r use package unless _why; do
    [[ " $* " == *" $use "* ]] || continue
    packages_installed "$package" && continue
    if [[ $unless != - ]] && command -v "$unless" >/dev/null; then continue; fi
    PACKAGES_MISSING+=("$package")
  done < <(grep -v '^#' "$TC_ROOT/deploy/packages.txt")
}

# packages_lists DIRECTORY: with no package lists on the machine, fetches them into DIRECTORY, which needs no rights.
packages_lists() {
  ! apt-cache show gcc >/dev/null 2>&1 || return 0
  mkdir -p "$1/lists/partial" "$1/cache/archives/partial"
  PACKAGES_APT+=(-o "Dir::State::lists=$1/lists" -o "Dir::Cache=$1/cache")
  "${PACKAGES_APT[@]}" -qq update >/dev/null 2>&1 || true
}

# packages_tell: what will be installed, and apt's own words on how much that is.
packages_tell() {
  local directory size
  directory=$(mktemp -d)
  packages_lists "$directory"
  size=$("${PACKAGES_APT[@]}" install --print-uris --no-install-recommends "${PACKAGES_MISSING[@]}" 2>/dev/null |
    grep -E '^(Need to get|After this|[0-9]+ upgraded)') || true
  rm -rf -- "$directory"
  say "These Debian packages are missing and will be installed (each is explained in deploy/packages.txt):"
  printf '%s ' "${PACKAGES_MISSING[@]}" | fold -s -w 96 | sed 's/^/   /'
  say
  printf '%s\n' "${size:-How much that is cannot be told before the package lists are fetched.}" | sed 's/^/   /'
}

# packages_rights: sets PACKAGES_SUDO, or fails with words.
packages_rights() {
  PACKAGES_SUDO=()
  ((EUID != 0)) || return 0
  local by_hand="Ask an administrator to run: apt-get install --no-install-recommends ${PACKAGES_MISSING[*]}"
  PACKAGES_SUDO=(sudo)
  command -v sudo >/dev/null || fail "installing needs root, and there is no sudo here" "$by_hand"
  sudo -n true 2>/dev/null && return 0
  [[ -t 0 ]] || fail "installing needs rights, and nobody is at a terminal to be asked for a password" "$by_hand"
  sudo -v || fail "no rights to install" "$by_hand"
}

# packages_quiet: while packages are installed, no service starts and no cluster is made.
packages_quiet() {
  packages_free
  [[ ! -e $PACKAGES_POLICY ]] || mv "$PACKAGES_POLICY" "$PACKAGES_POLICY_KEPT" || return
  printf '#!/bin/sh\n# %s\nexit 101\n' "$PACKAGES_MARK" >"$PACKAGES_POLICY" || return
  chmod 0755 "$PACKAGES_POLICY"
  mkdir -p "${PACKAGES_CLUSTER%/*}"
  printf 'create_main_cluster = false\n' >"$PACKAGES_CLUSTER"
}

# packages_free: takes that back, whoever left it: ours are known by their mark.
packages_free() {
  rm -f "$PACKAGES_CLUSTER"
  if grep -qs "$PACKAGES_MARK" "$PACKAGES_POLICY"; then rm -f "$PACKAGES_POLICY"; fi
  if [[ -e $PACKAGES_POLICY_KEPT ]]; then mv "$PACKAGES_POLICY_KEPT" "$PACKAGES_POLICY"; fi
}

# packages_as_root: one process from quiet to free, one at a time on this machine.
packages_as_root() {
  exec 8>/run/lock/throughcare-install && flock 8 || return
  trap packages_free EXIT
  packages_quiet || return
  export DEBIAN_FRONTEND=noninteractive
  apt-get -qq update || return
  apt-get -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 install --no-install-recommends "${PACKAGES_MISSING[@]}"
}

# packages_root: the same with rights. sudo takes no functions along, so it gets them as text.
packages_root() {
  if ((${#PACKAGES_SUDO[@]} == 0)); then
    (packages_as_root)
  else
    "${PACKAGES_SUDO[@]}" bash -c "$(declare -p "${!PACKAGES_@}")
      $(declare -f packages_quiet packages_free packages_as_root); packages_as_root"
  fi
}

# packages_install: in the foreground, so that Ctrl-C reaches apt, which knows how to stop.
packages_install() {
  local log=$TC_VAR/log/install.log begun=$EPOCHREALTIME
  packages_root </dev/null 2>&1 | packages_show "$log" || {
    tail -n 25 -- "$log" >&2
    fail "the packages could not be installed; all of it is in $log" "Is the package mirror reachable? (apt-get update)"
  }
  say "Installed in $(common_seconds "$begun") s"
}

# packages_show LOG: keeps everything, shows the newest line in place on a terminal, else one every 10 s.
packages_show() {
  local line shown=$SECONDS
  : >"$1"
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$1"
    if [[ -t 1 ]]; then
      printf '\r\033[K   %.*s' "$((${COLUMNS:-80} - 4))" "$line"
    elif ((SECONDS - shown >= 10)); then
      printf '   ... %.100s\n' "$line"
      shown=$SECONDS
    fi
  done
  [[ ! -t 1 ]] || printf '\r\033[K'
}

packages_need() {
  packages_find "$@"
  ((${#PACKAGES_MISSING[@]})) || return 0
  grep -qs '^VERSION_CODENAME=bookworm' /etc/os-release ||
    fail "missing: ${PACKAGES_MISSING[*]}" "They can be installed by this script on Debian 12 only; install them in your system's way."
  packages_tell
  packages_rights
  packages_install
  packages_find "$@"
  ((${#PACKAGES_MISSING[@]} == 0)) || fail "still missing after the installation: ${PACKAGES_MISSING[*]}"
}
