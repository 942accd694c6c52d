/* What a form says, as messages: what stood before it, what was typed, and who the client is. */
#include "adapters/worklist/client.h"
#include "adapters/worklist/field.h"
#include "adapters/worklist/form_problem.h"
#include "adapters/worklist/form_time.h"
#include "adapters/worklist/request.h"
#include "adapters/worklist/rules.h"
#include "throughcare.pb-c.h"

#include <glib/gi18n.h>
#include <string.h>

#define WORKER "parts.minimum.worker"

/* ---- What stood before ---- */

static const json_t *replaced(const FormSaying *saying)
{
    return saying->form->use == FORM_AMENDS ? saying->it->request : saying->form->use == FORM_CORRECTS ? case_last(saying->it, saying->form->kind) : NULL;
}

static bool is_kept(const char *name)
{
    static const char *const own[] = { "id", "kind", "sender", "worker", "conversation", "in_reply_to", "supersedes", "created_at", "tokens_digest", "content_digest", "about", "parts", NULL };
    return !g_strv_contains(own, name) && protobuf_c_message_descriptor_get_field_by_name(&tc__header__descriptor, name) != NULL;
}

/* The version that this form replaces, whole: nothing that was said is lost because the form does not ask for it. NULL: there is none, or it
 * cannot be read whole here. */
static json_t *base_of(const FormSaying *saying)
{
    const json_t *before = replaced(saying);
    const char *name;
    json_t *value;
    TcError error;
    json_auto_t *message = before != NULL ? tc_client_message(saying->worklist->client, case_text(before, "id"), &error) : NULL;
    if (message == NULL || json_object_size(json_object_get(message, "closed")) > 0)
        return NULL;
    json_t *base = json_object();
    json_object_foreach (message, name, value)
        if (is_kept(name))
            json_object_set_new(base, name, json_deep_copy(value));
    json_object_set_new(base, "parts", json_deep_copy(json_object_get(message, "parts")));
    return base;
}

/* The answer that stands, where it names somebody: what is changed is changed from there. NULL: none does. */
static json_t *standing_of(const FormSaying *saying)
{
    const json_t *stands = form_stands(saying->form, saying->it);
    TcError error;
    json_t *message = stands != NULL ? tc_client_message(saying->worklist->client, case_text(stands, "id"), &error) : NULL;
    if (field_get(message, WORKER) != NULL)
        return message;
    json_decref(message);
    return NULL;
}

static void begin_field(const FormSaying *saying, const Field *field, const json_t *base, GHashTable *typed)
{
    json_t *before = field->path[0] != '+' ? field_get(base, field->path) : NULL;
    if (before != NULL) {
        field_retype(field, before, typed);
        return;
    }
    if (base != NULL && g_str_has_prefix(field->path, WORKER) && field_get(base, WORKER) != NULL) /* nobody goes out under another's telephone */
        return;
    g_autofree char *given = field_given(saying, field);
    g_auto(GStrv) each = g_strsplit(given, ",", -1);
    json_auto_t *value = field_type(field) == FIELD_MANY ? json_array() : json_string(given);
    for (size_t i = 0; json_is_array(value) && each[i] != NULL; i++)
        json_array_append_new(value, json_string(each[i]));
    if (*given != '\0')
        field_retype(field, value, typed);
}

GHashTable *form_begin(const FormSaying *saying)
{
    GHashTable *typed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    json_t *replaces = base_of(saying);
    json_auto_t *base = replaces != NULL ? replaces : standing_of(saying);
    size_t at = 0;
    for (const Field *field = form_field(saying->form, &at); field != NULL; field = form_field(saying->form, &at))
        if (field->path != NULL && field->label != NULL)
            begin_field(saying, field, base, typed);
    return typed;
}

/* Is everything that a has, but the act's name and what was seen, in b as well? */
static bool is_within(const GHashTable *a, const GHashTable *b)
{
    static const char *const own[] = { "csrf", "step", "path", "key", "seen", "again", NULL };
    GHashTableIter iter;
    gpointer name, value;
    g_hash_table_iter_init(&iter, (GHashTable *)a);
    while (g_hash_table_iter_next(&iter, &name, &value)) {
        g_autofree char *here = g_strstrip(g_strdup(value)), *there = g_strstrip(g_strdup(request_value(b, name)));
        if (!g_strv_contains(own, name) && strcmp(here, there) != 0)
            return false;
    }
    return true;
}

