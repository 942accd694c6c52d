# The made-up area: its authority, services, keys, signed directory and configuration, and the programs that serve it.
#
# Everything is under var/area/. It is made once, with the project's own tools; at every start the ports are looked at again, the passports
# written anew and the directory signed for another 14 days, so that it can be started after weeks. The keys stay.
# shellcheck shell=bash

AREA=$TC_VAR/area
AREA_BUILD=$TC_ROOT/build/release
AREA_HOSTS=(127.0.0.1) # where brokers are: the passports list them all
# service|kind|organisation|name|stations|options of "throughcare service add"
AREA_SERVICES=(
  "oakdale-carat|carat|oakdale|CARAT team, HMP Oakdale (made up)|files desk worklist|--prison oakdale"
  "oakdale-health|prison_health|oakdale-health|Health care, HMP Oakdale (made up)|desk worklist|--prison oakdale --manager oakdale-health"
  "northmoor-arrest|arrest_referral|northmoor-arrest|Northmoor arrest referral (made up)|desk worklist|"
  "northmoor-cjip|cjip|northmoor-cjip|Northmoor CJIP team (made up)|desk worklist|--team-leader northmoor-cjip"
  "northmoor-prescribing|prescriber|northmoor-prescribing|Northmoor prescribing service (made up)|desk worklist|--team-leader northmoor-prescribing"
  "northmoor-day|tier3|northmoor-day|Northmoor crack day programme (made up)|desk|--team-leader northmoor-day"
  "northmoor-tier3|tier3|northmoor-tier3|Northmoor structured treatment (made up)|desk|--team-leader northmoor-tier3"
  "northmoor-probation|probation|northmoor-probation|Northmoor probation (made up)|desk|"
  "northmoor-spoc|spoc|northmoor-spoc|Northmoor single point of contact (made up)|desk|--spoc"
)

throughcare() { "$AREA_BUILD/adapters/cli/throughcare" "$@"; }

# area_at SERVICE ARGUMENTS...: the command line, as that service's desk.
area_at() {
  local service=$1
  shift
  THROUGHCARE_SOCKET=$(area_socket "$service") throughcare "$@"
}

area_socket() { printf '%s/%s' "$(endpoint_sockets "$TC_VAR/run")" "$1"; }

# area_each FUNCTION: calls it with service kind organisation name stations options.
area_each() {
  local row service kind organisation name stations options
  for row in "${AREA_SERVICES[@]}"; do
    IFS='|' read -r service kind organisation name stations options <<<"$row"
    "$1" "$service" "$kind" "$organisation" "$name" "$stations" "$options"
  done
}

area_make_authority() {
  rm -rf -- "$AREA"
  mkdir -p -m 0700 -- "$AREA/broker"
  throughcare key new --broker --out "$AREA/broker/broker.keys" --card "$AREA/broker/card.json"
  throughcare authority new "$AREA/authority" --name "Northmoor (made up)" --area northmoor --area-name Northmoor \
    --broker-card "$AREA/broker/card.json" $(printf -- '--host %s ' "${AREA_HOSTS[@]}") --made-up
}

area_make_keys() {
  local service=$1 stations=$5 station first=
  mkdir -p -m 0700 -- "$AREA/$service"
  for station in $stations; do
    if [[ -e $AREA/$service/$station.keys ]]; then # an area made before an update lacks only what came with it
      first=${first:-$AREA/$service/$station.keys}
      continue
    fi
    throughcare key new --service "$service" --station "$station" ${first:+--from "$first"} \
      --out "$AREA/$service/$station.keys" --card "$AREA/$service/$station.card"
    first=${first:-$AREA/$service/$station.keys}
  done
}

area_list_service() {
  local service=$1 kind=$2 organisation=$3 name=$4 stations=$5 options=$6 station
  for station in $stations; do
    # shellcheck disable=SC2086 # options are words
    throughcare service add "$AREA/authority" --card "$AREA/$service/$station.card" --name "$name" --organisation "$organisation" \
      --port "$(endpoint_port "$organisation")" --area northmoor --kind "$kind" $options --passport "$AREA/$service/$station.passport" \
      --keys "$station.keys" --spool "$station.spool" --directory ../authority/directory.bin
  done
}

area_configure_broker() {
  postgres_env "$TC_VAR/postgres"
  cat >"$AREA/broker/broker.conf" <<CONF
[database]
conninfo=host=$PGHOST port=$PGPORT user=throughcare_broker dbname=throughcare

[broker]
bind=127.0.0.1
keys=broker.keys
directory=../authority/directory.bin
authority=$(throughcare authority show "$AREA/authority")

[admin]
socket=$(area_socket admin)

[test]
time_shift_file=$STORY_SHIFT
CONF
}

