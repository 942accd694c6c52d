# The worklists of the made-up area: one process an organisation, one nginx before them with a made certificate, and made-up people.
# shellcheck shell=bash

WORKLIST=$TC_VAR/area/worklist
WORKLIST_PASSWORD="made up and open"
# service|name to sign in with|role|worker|person|phone|team
WORKLIST_PEOPLE=(
  "oakdale-carat|lee|worker|c-101|Lee Made-Up|01632 960101|CARAT, HMP Oakdale"
  "oakdale-health|alex|worker|n-009|Alex Made-Up|01632 960109|Health care, HMP Oakdale"
  "northmoor-arrest|jo|worker|a-003|Jo Made-Up|01632 960140|Northmoor arrest referral"
  "northmoor-cjip|sam|worker|w-017|Sam Made-Up|01632 960123|Northmoor CJIP"
  "northmoor-cjip|manager|manager|w-001|Kim Made-Up|01632 960120|Northmoor CJIP"
  "northmoor-cjip|gwen|governance|w-002|Gwen Made-Up|01632 960121|Northmoor information governance"
  "northmoor-prescribing|pat|worker|p-002|Pat Made-Up|01632 960300|Northmoor prescribing"
)

worklist_services() { printf '%s\n' "${WORKLIST_PEOPLE[@]%%|*}" | sort -u; }
worklist_host() { printf '%s.localhost' "$1"; }
worklist_program() { "$AREA_BUILD/adapters/worklist/throughcare-worklist" --config "$AREA/$1/worklist.conf" "${@:2}"; }

# worklist_fill FILE NAME=VALUE...: the file with its %NAME% filled in.
worklist_fill() {
  local file=$1 text pair
  shift
  text=$(<"$file")
  for pair in "$@"; do text=${text//"%${pair%%=*}%"/${pair#*=}}; done
  printf '%s\n' "$text"
}

worklist_certificate() {
  local names
  names=$(worklist_services | sed 's/.*/DNS:&.localhost/' | paste -sd,)
  if [[ -e $WORKLIST/tls.pem ]] && openssl x509 -checkend 86400 -noout -in "$WORKLIST/tls.pem" >/dev/null; then return; fi
  openssl req -x509 -newkey rsa:2048 -nodes -days 90 -subj "/CN=Throughcare (made up)" -addext "subjectAltName=$names" \
    -keyout "$WORKLIST/tls.key" -out "$WORKLIST/tls.pem" 2>/dev/null
}

worklist_accounts() {
  local row service name role worker person phone team
  for row in "${WORKLIST_PEOPLE[@]}"; do
    IFS='|' read -r service name role worker person phone team <<<"$row"
    [[ ! -e $AREA/$service/account-$name ]] || continue
    worklist_program "$service" --account "$name" --role "$role" --worker "$worker" --person "$person" --phone "$phone" --team "$team" \
      <<<"$WORKLIST_PASSWORD" >>"$TC_VAR/log/accounts.log" 2>&1 ||
      fail "cannot make the account $name of $service" "$(tail -n 3 -- "$TC_VAR/log/accounts.log")"
    : >"$AREA/$service/account-$name"
  done
}

worklist_sites() {
  local service from=$TC_ROOT/adapters/worklist
  rm -f -- "$WORKLIST"/*.site
  { cat "$from/nginx-proxy.conf"; } >"$WORKLIST/proxy.conf"
  for service in $(worklist_services); do
    worklist_fill "$from/nginx-site.conf" "ADDRESS=127.0.0.1:$1" "NAME=$(worklist_host "$service")" "SOCKET=$(area_socket "$service-pages")" \
      "ASSETS=$AREA_BUILD/adapters/worklist/assets" "FOLDER=$WORKLIST" >"$WORKLIST/$service.site"
  done
  { ((EUID != 0)) || printf 'user %s %s;\n' "$(id -un)" "$(id -gn)"
    worklist_fill "$from/nginx.conf" "FOLDER=$WORKLIST" "CERTIFICATE=$WORKLIST/tls.pem" "KEY=$WORKLIST/tls.key" "SITES=$WORKLIST/*.site"
  } >"$WORKLIST/nginx.conf"
}

worklist_prepare() {
  local service
  mkdir -p -m 0700 -- "$WORKLIST"
  for service in $(worklist_services); do
    printf '[worklist]\npassport=worklist.passport\nsocket=%s\n' "$(area_socket "$service-pages")" >"$AREA/$service/worklist.conf"
    [[ $service != oakdale-carat ]] || printf 'lists=%s\n' "$AREA/lists" >>"$AREA/$service/worklist.conf"
  done
  worklist_certificate
  worklist_accounts
  WORKLIST_PORT=$(endpoint_port worklist)
  worklist_sites "$WORKLIST_PORT"
}

worklist_answers() { [[ -S $(area_socket "$1-pages") ]]; }

worklist_start() {
  local service
  for service in $(worklist_services); do
    process_start "$service-pages" TERM "$AREA_BUILD/adapters/worklist/throughcare-worklist" --config "$AREA/$service/worklist.conf"
  done
  for service in $(worklist_services); do
    process_need "$service-pages" 30 worklist_answers "$service" || fail "$service's worklist did not start" "See $TC_VAR/log/$service-pages.log"
  done
  PATH=$PATH:/usr/sbin process_start nginx QUIT nginx -p "$WORKLIST" -c "$WORKLIST/nginx.conf"
  process_need nginx 15 endpoint_busy "$WORKLIST_PORT" || fail "nginx did not start" "See $TC_VAR/log/nginx.log"
}

worklist_tell() {
  local row service name role rest
  say
  say "The worklist in the browser (its certificate is made here: the browser asks once whether to go on). The password of all of them is between the quotes: '$WORKLIST_PASSWORD'"
  for row in "${WORKLIST_PEOPLE[@]}"; do
    IFS='|' read -r service name role rest <<<"$row"
    say "  https://$(worklist_host "$service"):$WORKLIST_PORT/   sign in as $name ($role)"
  done
}
