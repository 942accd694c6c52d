# A private PostgreSQL 15: its own cluster and Unix socket in a state directory, no TCP, never the system's.
#
# postgres_make STATE     makes the cluster, once
# postgres_command STATE  sets PG_COMMAND, the command that serves it in the foreground; SIGINT stops it in an orderly way
# postgres_start STATE, postgres_stop: the same as process "postgres" of this checkout
# postgres_env STATE      exports PGHOST, PGPORT, PGUSER (the administrator) for psql and deploy/migrate
# postgres_forget STATE   removes what lies outside STATE: before STATE itself is removed
#
# PostgreSQL refuses to run as root, and the user postgres cannot enter a checkout in root's home. Root therefore runs it
# in a user namespace in which root's files belong to the user postgres; where that is forbidden (most containers), as the
# user postgres, with the cluster in a directory of /var/lib/throughcare, which STATE/home names. Who may connect, and as
# whom, is decided by the kernel's word on the peer (pg_ident.conf), inside a directory that only its owner may enter.
# Settings are durable: fsync and synchronous_commit stay on.
# shellcheck shell=bash

PG_BIN=/usr/lib/postgresql/15/bin
PG_ADMIN=throughcare_admin
PG_PORT=5432
PG_APART=/var/lib/throughcare
PG_AS=()
PG_COMMAND=()
PG_PEERS=()

# postgres_as STATE: sets PG_AS, the words before a command that must not run as root, and PG_PEERS, as whom it sees us.
# A cluster that was once put apart stays there.
postgres_as() {
  [[ -x $PG_BIN/postgres ]] || fail "PostgreSQL 15 is not installed" "Run: deploy/install"
  if ((EUID != 0)); then
    PG_AS=() PG_PEERS=("$(id -un)")
    return
  fi
  PG_AS=(unshare "--map-user=postgres" "--map-group=postgres" --) PG_PEERS=(postgres)
  [[ ! -e $1/home ]] && "${PG_AS[@]}" true 2>/dev/null && return
  PG_AS=(setpriv "--reuid=postgres" "--regid=postgres" --clear-groups --) PG_PEERS=(postgres root)
  [[ -e $1/home ]] || postgres_apart "$1"
}

# postgres_apart STATE: makes a home for the cluster that the user postgres can enter.
postgres_apart() {
  local home
  [[ ! -e $1/data ]] || fail "user namespaces are forbidden here now, and the cluster in $1/data needs one" \
    "Allow them again, or start anew: deploy/run --reset"
  mkdir -p -- "$PG_APART" "$1"
  home=$(mktemp -d "$PG_APART/pg.XXXXXXXX") || fail "cannot make a directory in $PG_APART"
  chown postgres: "$home"
  printf '%s\n' "$home" >"$1/home"
}

# postgres_home STATE: where the cluster is.
postgres_home() { cat -- "$1/home" 2>/dev/null || printf '%s\n' "$1"; }

postgres_sockets() {
  if [[ -e $1/home ]]; then postgres_home "$1"; else endpoint_sockets "$1"; fi
}

# postgres_access DATA: who may connect as whom. The kernel says who the peer is.
postgres_access() {
  local peer role
  printf 'local all all peer map=throughcare\n' >"$1/pg_hba.conf"
  for peer in "${PG_PEERS[@]}"; do
    for role in "$PG_ADMIN" throughcare_broker throughcare_report; do printf 'throughcare "%s" %s\n' "$peer" "$role"; done
  done >"$1/pg_ident.conf"
}

# postgres_make STATE [INITDB-OPTION...]: a cluster that was only half made is not believed.
postgres_make() {
  local state=$1 home
  shift
  (umask 077 && mkdir -p -- "$state")
  postgres_as "$state"
  home=$(postgres_home "$state")
  [[ ! -e $home/data/PG_VERSION ]] || return 0
  rm -rf -- "$home/data" "$home/data.new"
  "${PG_AS[@]}" "$PG_BIN/initdb" -D "$home/data.new" -U "$PG_ADMIN" -A peer --encoding=UTF8 --locale=C.UTF-8 "$@" \
    >"$state/initdb.log" 2>&1 || {
    cat -- "$state/initdb.log" >&2
    fail "cannot make the database cluster in $home/data" "Is the disk full? (df -h $home)"
  }
  postgres_access "$home/data.new"
  mv -- "$home/data.new" "$home/data"
}

# postgres_command STATE [SETTING...]: settings are name=value.
postgres_command() {
  local state=$1 setting sockets
  shift
  postgres_as "$state"
  sockets=$(postgres_sockets "$state")
  PG_COMMAND=("${PG_AS[@]}" setpriv --pdeathsig INT -- "$PG_BIN/postgres" -D "$(postgres_home "$state")/data" -p "$PG_PORT")
  for setting in listen_addresses= "unix_socket_directories=$sockets" unix_socket_permissions=0700 \
    fsync=on synchronous_commit=on full_page_writes=on timezone=UTC log_timezone=UTC jit=off \
    log_error_verbosity=terse log_min_error_statement=panic cluster_name=throughcare "$@"; do
    PG_COMMAND+=(-c "$setting")
  done
}

postgres_env() {
  PGHOST=$(postgres_sockets "$1")
  PGPORT=$PG_PORT PGUSER=$PG_ADMIN
  unset PGHOSTADDR PGSERVICE PGSERVICEFILE PGPASSFILE PGPASSWORD PGOPTIONS PGSSLMODE PGDATABASE PGTARGETSESSIONATTRS
  export PGHOST PGPORT PGUSER
}

# postgres_unlock STATE: after a crash or a reboot the pid in a lock file may be anybody's; PostgreSQL would believe it.
postgres_unlock() {
  local data pid
  data=$(postgres_home "$1")/data
  [[ -e $data/postmaster.pid ]] || return 0
  read -r pid <"$data/postmaster.pid" || true
  if [[ $pid =~ ^[0-9]+$ ]] && tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null | grep -qxF -- "$data"; then
    fail "PostgreSQL already serves $data (pid $pid), but not for this script" "Stop it: kill -INT $pid"
  fi
  rm -f -- "$data/postmaster.pid" "$(postgres_sockets "$1")"/.s.PGSQL.*
}

postgres_answers() { "$PG_BIN/pg_isready" -q -h "$(postgres_sockets "$1")" -p "$PG_PORT" -d postgres; }

postgres_start() {
  local state=$1
  postgres_make "$state"
  postgres_unlock "$state"
  postgres_command "$state"
  process_start postgres INT "${PG_COMMAND[@]}"
  process_need postgres 60 postgres_answers "$state" ||
    fail "PostgreSQL does not answer" "What it said is in $TC_VAR/log/postgres.log"
  postgres_env "$state"
}

postgres_stop() { process_stop postgres 60; }

postgres_forget() {
  local home
  if [[ -e $1/home ]]; then
    home=$(postgres_home "$1")
    [[ $home != "$PG_APART"/pg.* ]] || rm -rf -- "$home"
    rmdir -- "$PG_APART" 2>/dev/null || true
  fi
  endpoint_forget "$1"
}