# A notice here is a line in a file; in earnest it is whatever reaches the service's people.
area_configure_service() {
  local service=$1
  printf '#!/bin/sh\nprintf "%%s  %%s\\n" "$(date +%%H:%%M:%%S)" "$2" >>"%s"\n' "$AREA/$service/notices.txt" >"$AREA/$service/tell"
  chmod 0700 "$AREA/$service/tell"
  printf '[service]\npassport=desk.passport\nsocket=%s\n\n[notify]\ncommand="%s"\n' "$(area_socket "$service")" "$AREA/$service/tell" >"$AREA/$service/desk.conf"
}

area_configure_carat() {
  mkdir -p -- "$AREA/lists"
  printf '[carat]\npassport=files.passport\nfolder=%s\nnotify="%s"\n\n[team]\nname=CARAT duty worker\nphone=01632 960101\n' "$AREA/lists" \
    "$AREA/oakdale-carat/tell" >"$AREA/oakdale-carat/files.conf"
}

# The sample list as if it were of today: each day in it but those of birth moves with the day on which it was written, 23 Nov 2026.
area_sample() {
  local text day moved
  moved=$((($(date -ud "$(TZ=Europe/London date +%F)" +%s) - $(date -ud 2026-11-23 +%s)) / 86400))
  text=$(sed -E 's/20(2[5-9]|[3-9][0-9])-[0-9]{2}-[0-9]{2}/<&>/g' "$TC_ROOT/adapters/carat/sample-releases.csv")
  for day in $(grep -oE '<[0-9-]{10}>' <<<"$text" | tr -d '<>' | sort -u); do
    text=${text//"<$day>"/$(date -ud "$day + $moved days" +%F)}
  done
  printf '%s\n' "$text" >"$AREA/sample-releases.csv"
}

area_prepare() {
  [[ -e $AREA/made ]] || area_make_authority
  area_each area_make_keys
  area_each area_list_service
  throughcare authority sign "$AREA/authority"
  area_configure_broker
  area_each area_configure_service
  area_configure_carat
  area_sample
  worklist_prepare
  : >"$AREA/made"
}

area_broker_active() { throughcare status --admin "$(area_socket admin)" --json | grep -q '"state": "active"'; }
area_connected() { area_at "$1" status --json | grep -q '"state": "connected"'; }

area_start_desk() { process_start "$1" TERM "$AREA_BUILD/adapters/service/throughcare-service" --config "$AREA/$1/desk.conf"; }
area_wait_desk() { process_need "$1" 30 area_connected "$1" || fail "$1 did not connect" "See $TC_VAR/log/$1.log"; }

area_start() {
  story_prepare
  export THROUGHCARE_TIME_SHIFT=$STORY_SHIFT
  process_start broker TERM "$AREA_BUILD/broker/throughcare-broker" --config "$AREA/broker/broker.conf"
  process_need broker 30 area_broker_active || fail "the broker did not become active" "See $TC_VAR/log/broker.log"
  area_each area_start_desk
  process_start carat-files TERM "$AREA_BUILD/adapters/carat/throughcare-carat" --config "$AREA/oakdale-carat/files.conf"
  area_each area_wait_desk
  worklist_start
  say "The broker, $((${#AREA_SERVICES[@]} + 1)) adapters and $(worklist_services | wc -l) worklists are up."
}

area_tell_desk() { say "  $4"; say "    export THROUGHCARE_SOCKET=$(printf %q "$(area_socket "$1")")"; }

# area_tell_command: a function, for an alias would take a path with a space in it apart.
area_tell_command() { say "  throughcare() { $(printf %q "$AREA_BUILD/adapters/cli/throughcare") \"\$@\"; }"; }

# area_tell: how to act as each service, and where to drop a list.
area_tell() {
  say
  say "Everything runs. In another terminal, be one of the services:"
  say
  area_tell_command
  say "  . $(printf %q "$TC_ROOT/adapters/cli/throughcare.bash")   # bash completes its words"
  say "  man -l $(printf %q "$AREA_BUILD/adapters/cli/throughcare.1")"
  area_each area_tell_desk
  say
  say "and then: throughcare inbox --waiting · throughcare show ID --worker w-1 · throughcare answer ID --help · throughcare trace ID"
  say
  say "Drop a release list:   cp $(printf %q "$AREA/sample-releases.csv") $(printf %q "$AREA/lists/in/")"
  say "Answers come back in:  $AREA/lists/answers/answers.csv   (rows not taken, with the reason: $AREA/lists/rejected/)"
  say "Notices to people:     $AREA/*/notices.txt"
  say "The broker:            throughcare status --admin $(area_socket admin)"
  worklist_tell
  say
  say "Ctrl-C stops everything."
}
