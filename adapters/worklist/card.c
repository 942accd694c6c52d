#include "adapters/worklist/card.h"

#include "adapters/station/words.h"
#include "adapters/worklist/client.h"
#include "adapters/worklist/medication.h"
#include "adapters/worklist/say.h"

#include <glib/gi18n.h>
#include <string.h>

static void add_tag(json_t *tags, const char *colour, const char *words)
{
    g_autofree char *said = say_sentence(words);
    if (*said != '\0')
        json_array_append_new(tags, json_pack("{s:s, s:s}", "words", said, "colour", colour));
}

char *card_whose(const Worklist *w, const Case *it, const char *day)
{
    if (*it->worker == '\0')
        return g_strdup("");
    const char *covers = cover_of(w->cover, it->worker, day), *name = worklist_worker_name(w, it->worker);
    if (strcmp(covers, it->worker) == 0)
        return g_strdup(name);
    return *covers != '\0' ? g_strdup_printf(_("%s, for %s who is away"), worklist_worker_name(w, covers), name) : g_strdup_printf(_("%s, who is away with nobody standing in"), name);
}

char *card_evidence(const Worklist *w, const Case *it)
{
    const char *delivery = case_text(it->request, "delivery_state");
    if (*it->facts.step == '\0')
        return say_sentence(words_of(delivery));
    g_autofree char *step = say_sentence(words_of(it->facts.step));
    return *it->facts.step_by != '\0' ? g_strdup_printf("%s (%s)", step, worklist_service_name(w, it->facts.step_by)) : g_steal_pointer(&step);
}

char *card_told(const Worklist *w, const Case *it)
{
    if (it->facts.told_at == 0)
        return g_strdup("");
    const char *role = words_of(it->facts.told);
    return *it->facts.told_by != '\0' ? g_strdup_printf("%s (%s)", role, worklist_service_name(w, it->facts.told_by)) : g_strdup(role);
}

/* ---- What each list says of a case ---- */

static char *what_and_who(const Worklist *w, const Case *it)
{
    g_autofree char *kind = say_sentence(words_of(it->kind));
    const char *other = *it->facts.other != '\0' ? worklist_service_name(w, it->facts.other) : _("whoever fits");
    return g_strdup_printf(it->ours ? _("%s, to %s") : _("%s, from %s"), kind, other);
}

static char *waiting_says(const Worklist *w, Case *it, const Moment *moment, json_t *tags, char **note)
{
    static const char *const soon[] = { "before_leaves_cell", "same_day" };
    (void)moment;
    for (size_t i = 0; i < G_N_ELEMENTS(soon); i++)
        if (strcmp(it->facts.urgency, soon[i]) == 0)
            add_tag(tags, "orange", words_in("urgency", soon[i]));
    if (it->facts.unopened)
        add_tag(tags, "blue", _("New"));
    g_autofree char *due = say_time(it->due);
    *note = *due != '\0' ? g_strdup_printf(_("Answer by %s"), due) : NULL;
    return what_and_who(w, it);
}

/* A word alone would be of the person that it stands beside. */
static char *certainty_says(const char *certainty)
{
    static const char *const of_release[][2] = { { "planned", N_("Release planned") }, { "likely", N_("Release likely") }, { "provisional", N_("Release provisional") } };
    for (size_t i = 0; i < G_N_ELEMENTS(of_release); i++)
        if (strcmp(certainty, of_release[i][0]) == 0)
            return g_strdup(_(of_release[i][1]));
    return say_sentence(words_in("certainty", certainty));
}

static char *out_says(const Worklist *w, Case *it, const Moment *moment, json_t *tags, char **note)
{
    g_autofree char *day = say_day(it->release_day);
    const char *other = worklist_service_name(w, it->facts.other);
    bool named = strcmp(it->state, "named") == 0, good = named || strcmp(it->state, "met") == 0;
    add_tag(tags, good ? "green" : "orange", named ? _("Somebody is named") : medication_state(w, it));
    *note = certainty_says(case_text(it->request, "release.certainty"));
    return it->key[CASES_OUT] < moment->day_ends ? g_strdup_printf(_("Today, %s. %s"), day, other) : g_strdup_printf("%s. %s", day, other);
}

