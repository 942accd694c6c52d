# Three PostgreSQL 15 under Patroni and three etcd members, each at a host of the network (network.sh). No failover is decided by anything of ours.
#
# cluster_prepare STATE   their hosts, passwords and settings, from the templates in deploy/ha/; data that is there stays
# cluster_start NAME      starts etcd1 .. etcd3 or pg1 .. pg3
# cluster_ready           is there a primary with a synchronous standby?
# cluster_env             how psql and deploy/migrate reach the primary, whichever it is
#
# Patroni and PostgreSQL run as postgres_as (postgres.sh) says, because they refuse to be root.
# shellcheck shell=bash

CLUSTER=$TC_VAR/cluster
CLUSTER_ETCD=(etcd1 etcd2 etcd3)
CLUSTER_NODES=(pg1 pg2 pg3)
CLUSTER_HOSTS=$NETWORK.11,$NETWORK.12,$NETWORK.13

# cluster_address NAME: etcd1 is .1, pg1 is .11, and so on.
cluster_number() { case $1 in etcd?) printf '%s' "${1#etcd}" ;; pg?) printf '1%s' "${1#pg}" ;; esac; }
cluster_address() { printf '%s.%s' "$NETWORK" "$(cluster_number "$1")"; }

# cluster_each FORM NAME...: FORM with each one's name for % and address for @, joined by commas.
cluster_each() {
  local form=$1 name out=
  shift
  for name in "$@"; do
    out+=${out:+,}${form//'%'/$name}
    out=${out//@/$(cluster_address "$name")}
  done
  printf '%s' "$out"
}

# cluster_secret NAME: made once, and read by nobody else.
cluster_secret() {
  [[ -s $CLUSTER/secrets/$1 ]] || (umask 077 && head -c 18 /dev/urandom | base64 | tr '+/' 'ab' >"$CLUSTER/secrets/$1")
  cat -- "$CLUSTER/secrets/$1"
}

# cluster_fill TEMPLATE HOME NAME
cluster_fill() {
  sed -e "s|@NAME@|$3|; s|@ADDRESS@|$(cluster_address "$3")|; s|@DATA@|$2/data|; s|@PGPASS@|$2/pgpass|; s|@NETWORK@|$NETWORK.0/24|" \
    -e "s|@MEMBERS@|$(cluster_each '%=http://@:2380' "${CLUSTER_ETCD[@]}")|; s|@ETCD@|$(cluster_each "'@:2379'" "${CLUSTER_ETCD[@]}")|" \
    -e "s|@SHARED_BUFFERS@|256MB|; s|@MAX_WAL_SIZE@|2GB|" \
    -e "s|@RESTAPI_PASSWORD@|$(cluster_secret restapi)|; s|@ADMIN_PASSWORD@|$(cluster_secret admin)|" \
    -e "s|@STANDBY_PASSWORD@|$(cluster_secret standby)|; s|@REWIND_PASSWORD@|$(cluster_secret rewind)|" "$1"
}

cluster_prepare_node() {
  local name=$1 home
  mkdir -p -m 0700 -- "$CLUSTER/$name"
  postgres_as "$CLUSTER/$name"
  home=$(postgres_home "$CLUSTER/$name")
  (umask 077 && cluster_fill "$TC_ROOT/deploy/ha/patroni.yml" "$home" "$name" >"$home/patroni.yml")
  [[ $home == "$CLUSTER/$name" ]] || chown postgres: "$home/patroni.yml"
}

cluster_prepare() {
  local name
  mkdir -p -m 0700 -- "$CLUSTER" "$CLUSTER/secrets"
  network_make
  for name in "${CLUSTER_ETCD[@]}" "${CLUSTER_NODES[@]}"; do network_host "$name" "$(cluster_number "$name")"; done
  for name in "${CLUSTER_ETCD[@]}"; do
    mkdir -p -m 0700 -- "$CLUSTER/$name"
    cluster_fill "$TC_ROOT/deploy/ha/etcd.yml" "$CLUSTER/$name" "$name" >"$CLUSTER/$name/etcd.yml"
  done
  for name in "${CLUSTER_NODES[@]}"; do cluster_prepare_node "$name"; done
}

# The memory of who was running before a crash of the machine is a pid that may be anybody's: Patroni itself checks it.
cluster_start() {
  local name=$1 at
  at=(nsenter --target "$(network_pid "$name")" --net --)
  if [[ $name == etcd* ]]; then
    process_start "$name" TERM "${at[@]}" setpriv --pdeathsig TERM -- etcd --config-file "$CLUSTER/$name/etcd.yml"
  else
    postgres_as "$CLUSTER/$name"
    process_start "$name" TERM "${at[@]}" "${PG_AS[@]}" setpriv --pdeathsig TERM -- \
      env -i PATH="$PATH" LC_ALL=C.UTF-8 /usr/bin/python3 /usr/bin/patroni "$(postgres_home "$CLUSTER/$name")/patroni.yml"
  fi
}

cluster_env() {
  PGHOST=$CLUSTER_HOSTS PGPORT=5432 PGUSER=$PG_ADMIN PGPASSWORD=$(cluster_secret admin) PGTARGETSESSIONATTRS=read-write PGCONNECT_TIMEOUT=3
  unset PGHOSTADDR PGSERVICE PGSERVICEFILE PGPASSFILE PGOPTIONS PGSSLMODE PGDATABASE
  export PGHOST PGPORT PGUSER PGPASSWORD PGTARGETSESSIONATTRS PGCONNECT_TIMEOUT
}

# cluster_sql SQL: at the primary.
cluster_sql() { (cluster_env && network_in members psql -X -q -A -t -v ON_ERROR_STOP=1 -d "${2:-postgres}" -c "$1"); }

cluster_ready() { [[ $(cluster_sql "SELECT count(*) > 0 FROM pg_stat_replication WHERE sync_state = 'sync'" 2>/dev/null) == t ]]; }

# cluster_conninfo: how a broker reaches whichever node is the primary, and how soon it notices that one is gone. The password is in a file.
cluster_conninfo() {
  (umask 077 && printf '*:*:*:throughcare_broker:%s\n' "$(cluster_secret broker)" >"$CLUSTER/broker.pgpass")
  printf 'host=%s port=5432 target_session_attrs=read-write connect_timeout=3 keepalives_idle=3 keepalives_interval=2 keepalives_count=3 tcp_user_timeout=8000 user=throughcare_broker dbname=throughcare passfile=%s' \
    "$CLUSTER_HOSTS" "$CLUSTER/broker.pgpass"
}

# cluster_migrate: roles and tables, and the broker's password, which roles.sql leaves to whoever installs.
# At the primary by its address: libpq goes to no other host when one refuses, as a standby does that has not heard of the new database yet.
cluster_migrate() {
  local primary
  primary=$(cluster_sql "SELECT host(inet_server_addr())")
  (cluster_env && PGHOST=$primary network_in members "$TC_ROOT/deploy/migrate" throughcare 9>&-)
  cluster_sql "ALTER ROLE throughcare_broker PASSWORD '$(cluster_secret broker)'"
}

cluster_forget() {
  local name
  for name in "${CLUSTER_NODES[@]}"; do postgres_forget "$CLUSTER/$name"; done
}