bool form_untouched(const FormSaying *saying, const GHashTable *typed)
{
    g_autoptr(GHashTable) begun = form_begin(saying);
    return is_within(typed, begun) && is_within(begun, typed);
}

/* ---- What was typed ---- */

/* Of "parts.clinical.doses[1].mg" what comes before ".mg"; 0: it is in no list. */
static size_t element_length(const char *path)
{
    const char *close = strstr(path, "].");
    return close != NULL ? (size_t)(close - path) + 1 : 0;
}

/* A medicine or a telephone number of which only what stood there by itself is left says nothing. */
static bool element_untouched(const FormSaying *saying, const Field *field, const GHashTable *typed)
{
    size_t len = element_length(field->path), at = 0;
    if (len == 0)
        return false;
    for (const Field *other = form_field(saying->form, &at); other != NULL; other = form_field(saying->form, &at))
        if (other->path != NULL && strncmp(other->path, field->path, len) == 0 && element_length(other->path) == len && field_touched(saying, other, typed))
            return false;
    return true;
}

static void take_field(const FormSaying *saying, const Field *field, const GHashTable *typed, json_t *message, json_t *errors)
{
    const char *problem = NULL, *path = form_field_path(field);
    json_t *value = element_untouched(saying, field, typed) ? NULL : field_value(saying, field, typed, &problem);
    if (problem != NULL && field->label == NULL)
        form_problem_add(errors, "form", _(problem));
    else if (problem != NULL)
        form_problem_at(errors, field, _(problem));
    else if (value == NULL && field->needed)
        form_problem_at(errors, field, form_problem_needed(field));
    field_put(message, path, value);
}

static void take_fields(const FormSaying *saying, const char *kind, const GHashTable *typed, json_t *message, json_t *errors)
{
    size_t at = 0;
    for (const Field *field = form_field(saying->form, &at); field != NULL; field = form_field(saying->form, &at))
        if (field->path != NULL && strcmp(field->path, "carry") != 0 && strcmp(form_field_kind(saying->form, field), kind) == 0)
            take_field(saying, field, typed, message, errors);
}

/* ---- Whom it answers, and who the client is ---- */

/* What is known of the client beside what the form itself says. */
static void copy_known(const FormSaying *saying, const char *part, json_t *message)
{
    json_auto_t *known = client_sendable(saying->worklist, saying->it, part);
    json_t *facts = json_object_get(json_object_get(known, "parts"), part), *value;
    const char *name;
    json_object_foreach (facts, name, value) {
        g_autofree char *path = g_strdup_printf("parts.%s.%s", part, name);
        if (field_get(message, path) == NULL)
            field_put(message, path, json_deep_copy(value));
    }
}

static void add_person(const FormSaying *saying, json_t *message)
{
    json_t *person = client_known(saying->worklist, saying->it, "parts.minimum.person");
    if (person != NULL)
        field_put(message, "parts.minimum.person", person);
}

static void tie_about(const FormSaying *saying, const GHashTable *typed, json_t *message)
{
    const Field *carry = form_field_of(saying->form, saying->form->kind, "carry");
    const char *problem;
    size_t i;
    json_t *part;
    json_object_set_new(message, "about", json_string(saying->it->conversation));
    add_person(saying, message);
    if (carry == NULL)
        return;
    json_auto_t *chosen = field_value(saying, carry, typed, &problem);
    copy_known(saying, "minimum", message);
    json_array_foreach (chosen, i, part)
        copy_known(saying, json_string_value(part), message);
}

static void tie_reply(const FormSaying *saying, const char *kind, json_t *message)
{
    const char *other = saying->it->facts.other;
    const json_t *before = replaced(saying);
    json_object_set_new(message, "conversation", json_string(saying->it->conversation));
    if (before != NULL)
        json_object_set_new(message, "supersedes", json_string(case_text(before, "id")));
    if (saying->form->use == FORM_AMENDS)
        return;
    json_object_set_new(message, "in_reply_to", json_string(case_text(saying->it->request, "id")));
    if (*other != '\0')
        json_object_set_new(message, "recipient", json_string(other));
    if (rules_needs_person(kind))
        add_person(saying, message);
}

