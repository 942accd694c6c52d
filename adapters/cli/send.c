/* What this service says: a message as JSON, an answer in plain options, a recall. */
#include "adapters/cli/command.h"
#include "adapters/cli/when.h"
#include "adapters/station/words.h"

#include <stdio.h>
#include <string.h>

static int send_message(json_t *message, const char *key)
{
    int code;
    json_t *id = command_ask(json_pack("{s:s, s:o, s:s*}", "do", "send", "message", message, "key", key), &code);
    if (id == NULL)
        return code;
    if (!command_print_json(json_pack("{s:O}", "message", id)))
        printf(_("Taken: message %s. It goes out as soon as a broker takes it; throughcare show tells.\n"), json_string_value(id));
    json_decref(id);
    return CODE_OK;
}

int send_command(int argc, char **argv)
{
    g_autofree char *key = NULL;
    json_error_t error;
    const GOptionEntry entries[] = { { "key", 0, 0, G_OPTION_ARG_STRING, &key, N_("Your name for this act: sent again, it changes nothing"), "TEXT" }, { 0 } };
    command_parse(&argc, &argv, "FILE|-", _("Sends a message written as JSON; throughcare.h says what it looks like."), entries, 1, 1);
    json_t *message = strcmp(argv[1], "-") == 0 ? json_loadf(stdin, JSON_REJECT_DUPLICATES, &error) : json_load_file(argv[1], JSON_REJECT_DUPLICATES, &error);
    return message != NULL ? send_message(message, key) : command_fail("%s:%d: %s", argv[1], error.line, error.text);
}

int recall_command(int argc, char **argv)
{
    g_autofree char *worker = NULL;
    int code;
    const GOptionEntry entries[] = { { "worker", 0, 0, G_OPTION_ARG_STRING, &worker, N_("Who takes it back"), "REF" }, { 0 } };
    command_parse(&argc, &argv, "MESSAGE", _("Takes a message back: not yet delivered it is stopped, else its recipient is told."), entries, 1, 1);
    json_t *done = command_ask(json_pack("{s:s, s:s, s:s*}", "do", "recall", "id", argv[1], "worker", worker), &code);
    if (done != NULL && !command_print_json(json_incref(done)))
        puts(_("Taken back, or on its way to be: throughcare trace tells."));
    json_decref(done);
    return code;
}

/* ---- answer ---- */

typedef struct Words {
    char *worker, *named, *name, *phone, *team, *cannot, *met, *product, *product_name, *mg, *frequency, *phase, *last_taken, *observed, *valid_until,
         *answerer, *role, *registration, *reply, *moved_to, *note, *json;
    gboolean will, other, supervised, confirmed, other_product;
} Words;

static void set_text(json_t *object, const char *name, const char *value)
{
    if (value != NULL)
        json_object_set_new(object, name, json_string(value));
}

/* In London or RFC 3339; what is neither goes on as it is, and is refused with its field. */
static void set_time(json_t *object, const char *name, const char *value)
{
    g_autofree char *time = value == NULL ? NULL : when_text(value);
    set_text(object, name, time != NULL ? time : value);
}

static json_t *release_answer(const Words *w)
{
    json_t *group = json_pack("{s:s}", "reply", w->cannot != NULL ? "cannot" : w->other ? "other_worker" : "will"), *parts = json_object();
    set_text(group, "named_worker", w->cannot == NULL ? (w->named != NULL ? w->named : w->worker) : NULL);
    set_text(group, "reason", w->cannot);
    if (w->name != NULL) {
        json_t *contact = json_pack("{s:s}", "name", w->name);
        set_text(contact, "phone", w->phone);
        set_text(contact, "team", w->team);
        json_object_set_new(parts, "minimum", json_pack("{s:o}", "worker", contact));
        if (w->note != NULL)
            set_text(json_object_get(parts, "minimum"), "note", w->note);
    }
    return json_pack("{s:s, s:o, s:o}", "kind", "release_answer", "release_answer", group, "parts", parts);
}

