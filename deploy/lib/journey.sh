# A person's journey through the made-up area, played with the real programs and told as a person would tell it.
#
# John (made up) is likely to be bailed tomorrow. The prison's list reaches the community team, somebody is named, the prison sees it; he is
# met; the prescriber asks the prison for his dose, gets it, and can continue it. Played once; later starts tell it again.
# shellcheck shell=bash

JOURNEY=$TC_VAR/area/journey

# journey_field NAME: the first member of that name in JSON on standard input, nested ones of other names aside.
journey_field() { sed -n "s/^ *\"$1\": \"\\(.*\\)\",\\{0,1\\}\$/\\1/p" | head -n 1; }

# journey_wait WHAT COMMAND...: until it prints something; prints that.
journey_wait() {
  local what=$1 found
  local -i tenths=300
  shift
  while ((tenths-- > 0)); do
    found=$("$@" 2>/dev/null) || true
    [[ -z $found ]] || { printf '%s' "$found"; return 0; }
    sleep 0.1
  done
  fail "waited 30 s for $what" "The programs' own words are in $TC_VAR/log/"
}

journey_waiting() { area_at "$1" inbox --waiting --json | journey_field id; }
journey_answered() { area_at northmoor-prescribing inbox --json | grep -A40 '"kind": "dose_answer"' | journey_field id; }
journey_inbox_first() { area_at "$1" inbox --json | journey_field id; }
journey_named() { grep -ho "Somebody is named[^\"]*" "$TC_VAR/area/lists/answers/answers.csv"; }

journey_met() { area_at northmoor-cjip inbox --json | grep -o '"outcome": "met"'; }

# journey_drop_list NAME [MEETING]: the sample's first person, with tomorrow's date; a list may also say how a meeting went.
journey_drop_list() {
  local tomorrow list=$TC_VAR/area/lists/in
  tomorrow=$(TZ=Europe/London date -d tomorrow +%F)
  mkdir -p -- "$list"
  sed -n '1,3p' "$TC_ROOT/adapters/carat/sample-releases.csv" | sed "s/2026-11-24,2026-11-24/$tomorrow,$tomorrow/" |
    sed "${2:+1s/\$/,meeting/;3s/\$/,$2/}" >"$list/$1.new"
  mv -- "$list/$1.new" "$list/$1.csv"
}

journey_ask_dose() {
  area_at northmoor-prescribing send --key john-dose --json - <<JSON | journey_field message
{ "kind": "dose_request", "recipient": "oakdale-health", "worker": "p-002", "urgency": "same_day", "legal_basis": "direct_care",
  "due_at": "$(date -u -d '+4 hours' +%FT%TZ)", "dose_request": { "asked_of": "prison" },
  "parts": { "minimum": { "person": { "surname": "Marlow", "forenames": "John", "date_of_birth": "1997-03-14", "nhs_number": "9990001014",
    "prison_numbers": ["A1234BC"] }, "worker": { "name": "Dr Made Up", "phone": "01632 960300", "team": "Northmoor prescribing" } } } }
JSON
}

journey_act() {
  local release request answer
  say "1. The prison's system drops tomorrow's release list."
  journey_drop_list releases
  release=$(journey_wait "the notification at the CJIP team" journey_waiting northmoor-cjip)
  say "2. A CJIP worker opens the notification and names herself: she will meet John."
  area_at northmoor-cjip show "$release" --worker w-017 >/dev/null
  area_at northmoor-cjip answer "$release" --will --worker w-017 --name "Sam Made-Up" --phone "01632 960123" --team "Northmoor CJIP" >/dev/null
  say "3. The prison reads in its answers: $(journey_wait "the answer in the prison's file" journey_named)"
  say "4. He is bailed; the CARAT worker meets him at court and reports it."
  journey_drop_list releases-next-day met
  journey_wait "the report that they met" journey_met >/dev/null
  say "5. The prescriber asks the prison for his dose; a nurse answers."
  request=$(journey_ask_dose)
  journey_wait "the dose request at the prison's health care" journey_waiting oakdale-health >/dev/null
  area_at oakdale-health show "$request" --worker n-009 >/dev/null
  area_at oakdale-health answer "$request" --confirmed --worker n-009 --product methadone_1mg_ml --mg 40 --frequency once_daily --phase stable \
    --supervised --last-taken "$(date -u -d '-3 hours' +%FT%TZ)" --observed-by prison_nurse --valid-until "$(date -u -d '+48 hours' +%FT%TZ)" \
    --answerer "Alex Made-Up" --role "prison nurse" --registration 00X0000X >/dev/null
  answer=$(journey_wait "the prison's answer at the prescriber" journey_inbox_first northmoor-prescribing)
  area_at northmoor-prescribing show "$answer" --worker p-002 >/dev/null
  printf 'RELEASE=%s\nREQUEST=%s\nANSWER=%s\n' "$release" "$request" "$answer" >"$JOURNEY"
}

journey_opened() { area_at oakdale-health trace --local "$(sed -n 's/^REQUEST=//p' "$JOURNEY")" | grep "opened by a worker, p-002"; }

journey_play() {
  local RELEASE= REQUEST= ANSWER=
  if [[ -e $JOURNEY ]]; then
    say "John's journey was played before; this is its record."
  else
    journey_act
    journey_wait "the evidence that the dose was opened" journey_opened >/dev/null
  fi
  # shellcheck source=/dev/null
  . "$JOURNEY"
  say
  say "The release, as the CJIP team knows it and as it stands in the record:"
  area_at northmoor-cjip trace "$RELEASE"
  say
  say "The dose, as the prescriber knows it and as it stands in the record:"
  area_at northmoor-prescribing trace "$REQUEST"
  say
  say "The prescriber's page:"
  area_at northmoor-prescribing show "$ANSWER" --print
}

# journey_verify: the audit, recomputed from the database, with the heads and receipts that services hold.
journey_verify() {
  local service
  mkdir -p -- "$TC_VAR/area/held"
  for service in oakdale-carat oakdale-health northmoor-cjip northmoor-prescribing northmoor-spoc; do
    area_at "$service" audit receipts >"$TC_VAR/area/held/$service.json"
  done
  throughcare audit verify --conninfo "host=$PGHOST port=$PGPORT user=throughcare_report dbname=throughcare" \
    --directory "$TC_VAR/area/authority/directory.bin" --authority "$(throughcare authority show "$TC_VAR/area/authority")" --held "$TC_VAR/area/held" ||
    fail "the record does not verify" "This must never happen: keep $TC_VAR as it is and tell the authors."
}
