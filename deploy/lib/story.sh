# Plays the stories of deploy/stories on one shifted time line: see deploy/stories/README.md.
# shellcheck shell=bash

STORY_SHIFT=$TC_VAR/area/shift
STORY_KEPT=$TC_VAR/area/stories # NAME=id of every message that a story named, with the story's name before it
STORY_SOON=600 # seconds in which no clock that a story starts runs out
declare -A STORY_ID=()

# story_lines: every line of every story as "second<TAB>story<TAB>number<TAB>verb and words", in order of time.
story_lines() {
  local file story day time rest number
  for file in "$TC_ROOT"/deploy/stories/*.story; do
    story=${file##*/} number=0
    while read -r day time rest; do
      number=$((number + 1))
      [[ $day == '#'* || -z $day ]] && continue
      printf '%s\t%s\t%04d\t%s\n' "$(TZ=Europe/London date -d "$(TZ=Europe/London date -d "$day days" +%F) $time" +%s)" "${story%.story}" "$number" "$rest"
    done <"$file"
  done | sort -s -t $'\t' -k1,1n -k2,2 -k3,3
}

# story_prepare: before the broker starts, for its record never goes back in time. Begins where the first story begins; else now.
story_prepare() {
  if [[ -e $STORY_KEPT || -e $JOURNEY ]]; then
    story_shift 0
  else
    story_shift "$(($(story_lines | head -n 1 | cut -f 1) - 3600 - $(date +%s)))"
  fi
}

# story_quiet: nothing waits for an adapter, so that no clock runs out only because time jumps.
story_quiet() { ! throughcare status --admin "$(area_socket admin)" --json | grep -qE '"waiting": [1-9]'; }

story_wait_quiet() {
  local -i tries=1000
  until story_quiet; do
    ((tries-- > 0)) || fail "the adapters do not come to rest" "The programs' own words are in $TC_VAR/log/"
    sleep 0.03
  done
}

# story_shift SECONDS: whole, so that no program reads half a number.
story_shift() {
  printf '%s\n' "$1" >"$STORY_SHIFT.new"
  mv -- "$STORY_SHIFT.new" "$STORY_SHIFT"
}

# story_travel SECOND: the area's clock goes there, and what runs out on the way is told before anything else happens.
story_travel() {
  local before=${STORY_NOW:-0}
  [[ $1 == "$before" ]] && return
  story_wait_quiet
  STORY_NOW=$1
  story_shift "$((STORY_NOW - $(date +%s)))"
  if ((STORY_NOW - before < STORY_SOON)); then
    sleep 0.12 # every program looks ten times a second
  else
    sleep 0.3 # what runs out, and who is told of it, in turn
    story_wait_quiet
  fi
}

# story_word STORY WORD: $NAME and the times in it, as they are then. A word may have a field's name before it.
story_word() {
  local word=$2 name=
  [[ $word == *=@* ]] && name=${word%%=*}= word=${word#*=}
  case $word in
    '$'*) printf '%s' "${STORY_ID[$1.${word#\$}]-}" ;;
    @@[-+]*d) printf '%s%s' "$name" "$(TZ=Europe/London date -d "$(TZ=Europe/London date -d "@$STORY_NOW" +%F) ${word#@@}ays" +%F)" ;;
    @[-+]*) printf '%s%s' "$name" "$(date -u -d "@$((STORY_NOW + $(story_span "${word#@}")))" +%FT%TZ)" ;;
    *) printf '%s' "$word" ;;
  esac
}

story_span() {
  local -A unit=([m]=60 [h]=3600 [d]=86400)
  printf '%s' "$((${1%?} * ${unit[${1: -1}]}))"
}

# story_parts FILE: the file of sealed content, with its days filled in.
story_parts() {
  local out=$TC_VAR/area/parts.json
  sed "s/@@-0d/$(TZ=Europe/London date -d "@$STORY_NOW" +%F)/g" "$TC_ROOT/deploy/stories/people/$1" >"$out"
  printf '%s' "$out"
}

# story_words STORY TEXT: its words, in STORY_WORDS; quotes hold together. What is named must have come to the service.
story_words() {
  local word previous=
  local -a words
  mapfile -t words < <(xargs -n1 printf '%s\n' <<<"$2")
  STORY_WORDS=()
  for word in "${words[@]}"; do
    if [[ $previous == --parts ]]; then word=$(story_parts "$word"); else word=$(story_word "$1" "$word"); fi
    STORY_WORDS+=("$word")
    previous=$word
  done
}

story_has() { area_at "$1" show "$2" --json | journey_field id; }

story_need() {
  local service=$1 word
  shift
  for word in "$@"; do
    [[ $word =~ ^[0-9a-f]{8}-[0-9a-f-]{27}$ ]] || continue
    journey_wait "$word at $service" story_has "$service" "$word" >/dev/null
  done
}

# story_keep STORY NAME ID
story_keep() {
  STORY_ID[$1.$2]=$3
  printf '%s.%s=%s\n' "$1" "$2" "$3" >>"$STORY_KEPT"
}

