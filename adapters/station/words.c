#include "adapters/station/words.h"

#include <glib.h>
#include <glib/gi18n.h>
#include <string.h>

static const char *const words[][2] = {
    { "methadone_1mg_ml", N_("methadone oral solution (1 mg in 1 ml)") }, { "methadone_10mg_ml", N_("methadone oral solution, concentrate (10 mg in 1 ml)") },
    { "release_notification", N_("release notification") }, { "release_answer", N_("answer to a release notification") },
    { "meeting_report", N_("report of a meeting") }, { "dose_request", N_("dose request") }, { "dose_answer", N_("dose answer") },
    { "recall", N_("recall") }, { "will", N_("somebody is named and will meet or see them") }, { "cannot", N_("cannot") },
    { "other_worker", N_("another worker is named") }, { "met", N_("they met") }, { "no_show", N_("did not come") },
    { "confirmed", N_("dose confirmed") }, { "held", N_("has reached the service") }, { "opened", N_("opened by a worker") },
    { "not_held", N_("not collected by its deadline") }, { "not_opened", N_("not opened by its deadline") },
    { "not_answered", N_("not answered by its deadline") }, { "escalated", N_("somebody further up is being told") },
    { "told", N_("told") }, { "not_told", N_("could not be told") }, { "nobody_told", N_("nobody up the line could be told yet") },
    { "recall_stopped", N_("taken back before it was delivered") }, { "recall_told", N_("taken back after delivery; the service was told") },
    { "open", N_("nobody named yet") }, { "named", N_("somebody is named") }, { "spoc", N_("single point of contact") },
    { "requested", N_("no answer yet") }, { "asked", N_("no answer yet") }, { "questioned", N_("they asked for more") },
    { "accepted", N_("accepted") }, { "stands", N_("on record") }, { "booked", N_("an appointment stands") }, { "seen", N_("the client came") }, { "missed", N_("the client did not come") },
    { "away", N_("in custody or in hospital") }, { "in_treatment", N_("treatment has started") }, { "already_open", N_("open there already") },
    { "transferred", N_("care has been handed over") }, { "expired", N_("nobody answered in time") }, { "offered", N_("no answer yet") },
    { "woken", N_("somebody must try to reach the client") }, { "trying", N_("somebody is trying to reach the client") },
    { "resumed", N_("the back-up service (residual role) has taken over again") }, { "re_engaged", N_("the client is back") }, { "lost", N_("signed off as lost") },
    { "two_prescribe", N_("has started to prescribe, and another has not said that it stopped") },
    { "nobody_prescribes", N_("has stopped prescribing, and nobody has said that it goes on") }, { "answerable", N_("is the care coordinator now") }, { "taken_up", N_("taken up") }, { "passed", N_("passed on") },
    { "handed_back", N_("handed back") }, { "noted", N_("stays answerable; another fact changed, such as custody, an order, a death or who prescribes") },
    { "coordination", N_("answerable now") },
    { "consent_changed", N_("what the client agrees to has changed") }, { "client_died", N_("the client has died: cancel every contact, queued texts and letters first") },
    { "death_taken_back", N_("that the client died was a mistake") }, { "withheld", N_("withheld: the client has not agreed") },
    { "possible_match", N_("a number is known with another date of birth, or for another client: check what was written, and ask") },
    { "figures", N_("figures") }, { "everybody", N_("everybody") }, { "age", N_("age") }, { "from_18_to_24", N_("18 to 24") }, { "from_25_to_34", N_("25 to 34") },
    { "from_35_to_44", N_("35 to 44") }, { "from_45_to_54", N_("45 to 54") }, { "from_55_to_64", N_("55 to 64") }, { "from_65", N_("65 and over") },
    { "under_18", N_("under 18") }, { "not_offered", N_("not offered") }, { "trained_only", N_("trained only") }, { "issued", N_("issued") },
    { "wrong_person", N_("a number of the client reached another person: use none that was not checked since") },
    { "merge", N_("word on who the client is") }, { "one_client", N_("one client") }, { "two_clients", N_("two clients") },
    { "clients_merged", N_("this client and another are one from now on") }, { "clients_parted", N_("this client and another are two again: look at what was shared") },
    { "match_denied", N_("not the same client") }, { "merged", N_("made one") }, { "parted", N_("made two again") },
    { "number_checked", N_("the number was checked") }, { "client_says_so", N_("the client says so") }, { "knows_them", N_("the worker knows them") },
    { "number_mistyped", N_("a number was mistyped") }, { "number_shared", N_("two people use one number") }, { "same_name", N_("another person of that name") },
    { "without_consent", N_("shared although the client has not agreed") },
    { "given", N_("given") }, { "narrowed", N_("narrowed") }, { "withdrawn", N_("withdrawn") }, { "refused", N_("refused") },
    { "dtto", N_("DTTO") }, { "drr", N_("DRR") }, { "atr", N_("ATR") }, { "gp", N_("GP") }, { "hdc", N_("home detention curfew") }, { "acct_open", N_("ACCT open") },
    { "acct_post_closure", N_("ACCT closed lately") }, { "nhs_number", N_("NHS number") }, { "nhs_number_verified", N_("NHS number checked") }, { "pnc_id", N_("PNC number") },
    { "local_id", N_("local number") }, { "welsh", N_("Welsh") }, { "english", N_("English") }, { "re_release", N_("re-release") }, { "drop_out", N_("drop-out") },
    { "non_contact", N_("no contact with") }, { "transition_18_19", N_("18 to 19 transition") }, { "completed_drug_free", N_("completed, drug-free") },
    { "clients_choice", N_("the client's choice") }, { "date_of_birth_basis", N_("how the date of birth is known") },
    { "before_leaves_cell", N_("before they leave the cell") },
    { "event_at", N_("when") }, { "due_at", N_("needed by") }, { "valid_until_at", N_("may be relied on until") }, { "until_at", N_("until") }, { "meet_asked", N_("wants to be met") },
    { "team_leader", N_("team leader") }, { "area_manager", N_("area manager") }, { "fallback", N_("fallback service") }, { "manager", N_("manager") },
};

