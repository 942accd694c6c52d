# bash completion for throughcare
_throughcare() {
  local current=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} words=
  if ((COMP_CWORD == 1)); then
    words='inbox show answer say send recall trace answerable matches disclosures figures directory status authority key service clock audit report --help --version'
  else
    case $command in
      inbox) words='--today --waiting --kind --sent' ;;
      show) words='--worker --print --conversation' ;;
      answer) words='--worker --will --other-worker --named --name --phone --team --cannot --meeting --confirmed --reply --product --product-name --mg --frequency
        --phase --supervised --last-taken --observed-by --valid-until --answerer --role --registration --other-product --moved-to --note --message' ;;
      say) words='release_notification release_answer meeting_report dose_request dose_answer recall referral referral_answer appointment attendance attempt treatment transfer_offer transfer_answer transfer_withdrawal drop_out
        re_engaged resume lost movement prescribing court_order death consent merge progress availability figures safeguarding_concern safeguarding_acknowledgement
        --on --about --to --area --service-kind --needs --instead-of --share-with --agreed --worker --like
        --surname --forenames --born --nhs-number --prison-number --pnc --product --name --phone --team --place --postcode --note
        --parts --key' ;;
      send) words='--key' ;;
      recall) words='--worker' ;;
      figures) words='--from --until --csv --exact' ;;
      answerable) words='--at' ;;
      disclosures) words='--client' ;;
      trace) words='--local' ;;
      status) words='--admin' ;;
      authority) words='new sign show --name --area --area-name --broker-card --host --made-up --out' ;;
      key) words='new export import rotate --service --station --from --broker --out --card --passphrase-file' ;;
      service) words='add list block unblock --card --name --organisation --organisation-name --port --quota --area --kind --prison --manager --team-leader
        --fallback --area-manager --spoc --passport --keys --spool --directory --admin' ;;
      clock) words='set day list --within --ladder --remind --usual --admin' ;;
      report) words='funnel waits clocks continuity releases doses reengagement sharing deaths --conninfo --from --until --csv --exact' ;;
      audit) words='verify prove export receipts --conninfo --export --directory --authority --held' ;;
    esac
    words+=' --json --socket --help'
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  ((${#COMPREPLY[@]})) || compopt -o default
}
complete -F _throughcare throughcare