story_say() {
  local story=$1 service=$2 text=$3 name=
  [[ $text == *' => '* ]] && name=${text##* => } text=${text% => *}
  story_words "$story" "$text"
  story_need "$service" "${STORY_WORDS[@]}"
  STORY_SAID=$(area_at "$service" say "${STORY_WORDS[@]}" --json | journey_field message)
  [[ -n $STORY_SAID ]] || fail "$service could not say: $text"
  [[ -z $name ]] || story_keep "$story" "$name" "$STORY_SAID"
}

story_sequence() { area_at "$1" show "$2" --json | sed -n 's/^ *"sequence": \([0-9]*\).*/\1/p'; }
story_refused() { area_at "$1" show "$2" --json | grep -o "\"code\": \"$3\""; }
# The newest of a kind, unless a story has it already: then it is not the one that is waited for.
story_newest() {
  local id
  id=$(area_at "$1" inbox --kind "$2" --json | journey_field id)
  grep -q "=$id\$" "$STORY_KEPT" || printf '%s' "$id"
}
story_state() { area_at "$1" show "$2" --json | grep -o "\"state\": \"$3\""; }
story_alerted() { area_at "$1" show "$2" --json | grep -o "\"code\": \"$3\""; }
story_noticed() { area_at "$1" trace --local --json "$2" | grep -o "\"policy\": \"$3\""; }
story_conversation() { area_at "$1" show "$2" --json | journey_field conversation; }
story_answerable() { area_at "$1" answerable "$2" --json | grep '"coordinator"' | tail -n 1 | grep -o "\"$3\""; }

story_expect() {
  local story=$1 text=$2 message
  if [[ $text == 'lists '* ]]; then
    journey_wait "\"${text#lists }\" in the prison's answers" grep -ho "${text#lists }" "$TC_VAR/area/lists/answers/answers.csv" >/dev/null
    return
  fi
  story_words "$story" "$text"
  set -- "${STORY_WORDS[@]}"
  story_need "$1" "$3"
  message=$3
  [[ $2 != answerable && $2 != noticed ]] || message=$(story_conversation "$1" "$3")
  journey_wait "$text (${story}'s story)" "story_$2" "$1" "$message" "$4" >/dev/null
}

story_do() {
  local service=$2
  story_words "$1" "$3"
  story_need "$service" "${STORY_WORDS[@]}"
  area_at "$service" "${STORY_WORDS[@]}" >/dev/null || fail "$service could not: $3"
}

# story_step STORY VERB WORDS
story_step() {
  local story=$1 verb=$2 text=$3
  case $verb in
    tell) say "  $(TZ=Europe/London date -d "@$STORY_NOW" '+%a %-d %b %Y, %H:%M')  ${story^}: $text" ;;
    say)
      story_say "$story" "${text%% *}" "${text#* }"
      journey_wait "the broker to take: $text" story_sequence "${text%% *}" "$STORY_SAID" >/dev/null
      ;;
    refuse)
      local code=${text%% *} rest=${text#* }
      story_say "$story" "${rest%% *}" "${rest#* }"
      journey_wait "the broker to refuse: $text" story_refused "${rest%% *}" "$STORY_SAID" "$code" >/dev/null
      ;;
    do) story_do "$story" "${text%% *}" "${text#* }" ;;
    find)
      local -a words
      read -r -a words <<<"$text"
      STORY_SAID=$(journey_wait "a ${words[1]} at ${words[0]}" story_newest "${words[0]}" "${words[1]}")
      story_keep "$story" "${words[3]}" "$STORY_SAID"
      ;;
    drop) # shellcheck disable=SC2086 # words
      story_drop $text ;;
    page)
      story_words "$story" "$text"
      say
      area_at "${STORY_WORDS[0]}" show "${STORY_WORDS[1]}" --print
      say
      ;;
    expect) story_expect "$story" "$text" ;;
    *) fail "$story: there is no verb $verb" "See deploy/stories/README.md" ;;
  esac
}

# story_drop NAME [MEETING]: the sample's first person, with the day after the first list; a list may also say how a meeting went.
story_drop() {
  local list=$TC_VAR/area/lists/in
  STORY_RELEASE=${STORY_RELEASE:-$(TZ=Europe/London date -d "$(TZ=Europe/London date -d "@$STORY_NOW" +%F) + 1 day" +%F)}
  mkdir -p -- "$list"
  sed -n '1,3p' "$TC_ROOT/adapters/carat/sample-releases.csv" |
    sed "s/2026-11-24,2026-11-24/$STORY_RELEASE,$STORY_RELEASE/;s/2026-10-05\|2026-11-02/$(TZ=Europe/London date -d "@$STORY_NOW" +%F)/" |
    sed "${2:+1s/\$/,meeting/;3s/\$/,$2/}" >"$list/$1.new"
  mv -- "$list/$1.new" "$list/$1.csv"
}

# story_play: all of them; the area's clock is the host's again at the end.
story_play() {
  local second story _number rest words
  : >"$STORY_KEPT"
  while IFS=$'\t' read -r second story _number rest <&3; do
    story_travel "$second"
    rest=${rest#"${rest%%[![:space:]]*}"}
    words=${rest#"${rest%%[[:space:]]*}"}
    story_step "$story" "${rest%%[[:space:]]*}" "${words#"${words%%[![:space:]]*}"}"
  done 3< <(story_lines)
  story_travel "$(date +%s)"
  story_shift 0
}

# story_id STORY.NAME: as it was kept.
story_id() { sed -n "s/^$1=//p" "$STORY_KEPT" | tail -n 1; }
