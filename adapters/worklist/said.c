#include "adapters/worklist/said.h"

#include "adapters/station/words.h"
#include "adapters/worklist/field.h"
#include "adapters/worklist/say.h"
#include "proto/date.h"
#include "throughcare.pb-c.h"

#include <glib/gi18n.h>
#include <string.h>

/* What a reader looks for first, by kind. */
static const struct { const char *kind, *paths; } first[] = {
    { "release_notification", "release.certainty release.withdrawal_reason release.expected_date release.route release.meet_asked parts.minimum.release.place_and_time event_at" },
    { "release_answer", "release_answer.reply release_answer.reason parts.minimum.worker parts.minimum.appointment.place" },
    { "meeting_report", "meeting.outcome" },
    { "dose_request", "dose_request.asked_of due_at parts.clinical.asked_product" },
    { "dose_answer", "dose_answer.reply dose_answer.valid_until_at dose_answer.moved_to parts.clinical.answerer" },
    { "movement", "movement.step movement.place event_at" },
    { "prescribing", "prescribing.step prescribing.other event_at" },
    { "court_order", "court_order.step court_order.type court_order.ends_on court_order.outcome" },
    { "death", "death.date" },
    { "consent", "consent.state consent.purposes consent.parts consent.services consent.until_at" },
    { "merge", "merge.verdict merge.reason" },
    { "progress", "progress.audience progress.period_from progress.period_to progress.offered progress.attended progress.absence parts.clinical.note" },
    { "referral", "urgency referral.pathway request.kind request.capabilities parts.clinical.assessment.crack parts.minimum.release.held_at parts.minimum.release.court_date" },
    { "referral_answer", "referral_answer.reply referral_answer.reason referral_answer.redirect_to parts.minimum.worker" },
    { "appointment", "appointment.change appointment.type event_at parts.minimum.appointment.place parts.minimum.appointment.bring" },
    { "attendance", "attendance.outcome event_at" },
    { "treatment", "treatment.step treatment.reason" },
    { "transfer_offer", "transfer_offer.scope transfer_offer.handover_date transfer_offer.script_end transfer_offer.residual parts.clinical.care_plan" },
    { "transfer_answer", "transfer_answer.reply transfer_answer.reason parts.minimum.worker" },
    { "drop_out", "drop_out.trigger drop_out.tier drop_out.last_seen" },
    { "attempt", "attempt.channel attempt.result event_at" },
    { "lost", "lost.signed_off_by lost.custody_checked lost.hospital_checked lost.pharmacy_checked" },
    { "safeguarding_concern", "safeguarding.subject safeguarding.client_told parts.safeguarding.concern" },
};
#define EVERY_KIND " parts.minimum.note"

/* Texts of the header that are the ids of services. */
static const char *const services[] = { "recipient", "redirect_to", "residual", "other", "moved_to", "services", NULL };
/* Rows say these elsewhere, or they are for programs. */
static const char *const unsaid[] = { "id", "kind", "sender", "worker", "recipient", "conversation", "in_reply_to", "supersedes", "created_at", "tokens_digest", "parts", "content_digest", "about",
    "doses", "zone_postcodes", NULL };

static const struct { const char *part, *words; const ProtobufCMessageDescriptor *descriptor; } parts[] = {
    { "minimum", N_("Who they are, and how to reach them"), &tc__minimum__descriptor }, { "clinical", N_("Clinical"), &tc__clinical__descriptor },
    { "risk", N_("Risks"), &tc__risk__descriptor }, { "safeguarding", N_("Safeguarding"), &tc__safeguarding__descriptor },
};

/* ---- One value ---- */

typedef struct Said { const Worklist *worklist; json_t *list; const char *but; } Said; /* but: paths that are not wanted, with spaces around each */

static void add(json_t *list, const char *label, const char *value)
{
    g_autofree char *said = say_sentence(words_in("field", label));
    if (*value != '\0')
        json_array_append_new(list, json_pack("{s:s, s:s}", "label", said, "value", value));
}

static char *text_said(const Worklist *worklist, const char *name, const char *text)
{
    if (g_strv_contains(services, name))
        return g_strdup(worklist_service_name(worklist, text));
    if (strcmp(name, "mg") == 0)
        return g_strdup_printf(_("%s mg each time"), text);
    g_autofree char *day = say_short_day(text);
    return g_strdup(*day != '\0' ? day : text);
}

static char *object_said(const Worklist *worklist, const ProtobufCMessageDescriptor *type, const json_t *object);

/* as: the field as words.h knows it. */
static char *value_said(const Worklist *worklist, const ProtobufCFieldDescriptor *field, const char *as, const json_t *value)
{
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    bool substance = strcmp(field->name, "code") == 0 && field->type == PROTOBUF_C_TYPE_UINT32;
    g_autofree char *number = json_is_integer(value) ? g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value)) : NULL;
    if (number != NULL)
        return g_strdup(substance ? words_in("code", number) : number);
    switch (field->type) {
    case PROTOBUF_C_TYPE_ENUM: return g_strdup(words_in(as, text));
    case PROTOBUF_C_TYPE_BOOL: return g_strdup(json_is_true(value) ? _("yes") : _("no"));
    case PROTOBUF_C_TYPE_INT64: return say_time_text(text);
    case PROTOBUF_C_TYPE_MESSAGE: return object_said(worklist, field->descriptor, value);
    default: return text_said(worklist, field->name, text);
    }
}