static char *booked_says(const Worklist *w, Case *it, const Moment *moment, json_t *tags, char **note)
{
    g_autofree char *at = say_time(it->facts.appointment_at);
    const json_t *appointment = case_last(it, "appointment");
    bool past = it->facts.appointment_at <= moment->now;
    if (past)
        add_tag(tags, "orange", it->ours ? _("Nobody has said whether they came") : _("Say whether they came"));
    *note = say_sentence(words_in("type", case_text(appointment, "appointment.type")));
    return g_strdup_printf(it->ours ? _("%s, at %s") : _("%s, referred by %s"), at, worklist_service_name(w, it->facts.other));
}

static char *missed_says(const Worklist *w, Case *it, const Moment *moment, json_t *tags, char **note)
{
    g_autofree char *since = say_time(it->key[CASES_MISSED]);
    bool unreported = strcmp(it->kind, "release_notification") == 0 && *it->facts.meeting == '\0';
    (void)moment;
    add_tag(tags, "orange", unreported ? _("Nobody has said whether they were met") : medication_state(w, it));
    *note = g_strdup_printf(_("Since %s"), since);
    return what_and_who(w, it);
}

static char *sent_says(const Worklist *w, Case *it, const Moment *moment, json_t *tags, char **note)
{
    g_autofree char *evidence = card_evidence(w, it), *by = it->facts.answered_at == 0 ? say_time(it->facts.answer_by) : g_strdup(""), *told = card_told(w, it);
    (void)moment;
    if (strcmp(case_text(it->request, "delivery_state"), "waiting") == 0)
        add_tag(tags, "orange", _("Not sent yet"));
    else
        add_tag(tags, "white", medication_state(w, it));
    g_autofree char *due = *by != '\0' ? g_strdup_printf(_(". Answer due by %s"), by) : g_strdup(""), *up = *told != '\0' ? g_strdup_printf(_(". Told of it: %s"), told) : g_strdup("");
    *note = g_strconcat(evidence, due, up, NULL);
    return what_and_who(w, it);
}

/* What came; of an appointment also when it is, or that it is off. */
static char *news_of(const Case *it)
{
    const json_t *news = it->facts.news;
    const char *kind = case_text(news, "kind");
    bool off = g_str_has_suffix(case_text(news, "appointment.change"), "_cancelled");
    int64_t time = facts_time(news, "event_at");
    g_autofree char *what = say_sentence(words_of(kind)), *at = say_time(time != 0 ? time : it->facts.appointment_at);
    if (strcmp(kind, "appointment") != 0 || (!off && *at == '\0'))
        return g_steal_pointer(&what);
    return off ? g_strconcat(_("Appointment cancelled"), *at != '\0' ? ": " : "", at, NULL) : g_strdup_printf(_("%s for %s"), what, at);
}

static char *news_says(const Worklist *w, Case *it, const Moment *moment, json_t *tags, char **note)
{
    g_autofree char *at = say_time(it->facts.news_at), *begun = say_time(it->facts.begun_at), *news = news_of(it);
    bool alone = it->facts.news_at == it->facts.begun_at;
    (void)moment;
    add_tag(tags, "blue", _("New"));
    add_tag(tags, "white", medication_state(w, it));
    g_autofree char *first = g_strdup_printf(it->ours ? _("Sent on %s") : _("Came on %s"), begun), *then = g_strdup_printf(_("%s, told on %s"), news, at);
    *note = alone ? g_strdup(first) : g_strdup_printf("%s. %s", first, then);
    return what_and_who(w, it);
}