/* The same code may mean something else elsewhere: "field:code". */
static const char *const in_fields[][2] = {
    { "field:offered", N_("appointments that were offered") }, { "field:attended", N_("appointments that they came to") }, { "result:no_result", N_("no answer") },
    { "area_certainty:confirmed", N_("confirmed") }, { "reply:will", N_("yes, somebody will meet or see them") }, { "reply:other_worker", N_("yes, another worker will") },
    { "reply:cannot", N_("no, nobody can") }, { "reply:accept", N_("accept") }, { "reply:decline", N_("decline") }, { "reply:ask", N_("ask for more") },
    { "change:made", N_("a new appointment") }, { "asked_of:prison", N_("a prison") },
    { "dose_answer.reply:cannot", N_("we cannot say") }, { "reply:moved_to", N_("they have moved to another service") }, { "reply:redirect", N_("send it to another service") }, { "reply:need_more_identity", N_("we need more to know who it is") },
    { "reply:already_open", N_("we have them already") },
    { "scope:coordination", N_("care coordination") }, { "scope:both", N_("coordination and prescribing") }, { "owner:self", N_("their own") },
    { "state:wrong_person", N_("wrong person") }, { "result:wrong_person", N_("wrong person") }, { "result:spoke", N_("spoke to them") },
    { "verdict:one_client", N_("yes, they are one client") }, { "verdict:two_clients", N_("no, they are two clients") },
    { "kind:cjip", N_("criminal-justice drug team (CJIP)") }, { "kind:prescriber", N_("prescribing service") }, { "kind:tier2", N_("drop-in or outreach (tier 2)") },
    { "kind:tier3", N_("structured treatment (tier 3)") }, { "kind:tier4", N_("detoxification or rehabilitation (tier 4)") }, { "kind:gp", N_("GP") }, { "kind:housing", N_("housing") },
    { "kind:probation", N_("probation") },
    { "parts:minimum", N_("who they are, and how to reach them") }, { "parts:clinical", N_("clinical facts") }, { "parts:risk", N_("risks") }, { "parts:safeguarding", N_("safeguarding") },
    { "carry:clinical", N_("the assessment and the care plan") }, { "carry:risk", N_("the risks") }, { "carry:safeguarding", N_("safeguarding") },
    { "purposes:treatment", N_("sharing for treatment") }, { "purposes:reporting", N_("being counted") }, { "purposes:telephone", N_("telephone calls") }, { "purposes:text", N_("text messages") },
    { "purposes:letter", N_("letters") }, { "purposes:email", N_("emails") }, { "purposes:visit", N_("visits") },
    { "prescribing.step:start", N_("prescribing starts") }, { "prescribing.step:stop", N_("prescribing stops") },
    { "code:1011", N_("heroin") }, { "code:1105", N_("methadone") }, { "code:1000", N_("other opiates") }, { "code:2200", N_("benzodiazepines") }, { "code:3100", N_("amphetamines") },
    { "code:3200", N_("cocaine (powder)") }, { "code:3201", N_("crack") }, { "code:3406", N_("ecstasy") }, { "code:5000", N_("cannabis") }, { "code:7000", N_("alcohol") },
    { "state:withdrawn", N_("withdrawn") }, { "certainty:withdrawn", N_("withdrawn") }, { "certainty:happened", N_("they are out") }, { "urgency:within_48h", N_("within 48 hours") },
};