static char *field_value_said(const Worklist *worklist, const ProtobufCFieldDescriptor *field, const char *as, const json_t *value)
{
    GString *said = g_string_new(NULL);
    size_t i;
    json_t *each;
    if (!json_is_array(value))
        return g_string_free(said, TRUE), value_said(worklist, field, as, value);
    json_array_foreach (value, i, each) {
        g_autofree char *one = value_said(worklist, field, as, each);
        g_string_append_printf(said, "%s%s", i > 0 ? field->type == PROTOBUF_C_TYPE_MESSAGE ? " · " : ", " : "", one);
    }
    return g_string_free(said, FALSE);
}

/* "Made-Up, 01632 960123; team: Northmoor": what names a thing first, without labels. */
static char *object_said(const Worklist *worklist, const ProtobufCMessageDescriptor *type, const json_t *object)
{
    static const char *const plain[] = { "value", "name", "phone", "kind", "product", "mg", "code", "role", "email", NULL };
    GString *said = g_string_new(NULL);
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        const json_t *value = json_object_get(object, field->name);
        g_autofree char *one = value != NULL ? field_value_said(worklist, field, field->name, value) : g_strdup("");
        if (*one != '\0' && g_strv_contains(plain, field->name))
            g_string_append_printf(said, "%s%s", said->len > 0 ? ", " : "", one);
        else if (*one != '\0')
            g_string_append_printf(said, "%s%s: %s", said->len > 0 ? ", " : "", words_of(field->name), one);
    }
    return g_string_free(said, FALSE);
}

/* ---- All of them ---- */

static bool is_wanted(const Said *facts, const char *path)
{
    g_autofree char *whole = g_strdup_printf(" %s ", path);
    return facts->but == NULL || strstr(facts->but, whole) == NULL;
}

static bool is_contact(const ProtobufCFieldDescriptor *field) { return field->type == PROTOBUF_C_TYPE_MESSAGE && field->descriptor == &tc__worker_contact__descriptor; }

/* Objects are walked into; lists of them are said in one line each, and so is a worker: their telephone must not be taken for the client's. */
static void walk(const Said *facts, const ProtobufCMessageDescriptor *type, const json_t *object, const char *path)
{
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        const json_t *value = json_object_get(object, field->name);
        g_autofree char *here = g_strdup_printf("%s%s%s", path, *path != '\0' ? "." : "", field->name);
        if (value == NULL || !is_wanted(facts, here) || (g_strv_contains(unsaid, field->name) && !is_contact(field)))
            continue;
        if (field->type == PROTOBUF_C_TYPE_MESSAGE && json_is_object(value) && !is_contact(field)) {
            walk(facts, field->descriptor, value, here);
            continue;
        }
        if (field->type == PROTOBUF_C_TYPE_BYTES)
            continue;
        g_autofree char *said = field_value_said(facts->worklist, field, field_tail(here), value);
        add(facts->list, field->name, said);
    }
}

static char *first_paths(const json_t *message)
{
    const char *kind = case_text(message, "kind");
    for (size_t i = 0; i < G_N_ELEMENTS(first); i++)
        if (strcmp(first[i].kind, kind) == 0)
            return g_strconcat(" ", first[i].paths, EVERY_KIND " ", NULL);
    return g_strdup(EVERY_KIND " ");
}

json_t *said_first(const Worklist *worklist, const json_t *message)
{
    json_t *list = json_array();
    g_autofree char *paths = first_paths(message);
    g_auto(GStrv) each = g_strsplit(paths, " ", -1);
    for (size_t i = 0; each[i] != NULL; i++) {
        const json_t *value = *each[i] != '\0' ? field_get(message, each[i]) : NULL;
        const ProtobufCFieldDescriptor *field = value != NULL ? field_at(each[i]) : NULL;
        g_autofree char *said = field != NULL ? field_value_said(worklist, field, field_tail(each[i]), value) : NULL;
        if (said != NULL)
            add(list, field->name, said);
    }
    return list;
}

static json_t *part_facts(const Worklist *worklist, const json_t *message, size_t i, const char *but)
{
    g_autofree char *path = g_strconcat("parts.", parts[i].part, NULL);
    Said facts = { worklist, json_array(), but };
    walk(&facts, parts[i].descriptor, field_get(message, path), path);
    return facts.list;
}

json_t *said_part(const Worklist *worklist, const json_t *message, const char *part)
{
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        if (strcmp(parts[i].part, part) == 0)
            return part_facts(worklist, message, i, NULL);
    return json_array();
}

static void add_group(json_t *groups, const char *words, json_t *facts)
{
    if (json_array_size(facts) > 0)
        json_array_append_new(groups, json_pack("{s:s, s:O}", "words", words, "facts", facts));
    json_decref(facts);
}

json_t *said_rest(const Worklist *worklist, const json_t *message)
{
    json_t *groups = json_array();
    g_autofree char *but = first_paths(message);
    Said header = { worklist, json_array(), but };
    walk(&header, &tc__header__descriptor, message, "");
    add_group(groups, _("The message"), header.list);
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        add_group(groups, _(parts[i].words), part_facts(worklist, message, i, but));
    return groups;
}
