# Long-running processes of this checkout: start one, know whether it is still the same one, stop it.
#
# Each has var/run/NAME.pid ("pid birth signal", birth being its start time since boot, so that a pid used again by somebody
# else is never signalled) and var/log/NAME.log. Each runs in a session of its own, so that Ctrl-C in the terminal reaches
# only the script, which then stops them in order; the kernel stops them should the script itself be killed.
# Nothing here signals a process that it cannot prove to be its own.
# shellcheck shell=bash

# process_birth PID: its start time since boot, or nothing when there is no such process or it is only a zombie.
process_birth() {
  local stat
  { IFS= read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
  local -a field
  read -r -a field <<<"${stat##*) }"
  [[ ${field[0]} == Z ]] || printf '%s' "${field[19]}"
}

# process_same PID BIRTH: is this pid still that process?
process_same() { [[ -n $2 && $(process_birth "$1") == "$2" ]]; }

process_alive() {
  local pid birth _signal
  { read -r pid birth _signal <"$TC_VAR/run/$1.pid"; } 2>/dev/null || return 1
  process_same "$pid" "$birth"
}

process_pid() {
  local pid _rest
  read -r pid _rest <"$TC_VAR/run/$1.pid" && printf '%s' "$pid"
}

# process_start NAME SIGNAL COMMAND...: SIGNAL is what asks it to stop in an orderly way.
process_start() {
  local name=$1 signal=$2 log=$TC_VAR/log/$1.log pid
  shift 2
  ! process_alive "$name" || fail "$name already runs (pid $(process_pid "$name"))" "Stop it: deploy/run --stop"
  setsid setpriv --pdeathsig "$signal" -- "$@" >>"$log" 2>&1 </dev/null 9>&- &
  pid=$!
  printf '%s %s %s\n' "$pid" "$(process_birth "$pid")" "$signal" >"$TC_VAR/run/$name.pid"
}

# process_stop NAME [SECONDS]: asks, waits, and at last kills it with everything it started. Not running is success.
process_stop() {
  local name=$1 file=$TC_VAR/run/$1.pid pid birth signal
  local -i tenths=$((${2:-20} * 10))
  [[ -e $file ]] || return 0
  read -r pid birth signal <"$file" || true
  if process_same "$pid" "$birth"; then
    kill -s "$signal" "$pid" 2>/dev/null || true
    while process_same "$pid" "$birth" && ((tenths-- > 0)); do sleep 0.1; done
    if process_same "$pid" "$birth"; then
      say "$name did not stop in ${2:-20} s: killing it" >&2
      kill -KILL -- "-$pid" 2>/dev/null || kill -KILL "$pid" 2>/dev/null || true
    fi
    wait "$pid" 2>/dev/null || true # our child or not
  fi
  rm -f -- "$file"
}

# process_names: those with a pid file, newest first, so that nothing loses what it stands on.
process_names() {
  local file
  while IFS= read -r file; do
    file=${file##*/}
    printf '%s\n' "${file%.pid}"
  done < <(ls -t -- "$TC_VAR"/run/*.pid 2>/dev/null)
}

# process_ask NAME...: asks all of them at once; process_stop then waits for each.
process_ask() {
  local name pid birth signal
  for name in "$@"; do
    { read -r pid birth signal <"$TC_VAR/run/$name.pid"; } 2>/dev/null || continue
    if process_same "$pid" "$birth"; then kill -s "$signal" "$pid" 2>/dev/null || true; fi
  done
}

process_stop_all() {
  local name
  while IFS= read -r name; do process_stop "$name"; done < <(process_names)
}

# process_need NAME SECONDS COMMAND...: waits until COMMAND succeeds; NAME ending first, or time running out, is failure.
process_need() {
  local name=$1
  local -i tenths=$(($2 * 10))
  shift 2
  until "$@" >/dev/null 2>&1; do
    if ! process_alive "$name" || ((tenths-- <= 0)); then
      tail -n 15 -- "$TC_VAR/log/$name.log" >&2
      return 1
    fi
    sleep 0.1
  done
}