static json_t *dose_line(const Words *w)
{
    json_t *line = json_object();
    set_text(line, "product", w->product);
    set_text(line, "product_name", w->product_name);
    set_text(line, "mg", w->mg);
    set_text(line, "frequency", w->frequency); /* never guessed */
    set_text(line, "phase", w->phase);
    set_time(line, "last_taken_at", w->last_taken);
    set_text(line, "observed_by", w->observed);
    if (w->supervised)
        set_text(line, "supervised", "yes");
    return line;
}

/* The identity is the one asked about, as this service's own records have it: what was asked, unless --json says otherwise. */
static json_t *dose_answer(const Words *w, const json_t *request)
{
    json_t *group = json_pack("{s:s}", "reply", w->confirmed ? "confirmed" : w->reply), *parts = json_object(), *minimum = json_object();
    set_time(group, "valid_until_at", w->valid_until);
    set_text(group, "moved_to", w->moved_to);
    json_object_set(minimum, "person", json_object_get(json_object_get(json_object_get(request, "parts"), "minimum"), "person"));
    set_text(minimum, "note", w->note);
    json_object_set_new(parts, "minimum", minimum);
    if (w->confirmed) {
        json_t *answerer = json_object();
        set_text(answerer, "name", w->answerer);
        set_text(answerer, "role", w->role);
        set_text(answerer, "registration", w->registration);
        set_text(answerer, "phone", w->phone);
        json_object_set_new(parts, "clinical", json_pack("{s:[o], s:o}", "doses", dose_line(w), "answerer", answerer));
        if (w->other_product)
            json_object_set_new(json_object_get(parts, "clinical"), "other_product", json_true());
    }
    return json_pack("{s:s, s:o, s:o}", "kind", "dose_answer", "dose_answer", group, "parts", parts);
}

static json_t *answer_for(const Words *w, const json_t *asked)
{
    const char *kind = command_text(asked, "kind");
    if (w->met != NULL)
        return json_pack("{s:s, s:{s:s}}", "kind", "meeting_report", "meeting", "outcome", w->met);
    if (strcmp(kind, "release_notification") == 0 && (w->will || w->other || w->cannot != NULL))
        return release_answer(w);
    if (strcmp(kind, "dose_request") == 0 && (w->confirmed || w->reply != NULL))
        return dose_answer(w, asked);
    if (strcmp(kind, "release_notification") != 0 && strcmp(kind, "dose_request") != 0) {
        command_fail(_("a %s is answered with throughcare say: try throughcare say --help."), words_of(kind));
        return NULL;
    }
    command_fail(_("that does not answer a %s. For a release: --will, --other-worker, --cannot REASON or --meeting OUTCOME. For a dose request: "
                   "--confirmed or --reply CODE."), words_of(kind));
    return NULL;
}

static int answer_with(const Words *w, const char *id)
{
    int code;
    json_t *asked = command_ask(json_pack("{s:s, s:s}", "do", "show", "id", id), &code), *answer = NULL;
    if (asked == NULL)
        return code;
    answer = w->json != NULL ? json_load_file(w->json, 0, NULL) : answer_for(w, asked);
    if (answer != NULL) {
        json_object_set_new(answer, "in_reply_to", json_string(id));
        set_text(answer, "worker", w->worker);
    }
    json_decref(asked);
    return answer != NULL ? send_message(answer, NULL) : CODE_USAGE;
}

