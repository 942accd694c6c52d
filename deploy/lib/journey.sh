# Four people's journeys through the made-up area, played once with the real programs (story.sh); later starts tell their record.
# shellcheck shell=bash

JOURNEY=$TC_VAR/area/journey

# journey_field NAME: the first member of that name in JSON on standard input, nested ones of other names aside.
journey_field() { sed -n "s/^ *\"$1\": \"\\(.*\\)\",\\{0,1\\}\$/\\1/p" | head -n 1; }

# journey_wait WHAT COMMAND...: until it prints something; prints that.
journey_wait() {
  local what=$1 found
  local -i tries=600
  shift
  while ((tries-- > 0)); do
    found=$("$@" 2>/dev/null) || true
    [[ -z $found ]] || { printf '%s' "$found"; return 0; }
    sleep 0.05
  done
  fail "waited 30 s for $what" "The programs' own words are in $TC_VAR/log/"
}

journey_record() {
  say
  say "John's release, as the CJIP team knows it and as it stands in the record:"
  area_at northmoor-cjip trace "$(story_id john.release)"
  say
  say "Darren's referral to whoever runs a crack programme, as the CJIP team saw it:"
  area_at northmoor-cjip trace --local "$(story_id darren.programme)"
  say
  say "John's dose, as the prescriber knows it and as it stands in the record:"
  area_at northmoor-prescribing trace "$(story_id john.dose)"
  say
  say "Who was answerable for Darren:"
  area_at northmoor-cjip answerable "$(story_id darren.referral)"
  say
  say "Who was told what about Darren, as far as the CJIP team sent or received it:"
  area_at northmoor-cjip disclosures --client "$(story_id darren.referral)"
  say
  say "Who was answerable for Karen:"
  area_at northmoor-cjip answerable "$(story_id karen.referral)"
}

journey_reports() {
  local report
  for report in funnel waits clocks continuity doses reengagement; do
    say
    say "throughcare report $report --exact (made-up people: in earnest a count below five is not shown)"
    throughcare report "$report" --exact --conninfo "$(journey_database)" 2>/dev/null
  done
}

journey_database() { printf 'host=%s port=%s user=throughcare_report dbname=throughcare' "$PGHOST" "$PGPORT"; }

journey_play() {
  if [[ -e $JOURNEY && ! -e $STORY_KEPT ]]; then
    say "This area was made before there were these stories, and time does not go back: deploy/run --reset makes a new one and plays them."
    return
  elif [[ -e $JOURNEY ]]; then
    say "The stories were played before; this is their record."
  elif [[ -e $STORY_KEPT ]]; then
    say "The stories were interrupted, and time does not go back: deploy/run --reset plays them anew."
    return
  else
    story_play
    : >"$JOURNEY"
  fi
  journey_record
}

# journey_verify: the audit, recomputed from the database, with the heads and receipts that services hold.
journey_verify() {
  local service
  mkdir -p -- "$TC_VAR/area/held"
  for service in "${AREA_SERVICES[@]%%|*}"; do
    area_at "$service" audit receipts >"$TC_VAR/area/held/$service.json"
  done
  throughcare audit verify --conninfo "$(journey_database)" \
    --directory "$TC_VAR/area/authority/directory.bin" --authority "$(throughcare authority show "$TC_VAR/area/authority")" --held "$TC_VAR/area/held" ||
    fail "the record does not verify" "This must never happen: keep $TC_VAR as it is and tell the authors."
}
