# A private PostgreSQL 15: its own cluster and Unix socket in a state directory, no TCP, never the system's.
#
# postgres_make STATE     makes the cluster in STATE/data, once
# postgres_command STATE  sets PG_COMMAND, the command that serves it in the foreground; SIGINT stops it in an orderly way
# postgres_start STATE, postgres_stop: the same as process "postgres" of this checkout
# postgres_env STATE      exports PGHOST, PGPORT, PGUSER (the administrator) for psql and deploy/migrate
#
# PostgreSQL refuses to run as root, and the user postgres cannot enter a checkout in root's home. Root therefore runs it
# in a user namespace in which root's files belong to the user postgres. Who may connect, and as whom, is decided by the
# kernel's word on the peer (pg_ident.conf), inside a directory that only its owner may enter.
# Settings are durable: fsync and synchronous_commit stay on.
# shellcheck shell=bash

PG_BIN=/usr/lib/postgresql/15/bin
PG_ADMIN=throughcare_admin
PG_PORT=5432
PG_AS=()
PG_COMMAND=()

# postgres_as: sets PG_AS, the words before a command that must not run as root, and PG_OS_USER, who that is.
postgres_as() {
  [[ -x $PG_BIN/postgres ]] || fail "PostgreSQL 15 is not installed" "Run: deploy/install"
  if ((EUID != 0)); then
    PG_AS=() PG_OS_USER=$(id -un)
  else
    PG_AS=(unshare "--map-user=postgres" "--map-group=postgres" --) PG_OS_USER=postgres
    "${PG_AS[@]}" true 2>/dev/null || fail \
      "root may not make a user namespace here, and PostgreSQL refuses to run as root" \
      "Run this as an ordinary user, or allow user namespaces (in a container: --security-opt seccomp=unconfined)."
  fi
}

# postgres_access DATA: who may connect as whom. The kernel says who the peer is: root is seen as PG_OS_USER.
postgres_access() {
  printf 'local all all peer map=throughcare\n' >"$1/pg_hba.conf"
  printf 'throughcare "%s" %s\n' "$PG_OS_USER" "$PG_ADMIN" "$PG_OS_USER" throughcare_broker \
    "$PG_OS_USER" throughcare_report >"$1/pg_ident.conf"
}

# postgres_make STATE [INITDB-OPTION...]: a cluster that was only half made is not believed.
postgres_make() {
  local state=$1
  shift
  postgres_as
  [[ ! -e $state/data/PG_VERSION ]] || return 0
  rm -rf -- "$state/data" "$state/data.new"
  (umask 077 && mkdir -p -- "$state")
  "${PG_AS[@]}" "$PG_BIN/initdb" -D "$state/data.new" -U "$PG_ADMIN" -A peer --encoding=UTF8 --locale=C.UTF-8 "$@" \
    >"$state/initdb.log" 2>&1 || {
    cat -- "$state/initdb.log" >&2
    fail "cannot make the database cluster in $state/data" "Is the disk full? (df -h $state)"
  }
  postgres_access "$state/data.new"
  mv -- "$state/data.new" "$state/data"
}

# postgres_command STATE [SETTING...]: settings are name=value.
postgres_command() {
  local state=$1 setting sockets
  shift
  postgres_as
  sockets=$(endpoint_sockets "$state")
  PG_COMMAND=("${PG_AS[@]}" setpriv --pdeathsig INT -- "$PG_BIN/postgres" -D "$state/data" -p "$PG_PORT")
  for setting in listen_addresses= "unix_socket_directories=$sockets" unix_socket_permissions=0700 \
    fsync=on synchronous_commit=on full_page_writes=on timezone=UTC log_timezone=UTC jit=off \
    log_error_verbosity=terse log_min_error_statement=panic cluster_name=throughcare "$@"; do
    PG_COMMAND+=(-c "$setting")
  done
}

# postgres_env STATE
postgres_env() {
  PGHOST=$(endpoint_sockets "$1")
  PGPORT=$PG_PORT PGUSER=$PG_ADMIN
  unset PGHOSTADDR PGSERVICE PGSERVICEFILE PGPASSFILE PGPASSWORD PGOPTIONS PGSSLMODE PGDATABASE PGTARGETSESSIONATTRS
  export PGHOST PGPORT PGUSER
}

# postgres_unlock STATE: after a crash or a reboot the pid in a lock file may be anybody's; PostgreSQL would believe it.
postgres_unlock() {
  local state=$1 file=$1/data/postmaster.pid pid
  [[ -e $file ]] || return 0
  read -r pid <"$file" || true
  if [[ $pid =~ ^[0-9]+$ && $(readlink "/proc/$pid/cwd" 2>/dev/null) == "$(cd -- "$state/data" && pwd -P)" ]]; then
    fail "PostgreSQL already serves $state/data (pid $pid), but not for this script" "Stop it: kill -INT $pid"
  fi
  rm -f -- "$file" "$(endpoint_sockets "$state")"/.s.PGSQL.*
}

# postgres_answers STATE
postgres_answers() { "$PG_BIN/pg_isready" -q -h "$(endpoint_sockets "$1")" -p "$PG_PORT" -d postgres; }

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
