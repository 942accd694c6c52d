# Words, steps, failures and places shared by the scripts of deploy/ and tests/. Sourced, never run.
#
# Sets TC_ROOT (the checkout) and TC_VAR (its private, git-ignored state, mode 0700).
# What is told to a person goes to standard output; what went wrong, and what to do about it, to standard error.
# step_run shows the newest line of a long command while it works and keeps all of it in a log.
# Never asks a question, never touches anything outside TC_VAR.
# shellcheck shell=bash

TC_ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
TC_VAR=${TC_VAR_AT:-$TC_ROOT/var} # elsewhere: for tests
STEP_PID=
export TC_ROOT TC_VAR

say() { printf '%s\n' "$*"; }
say_step() { printf '\n== %s\n' "$*"; }

# fail WHAT [WHAT-TO-DO]: says it and ends the script.
fail() {
  printf '\n%s: %s\n' "${0##*/}" "$1" >&2
  [[ $# -lt 2 ]] || printf '%s\n' "$2" >&2
  exit 1
}

# common_var: makes var/ with nobody else let in: it holds made-up keys, but keys.
common_var() {
  mkdir -p -- "$TC_VAR" "$TC_VAR/run" "$TC_VAR/log" || fail "cannot make $TC_VAR" "Is the disk full or the checkout read-only?"
  chmod 0700 -- "$TC_VAR"
}

# common_seconds START: time since START (a value of EPOCHREALTIME) as 12.3.
common_seconds() {
  local now=$EPOCHREALTIME
  local ms=$(((${now/./} - ${1/./}) / 1000))
  printf '%d.%d' $((ms / 1000)) $((ms % 1000 / 100))
}

# step_show LOG: the newest line of LOG, cut to the terminal.
step_show() {
  local line
  line=$(tail -c 400 -- "$1" | tr '\r\t' '\n ' | grep -v '^ *$' | tail -n 1) || return 0
  if [[ -t 1 ]]; then
    printf '\r\033[K   %.*s' "$((${COLUMNS:-80} - 4))" "$line"
  else
    printf '   ... %.100s\n' "$line"
  fi
}

# step_wait LOG: waits for STEP_PID, showing how far it is: each half second on a terminal, else every 10 s.
step_wait() {
  local shown=$SECONDS
  while kill -0 "$STEP_PID" 2>/dev/null; do
    sleep 0.25 9>&-
    if [[ -t 1 ]] || ((SECONDS - shown >= 10)); then
      step_show "$1"
      shown=$SECONDS
    fi
  done
  [[ ! -t 1 ]] || printf '\r\033[K'
}

# step_run LABEL LOG COMMAND...: runs it in a session of its own, so that step_abort can end all of it.
# On failure shows the end of LOG and returns the command's status.
step_run() {
  local label=$1 log=$2 begun=$EPOCHREALTIME status=0
  shift 2
  say "$label ..."
  setsid "$@" >"$log" 2>&1 </dev/null 9>&- &
  STEP_PID=$!
  step_wait "$log"
  wait "$STEP_PID" || status=$?
  STEP_PID=
  if ((status)); then
    tail -n 40 -- "$log" >&2
    say "$label: failed after $(common_seconds "$begun") s; all of it is in $log" >&2
    return "$status"
  fi
  say "$label: done in $(common_seconds "$begun") s"
}

# step_abort: ends the command that step_run is waiting for, if any. For traps.
step_abort() {
  [[ -n $STEP_PID ]] || return 0
  kill -TERM -- "-$STEP_PID" 2>/dev/null || kill -TERM "$STEP_PID" 2>/dev/null || true
  wait "$STEP_PID" 2>/dev/null || true
  STEP_PID=
}
