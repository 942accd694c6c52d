# Where this checkout's processes meet: TCP ports on loopback, and one short directory for Unix sockets.
#
# Both are chosen once and written down in var/, so that a restart finds the same ones; a port that somebody else has
# taken meanwhile is replaced, and the caller is told by the answer. A second checkout gets others.
# A Unix socket's path may be 107 bytes long; a deep checkout therefore gets a directory in /tmp.
# shellcheck shell=bash

ENDPOINT_PATH_MAX=107
ENDPOINT_NAME_MAX=40 # the longest socket name that any of our programs uses, with its slash

# endpoint_busy PORT: does anything on this machine listen on it, or use it?
endpoint_busy() {
  local hex
  printf -v hex '%04X' "$1"
  awk -v port=":$hex" 'FNR > 1 && substr($2, length($2) - 4) == port { found = 1 } END { exit !found }' \
    /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

# endpoint_free: a free port, outside the range that the kernel hands out to clients.
endpoint_free() {
  local -i port try
  for ((try = 0; try < 200; try++)); do
    port=$((20000 + SRANDOM % 12000))
    if ! endpoint_busy "$port" && ! grep -qs " $port\$" "$TC_VAR/run/ports"; then
      printf '%d' "$port"
      return 0
    fi
  done
  fail "no free TCP port between 20000 and 32000" "Stop what uses them: ss -ltnp"
}

# endpoint_port NAME: prints NAME's port; a new one when there is none yet or the old one is busy.
# Ask before the process that listens on it is started.
endpoint_port() {
  local name=$1 file=$TC_VAR/run/ports port
  port=$(awk -v name="$name" '$1 == name { print $2 }' "$file" 2>/dev/null) || true
  if [[ -z $port ]] || endpoint_busy "$port"; then
    port=$(endpoint_free)
    { grep -sv "^$name " "$file" || true; printf '%s %s\n' "$name" "$port"; } >"$file.new"
    mv -- "$file.new" "$file"
  fi
  printf '%s' "$port"
}

# endpoint_fits DIRECTORY: can sockets live in it: short enough, and no character that PostgreSQL's lists or URLs give a meaning?
endpoint_fits() {
  local LC_ALL=C
  ((${#1} + ENDPOINT_NAME_MAX <= ENDPOINT_PATH_MAX)) && [[ $1 =~ ^[A-Za-z0-9/._-]+$ ]]
}

# endpoint_sockets STATE-DIRECTORY: prints the directory for its Unix sockets, made with mode 0700.
endpoint_sockets() {
  local state=$1 directory
  directory=$state/sockets
  if ! endpoint_fits "$directory"; then
    directory=$(cat -- "$state/sockets.at" 2>/dev/null) || true
    # After a reboot it is gone; and nobody else may have put one in its place.
    if [[ -z $directory || -L $directory || ! -d $directory || ! -O $directory ]]; then
      directory=$(mktemp -d /tmp/tc.XXXXXXXX) || fail "cannot make a directory in /tmp"
      printf '%s\n' "$directory" >"$state/sockets.at"
    fi
  fi
  (umask 077 && mkdir -p -- "$directory")
  printf '%s' "$directory"
}

# endpoint_forget STATE-DIRECTORY: removes the directory for sockets, wherever it is.
endpoint_forget() {
  local directory
  directory=$(cat -- "$1/sockets.at" 2>/dev/null) || directory=$1/sockets
  if [[ -d $directory && ! -L $directory && -O $directory ]]; then rm -rf -- "$directory"; fi
  rm -f -- "$1/sockets.at"
}
