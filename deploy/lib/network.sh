# A network of this checkout's own: hosts that are network namespaces, each with an address, on one bridge. Linux, iproute2.
#
# network_make                  the network; who calls this from outside of it is at "members" (10.77.0.254)
# network_host NAME NUMBER      a host at 10.77.0.NUMBER
# network_in NAME COMMAND...    runs it there (exec it in a subshell to have its pid)
# network_cut NAME, network_mend NAME   takes the host's cable out, and puts it in again
# network_kill NAME SIGNAL      to every process of that host
#
# Namespaces have no names that could clash or be left behind: each is held by one sleeping process of this checkout (net-NAME) and is gone with the
# last process in it. Needs root, or a user namespace in which one is root.
# shellcheck shell=bash

NETWORK=10.77.0

NETWORK_HOSTS=() # names

network_pid() { process_pid "net-$1"; }
network_in() {
  local name=$1
  shift
  nsenter --target "$(network_pid "$name")" --net -- "$@"
}

network_hold() {
  process_start "net-$1" KILL unshare --net -- sleep infinity
  process_need "net-$1" 5 network_apart "$1" || fail "cannot make a network namespace" "Is this a container without the right to? It needs CAP_SYS_ADMIN."
}

# network_apart NAME: is its holder in a namespace of its own by now?
network_apart() { [[ $(readlink "/proc/$(network_pid "$1")/ns/net") != "$(readlink /proc/self/ns/net)" && $(cat "/proc/$(network_pid "$1")/comm") == sleep ]]; }

network_make() {
  network_hold members
  network_in members sh -e -c "ip link set lo up; ip link add br0 type bridge; ip addr add $NETWORK.254/24 dev br0; ip link set br0 up" ||
    fail "cannot make a bridge in a network namespace" "Is iproute2 installed, and may the kernel load its bridge module?"
}

network_host() {
  NETWORK_HOSTS+=("$1")
  network_hold "$1"
  network_in members sh -e -c "ip link add v-$1 type veth peer name eth0 netns $(network_pid "$1"); ip link set v-$1 master br0 up"
  network_in "$1" sh -e -c "ip addr add $NETWORK.$2/24 dev eth0; ip link set eth0 up; ip link set lo up"
}

network_cut() { network_in members ip link set "v-$1" down; }
network_mend() { network_in members ip link set "v-$1" up; }

# network_processes NAME: all that run there, but its holder. One look at /proc, however many run on this machine.
network_processes() {
  local holder space process
  holder=$(network_pid "$1")
  space=$(readlink "/proc/$holder/ns/net")
  while IFS=/ read -r _ _ process _; do
    [[ $process == "$holder" ]] || printf '%s\n' "$process"
  done < <(find /proc/[0-9]*/ns/net -maxdepth 0 -lname "${space//[][]/?}" 2>/dev/null)
}

# network_heal: every host is mended and woken, whatever was done to it.
network_heal() {
  local name
  for name in "${NETWORK_HOSTS[@]}"; do
    network_mend "$name" 2>/dev/null || true
    network_kill "$name" CONT
  done
}

# network_kill NAME SIGNAL: again until none is left to be killed, because one may be starting another.
network_kill() {
  local -a all
  local -i tries=20
  while ((tries-- > 0)); do
    mapfile -t all < <(network_processes "$1")
    ((${#all[@]})) || return 0
    kill -s "$2" "${all[@]}" 2>/dev/null || true
    [[ $2 == KILL ]] || return 0
    sleep 0.05
  done
}