static const char *const clocks[][2] = {
    { "held", N_("to collect it") }, { "named", N_("to name somebody") }, { "contact", N_("to say that they met") },
    { "dose_answered", N_("to answer about the dose") }, { "told", N_("to tell somebody") },
    { "cell_answered", N_("to answer before they leave the cell") }, { "same_day_answered", N_("to answer the same day") },
    { "referral_answered", N_("to answer the referral") }, { "booked", N_("to give an appointment") }, { "seen", N_("to say whether they came") },
    { "first_attempt", N_("to try to reach the client") }, { "transfer_answered", N_("to answer the offer") }, { "acknowledged", N_("to acknowledge the concern") },
    { "brief_intervention", N_("to see the client about crack within two days") }, { "rapid_prescribing", N_("to have the client seen by a clinician") },
    { "reminder", N_("a reminder") },
};

const char *words_of_clock(const char *policy)
{
    for (size_t i = 0; i < G_N_ELEMENTS(clocks); i++)
        if (strcmp(policy, clocks[i][0]) == 0)
            return _(clocks[i][1]);
    const char *role = strchr(policy, '/'); /* "named/spoc" */
    if (role == NULL)
        return words_of(policy);
    g_autofree char *clock = g_strndup(policy, (gsize)(role - policy)), *both = g_strdup_printf("%s: %s", words_of_clock(clock), words_of(role + 1));
    return g_intern_string(both);
}

const char *words_of_asked(const char *why)
{
    static const char *const reasons[][2] = {
        { "fits", N_("because it is of that kind, can do it, and is open in time") }, { "fallback", N_("as the fallback of one that is full or closed") },
        { "drop_in", N_("as a drop-in or outreach service, because nobody else can see the client today") },
        { "spoc", N_("as the single point of contact, because nobody else is left") }, { "redirected", N_("because the one before named it") },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++)
        if (strcmp(why, reasons[i][0]) == 0)
            return _(reasons[i][1]);
    return why;
}

const char *words_in(const char *field, const char *code)
{
    g_autofree char *both = g_strconcat(field, ":", code, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(in_fields); i++)
        if (strcmp(both, in_fields[i][0]) == 0)
            return _(in_fields[i][1]);
    const char *dot = strchr(field, '.');
    return dot != NULL ? words_in(dot + 1, code) : words_of(code);
}

const char *words_of(const char *code)
{
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (strcmp(code, words[i][0]) == 0)
            return _(words[i][1]);
    g_autofree char *plain = g_strdelimit(g_strdup(code), "_", ' ');
    return *plain != '\0' ? g_intern_string(_(plain)) : ""; /* gettext has its own meaning for nothing */
}