int answer_command(int argc, char **argv)
{
    static Words w; /* words live as long as the process */
    const GOptionEntry entries[] = {
        { "worker", 0, 0, G_OPTION_ARG_STRING, &w.worker, N_("You"), "REF" },
        { "will", 0, 0, G_OPTION_ARG_NONE, &w.will, N_("Release: a worker is named and will meet or see them"), NULL },
        { "other-worker", 0, 0, G_OPTION_ARG_NONE, &w.other, N_("Release: another worker will"), NULL },
        { "named", 0, 0, G_OPTION_ARG_STRING, &w.named, N_("The named worker, if not you"), "REF" },
        { "name", 0, 0, G_OPTION_ARG_STRING, &w.name, N_("The named worker's name (sealed)"), "TEXT" },
        { "phone", 0, 0, G_OPTION_ARG_STRING, &w.phone, N_("How to reach them (sealed)"), "TEXT" },
        { "team", 0, 0, G_OPTION_ARG_STRING, &w.team, N_("Their team (sealed)"), "TEXT" },
        { "cannot", 0, 0, G_OPTION_ARG_STRING, &w.cannot, N_("Release: nobody can; capacity, out_of_area, not_known_here …"), "REASON" },
        { "meeting", 0, 0, G_OPTION_ARG_STRING, &w.met, N_("Release: met, no_show, early, wrong_place, remanded, gate_arrest, declined"), "OUTCOME" },
        { "confirmed", 0, 0, G_OPTION_ARG_NONE, &w.confirmed, N_("Dose: confirmed, with the options below"), NULL },
        { "reply", 0, 0, G_OPTION_ARG_STRING, &w.reply, N_("Dose: not_prescribed, not_ours, moved_to, cannot, need_more_identity"), "CODE" },
        { "product", 0, 0, G_OPTION_ARG_STRING, &w.product, N_("methadone_1mg_ml, buprenorphine_sublingual …"), "CODE" },
        { "product-name", 0, 0, G_OPTION_ARG_STRING, &w.product_name, N_("Its name, of other and benzodiazepine"), "TEXT" },
        { "mg", 0, 0, G_OPTION_ARG_STRING, &w.mg, N_("Milligrams each time, never millilitres"), "N" },
        { "frequency", 0, 0, G_OPTION_ARG_STRING, &w.frequency, N_("once_daily, twice_daily, alternate_days, weekly …"), "CODE" },
        { "phase", 0, 0, G_OPTION_ARG_STRING, &w.phase, N_("induction, stable, reducing, ended"), "CODE" },
        { "supervised", 0, 0, G_OPTION_ARG_NONE, &w.supervised, N_("Taken under supervision"), NULL },
        { "last-taken", 0, 0, G_OPTION_ARG_STRING, &w.last_taken, N_("When last taken, in London: 2026-11-23 09:00"), "TIME" },
        { "observed-by", 0, 0, G_OPTION_ARG_STRING, &w.observed, N_("prison_nurse, pharmacist …"), "CODE" },
        { "valid-until", 0, 0, G_OPTION_ARG_STRING, &w.valid_until, N_("How long it may be relied on: 2026-11-24 16:00"), "TIME" },
        { "answerer", 0, 0, G_OPTION_ARG_STRING, &w.answerer, N_("Who confirms it"), "NAME" },
        { "role", 0, 0, G_OPTION_ARG_STRING, &w.role, N_("Their role"), "TEXT" },
        { "other-product", 0, 0, G_OPTION_ARG_NONE, &w.other_product, N_("It really is another product than the one asked about"), NULL },
        { "registration", 0, 0, G_OPTION_ARG_STRING, &w.registration, N_("Their registration"), "TEXT" },
        { "moved-to", 0, 0, G_OPTION_ARG_STRING, &w.moved_to, N_("With --reply moved_to"), "CODE" },
        { "note", 0, 0, G_OPTION_ARG_STRING, &w.note, N_("A note (sealed)"), "TEXT" },
        { "message", 0, 0, G_OPTION_ARG_FILENAME, &w.json, N_("The whole answer as JSON instead"), "FILE" },
        { 0 },
    };
    command_parse(&argc, &argv, "MESSAGE", _("Answers a message. What identifies or treats a person is sealed for its reader."), entries, 1, 1);
    return answer_with(&w, argv[1]);
}
