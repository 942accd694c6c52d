# bash completion for throughcare
_throughcare() {
  local current=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} words=
  if ((COMP_CWORD == 1)); then
    words='inbox show answer send recall trace directory status authority key service audit --help --version'
  else
    case $command in
      inbox) words='--today --waiting' ;;
      show) words='--worker --print --conversation' ;;
      answer) words='--worker --will --other-worker --named --name --phone --team --cannot --meeting --confirmed --reply --product --mg --frequency
        --phase --supervised --last-taken --observed-by --valid-until --answerer --role --registration --moved-to --note --message' ;;
      trace) words='--local' ;;
      status) words='--admin' ;;
      authority) words='new sign show --name --area --area-name --broker-card --host --made-up --out' ;;
      key) words='new export import rotate --service --station --from --broker --out --card --passphrase-file' ;;
      service) words='add list block unblock --card --name --organisation --port --area --kind --prison --manager --spoc --passport --keys --admin' ;;
      audit) words='verify prove export receipts --conninfo --export --directory --authority --held' ;;
    esac
    words+=' --json --socket --help'
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  ((${#COMPREPLY[@]})) || compopt -o default
}
complete -F _throughcare throughcare