/* Who is asked for a dose is chosen by name, and what kind of service that is stands in the directory: all who may be asked. */
static void add_asked_of(const Worklist *worklist, json_t *message)
{
    static const struct { const char *kind, *asked_of; } kinds[] = { { "prison_health", "prison" }, { "pharmacy", "pharmacy" }, { "prescriber", "prescriber" }, { "police", "police_health_care" } };
    const char *kind = case_text(worklist_service(worklist, case_text(message, "recipient")), "kind");
    for (size_t i = 0; strcmp(case_text(message, "kind"), "dose_request") == 0 && i < G_N_ELEMENTS(kinds); i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            field_put(message, "dose_request.asked_of", json_string(kinds[i].asked_of));
}

/* The prison that a release is from, and the area, are the service's own. */
static void add_own_place(const Worklist *worklist, json_t *message)
{
    json_t *release = json_object_get(message, "release");
    if (release == NULL || json_object_get(release, "prison") != NULL)
        return;
    json_object_set(release, "prison", json_object_get(worklist_service(worklist, worklist->service), "prison"));
    json_object_set_new(release, "area", json_string(worklist->area));
}

/* Whoever is asked or told of a client learns whom to ring about it. */
static void add_own_contact(const FormSaying *saying, json_t *message)
{
    bool begins = saying->form->use == FORM_BEGINS || saying->form->use == FORM_ABOUT;
    if (begins && field_get(message, "parts.minimum.person") != NULL && field_get(message, WORKER) == NULL)
        field_put(message, WORKER, account_contact(saying->account));
}

/* ---- What the reply makes surplus ---- */

/* { where the reply stands, codes with which … stays, what else goes }. */
static const struct { const char *reply, *stays, *surplus[3]; } surplus[] = {
    { "release_answer.reply", "will,other_worker", { "release_answer.named_worker", "parts.minimum.worker", "parts.minimum.appointment" } },
    { "referral_answer.reply", "accept", { "referral_answer.named_worker", "parts.minimum.worker", NULL } },
    { "transfer_answer.reply", "accept", { "transfer_answer.named_worker", "parts.minimum.worker", NULL } },
    { "dose_answer.reply", "confirmed", { "parts.clinical", "dose_answer.valid_until_at", NULL } },
    { "release.certainty", "withdrawn", { "release.withdrawal_reason", NULL, NULL } },
    { "consent.state", "given,narrowed", { "consent.parts", "consent.services", "consent.until_at" } },
};

/* Does what row i of surplus tells go, as the message replies? */
static bool goes(size_t i, const json_t *message)
{
    const json_t *reply = field_get(message, surplus[i].reply);
    g_auto(GStrv) stays = g_strsplit(surplus[i].stays, ",", -1);
    return reply != NULL && !g_strv_contains((const char *const *)stays, json_string_value(reply));
}

static void drop_surplus(json_t *message)
{
    for (size_t i = 0; i < G_N_ELEMENTS(surplus); i++)
        for (size_t j = 0; goes(i, message) && j < G_N_ELEMENTS(surplus[i].surplus) && surplus[i].surplus[j] != NULL; j++)
            field_put(message, surplus[i].surplus[j], NULL);
    if (field_get(message, "parts.minimum.worker.name") == NULL) /* a telephone or team without a name says nothing */
        field_put(message, "parts.minimum.worker", NULL);
}

bool form_surplus(const json_t *message, const char *path)
{
    for (size_t i = 0; i < G_N_ELEMENTS(surplus); i++)
        for (size_t j = 0; goes(i, message) && j < G_N_ELEMENTS(surplus[i].surplus) && surplus[i].surplus[j] != NULL; j++)
            if (g_str_has_prefix(path, surplus[i].surplus[j]))
                return true;
    return false;
}

/* ---- The messages ---- */

/* A reference that the form began with is the writer's own: "another worker" is somebody else. */
static void check_other_worker(const FormSaying *saying, const json_t *message, json_t *errors)
{
    const Field *named = form_field_of(saying->form, saying->form->kind, "release_answer.named_worker");
    if (named != NULL && strcmp(case_text(message, "release_answer.reply"), "other_worker") == 0 && strcmp(case_text(message, named->path), saying->account->worker) == 0)
        form_problem_at(errors, named, _("This is you. Write who else will meet them, or choose the first answer."));
}

/* Of every medicine that is confirmed it is said how many doses were missed, or that nobody knows: after three missed days none is continued. */
static void check_counts(const FormSaying *saying, const GHashTable *typed, const json_t *message, json_t *errors)
{
    size_t at = 0;
    bool first = true;
    if (strcmp(case_text(message, "dose_answer.reply"), "confirmed") != 0)
        return;
    for (const Field *field = form_field(saying->form, &at); field != NULL; field = form_field(saying->form, &at)) {
        if (field->path == NULL || field_type(field) != FIELD_COUNT)
            continue;
        g_autofree char *medicine = g_strndup(field->path, element_length(field->path)), *text = g_strstrip(g_strdup(request_value(typed, field->path)));
        bool confirmed = first || field_get(message, medicine) != NULL, told = *text != '\0' || field_unknown(field, typed);
        first = false;
        if (confirmed && !told)
            form_problem_at(errors, field, form_problem_needed(field));
    }
}

static json_t *message_of(const FormSaying *saying, const char *kind, const GHashTable *typed, json_t *errors)
{
    json_t *base = strcmp(kind, saying->form->kind) == 0 ? base_of(saying) : NULL, *message = base != NULL ? base : json_object();
    json_object_set_new(message, "kind", json_string(kind));
    json_object_set_new(message, "worker", json_string(saying->account->worker));
    if (replaced(saying) != NULL && base == NULL && strcmp(kind, saying->form->kind) == 0)
        form_problem_add(errors, "form", _("What you said before cannot be read here whole, so it cannot be changed here. Take it back, and say it anew."));
    take_fields(saying, kind, typed, message, errors);
    if (saying->it != NULL && saying->form->use == FORM_ABOUT)
        tie_about(saying, typed, message);
    else if (saying->it != NULL && saying->form->use != FORM_RECALLS)
        tie_reply(saying, kind, message);
    add_own_place(saying->worklist, message);
    add_asked_of(saying->worklist, message);
    add_own_contact(saying, message);
    drop_surplus(message);
    field_prune(message);
    check_other_worker(saying, message, errors);
    check_counts(saying, typed, message, errors);
    form_time_check(saying, kind, message, errors);
    if (saying->form->use != FORM_RECALLS)
        form_problem_check(saying, kind, message, errors);
    return message;
}

/* The kind of the second message, and its first field, when the page says something of it; NULL: it does not. */
static const Field *second_of(const FormSaying *saying, const GHashTable *typed)
{
    const Field *first = NULL;
    size_t at = 0;
    for (const Field *field = form_field(saying->form, &at); field != NULL; field = form_field(saying->form, &at)) {
        if (field->path == NULL || field->path[0] != '+')
            continue;
        first = first != NULL ? first : field;
        if (field_touched(saying, field, typed))
            return first;
    }
    return NULL;
}

json_t *form_messages(const FormSaying *saying, const GHashTable *typed, json_t **errors)
{
    json_t *messages = json_array();
    *errors = json_array();
    json_t *message = message_of(saying, saying->form->kind, typed, *errors);
    json_array_append_new(messages, message);
    const Field *second = second_of(saying, typed);
    if (second != NULL && strcmp(case_text(message, "referral_answer.reply"), "accept") != 0)
        form_problem_add(*errors, second->path, _("An appointment goes only with an acceptance"));
    else if (second != NULL)
        json_array_append_new(messages, message_of(saying, form_field_kind(saying->form, second), typed, *errors));
    if (json_array_size(*errors) == 0)
        return messages;
    json_decref(messages);
    json_auto_t *found = *errors;
    *errors = form_problem_order(saying, found);
    return NULL;
}