static char *open_says(const Worklist *w, Case *it, const Moment *moment, json_t *tags, char **note)
{
    g_autofree char *begun = say_time(it->facts.begun_at);
    (void)moment;
    add_tag(tags, "white", medication_state(w, it));
    *note = g_strdup_printf(it->ours ? _("Sent on %s") : _("Came on %s"), begun);
    return what_and_who(w, it);
}

static char *match_says(const Worklist *w, Case *it, const Moment *moment, json_t *tags, char **note)
{
    g_autofree char *numbers = client_match_numbers(w, it);
    (void)moment;
    add_tag(tags, "orange", _("Possible match"));
    *note = *numbers != '\0' ? g_strdup_printf(_("%s: known with another date of birth, or for another client. Check what was written, and ask"), numbers) : say_sentence(words_of("possible_match"));
    return what_and_who(w, it);
}

/* Of a release for which somebody is named: who meets them, how to reach that worker, and where and when, as the answer says it, else as it was asked; NULL: of nothing else, or it cannot be read (yet). */
static char *met_by(const Worklist *w, const Case *it)
{
    TcError error;
    const json_t *answer = strcmp(it->kind, "release_notification") == 0 && strcmp(it->state, "named") == 0 ? case_last(it, "release_answer") : NULL;
    json_auto_t *message = answer != NULL ? tc_client_message(w->client, case_text(answer, "id"), &error) : NULL;
    const char *name = case_text(message, "parts.minimum.worker.name"), *phone = case_text(message, "parts.minimum.worker.phone"), *place = case_text(message, "parts.minimum.appointment.place");
    if (*name == '\0')
        return NULL;
    json_auto_t *asked = *place == '\0' ? tc_client_message(w->client, case_text(it->request, "id"), &error) : NULL;
    if (asked != NULL)
        place = case_text(asked, "parts.minimum.release.place_and_time");
    g_autofree char *who = g_strdup_printf(_("To be met by %s"), name);
    return g_strconcat(who, *phone != '\0' ? ", " : "", phone, *place != '\0' ? ". " : "", place, NULL);
}

static const char *name_of(const Worklist *w, const Case *it) { return it->name != NULL ? it->name : case_about_somebody(it) ? "" : worklist_service_name(w, it->facts.other); }

json_t *card_guarded(Worklist *w, Case *it, CaseList list, const Moment *moment)
{
    json_t *tags = json_array();
    case_open(w->caseload, it);
    if (moment != NULL && filter_late_since(it, list, moment) != 0)
        add_tag(tags, "red", _("Late"));
    add_tag(tags, "white", _("Say why you look"));
    g_autofree char *born = say_short_day(it->born != NULL ? it->born : ""), *due = say_time(moment != NULL && list == CASES_WAITING ? it->due : 0);
    g_autofree char *note = *due != '\0' ? g_strdup_printf(_("Answer by %s"), due) : g_strdup("");
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:s, s:s}", "id", it->conversation, "name", name_of(w, it), "born", born, "what", "", "tags", tags, "note", note, "whose", "");
}

typedef char *(*Says)(const Worklist *w, Case *it, const Moment *moment, json_t *tags, char **note);

json_t *card_of(Worklist *w, Case *it, CaseList list, const Moment *moment, const char *day)
{
    static const Says says[CASES_REFUSED] = { waiting_says, out_says, booked_says, missed_says, sent_says, news_says, sent_says, match_says, open_says };
    json_t *tags = json_array();
    char *told = NULL;
    case_open(w->caseload, it);
    if (case_about_somebody(it))
        answerables_prepare(w->answerables, it);
    if (filter_late_since(it, list, moment) != 0)
        add_tag(tags, "red", _("Late"));
    g_autofree char *what = says[list](w, it, moment, tags, &told), *note = told, *met = met_by(w, it), *whose = met != NULL ? g_strdup(met) : card_whose(w, it, day), *born = say_short_day(it->born != NULL ? it->born : "");
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:s, s:s}", "id", it->conversation, "name", name_of(w, it), "born", born, "what", what, "tags", tags, "note",
                     note != NULL ? note : "", "whose", whose);
}
