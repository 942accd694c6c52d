# What the scripts share that start everything, stay in the foreground, and stop it again: deploy/run and deploy/ha/run.
#
# The script names itself in RUN_COMMAND and defines run_all (starts everything), run_tell (what a person may do now), run_watch (until somebody
# stops us), run_leave (stops everything), run_forget (what lies outside TC_VAR), then calls run_main "$@". One at a time in a TC_VAR; whatever way
# it ends, what it started is stopped.
# shellcheck shell=bash

RUN_BEGUN=$EPOCHREALTIME
RUN_OWNS=

run_usage() { sed -n '2,/^set/s/^# \{0,1\}//p' "$0" | sed '$d'; }

# run_lock: one at a time in a checkout. The lock is descriptor 9, which no process that is started inherits.
run_lock() {
  common_var
  exec 9>"$TC_VAR/run/lock"
  flock -n 9
}

run_own() {
  run_lock || fail "already running in this checkout (pid $(cut -d' ' -f1 "$TC_VAR/run/owner" 2>/dev/null))" \
    "Stop it: $RUN_COMMAND --stop"
  RUN_OWNS=yes
  printf '%s %s\n' "$$" "$(process_birth "$$")" >"$TC_VAR/run/owner"
  process_stop_all # what a crash may have left
}

# run_close: on every way out, what was started is stopped, newest first.
run_close() {
  local status=$?
  trap '' INT TERM HUP
  trap - EXIT
  step_abort
  [[ -z $RUN_OWNS ]] || {
    run_leave
    rm -f -- "$TC_VAR/run/owner"
  }
  exit "$status"
}

# run_step LABEL FUNCTION
run_step() {
  local begun=$EPOCHREALTIME
  say_step "$1"
  "$2"
  say "   ($(common_seconds "$begun") s)"
}

# run_stop: asks the one that runs, waits for it, and stops what a crash may have left.
run_stop() {
  local pid birth what="Nothing runs here."
  if ! run_lock; then
    read -r pid birth <"$TC_VAR/run/owner" || true
    if process_same "${pid:-0}" "${birth:-}"; then kill -TERM "$pid" 2>/dev/null || true; fi
    flock -w 120 9 || fail "what runs here (pid ${pid:-unknown}) does not stop" "Look at $TC_VAR/log; kill it by hand."
    what="Stopped."
  fi
  if [[ -n $(process_names) ]]; then
    process_stop_all
    what="Stopped what was left from an earlier run."
  fi
  rm -f -- "$TC_VAR/run/owner"
  say "$what"
}

run_reset() {
  run_stop
  run_forget
  rm -rf -- "$TC_VAR"
  say "Removed $TC_VAR."
}

run_main() {
  [[ $# -le 1 ]] || { run_usage >&2; fail "one option at a time"; }
  trap run_close EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  case ${1:-} in
    '') run_all; run_tell; run_watch ;;
    --once) run_all; say "Stopping everything." ;;
    --stop) run_stop ;;
    --reset) run_reset ;;
    --help | -h) run_usage ;;
    *) run_usage >&2; fail "there is no option $1" ;;
  esac
}
