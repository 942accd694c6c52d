/* Any kind of message in plain words: KIND, what it follows, and its fields as NAME=VALUE. Fields and their codes come from the
 * protocol's own tables, so a new kind needs nothing here. Who the client is, is taken from the message that this one follows. */
#include "adapters/cli/command.h"
#include "adapters/station/hours.h"
#include "adapters/cli/when.h"
#include "adapters/station/words.h"
#include "broker/codes.h"
#include "broker/kind.h"
#include "proto/json.h"
#include "throughcare.pb-c.h"

#include <stdio.h>
#include <string.h>

static gboolean agreed; /* to be counted */

typedef struct Said {
    const KindRule *rule;
    const ProtobufCFieldDescriptor *group; /* NULL: the kind has none */
    json_t *message, *fields;              /* fields: of the group; borrowed from message */
    char *on, *about, *instead_of, *to, *area, *service_kind, *needs, *like, *worker, *key, *note, *parts, *name, *phone, *team, *place, *postcode, *share_with, *product;
    char *surname, *forenames, *born, *nhs_number, *prison_number, *pnc; /* who the client is */
} Said;

/* ---- The kind and its fields ---- */

/* Figures are all that a message of theirs says, and sealed. */
static const ProtobufCFieldDescriptor *group_of(const KindRule *rule)
{
    if (rule->kind == KIND_FIGURES)
        return protobuf_c_message_descriptor_get_field_by_name(&tc__minimum__descriptor, "figures");
    return rule->group == 0 ? NULL : protobuf_c_message_descriptor_get_field(&tc__header__descriptor, rule->group);
}

static const KindRule *rule_of(const char *kind)
{
    int code;
    return tc_json_code_of(&tc__kind__code__descriptor, kind, &code) ? kind_rule(code) : NULL;
}

static void print_codes(const ProtobufCEnumDescriptor *list, FILE *out)
{
    for (unsigned i = 0; i < list->n_values; i++) {
        g_autofree char *name = g_ascii_strdown(list->values[i].name, -1);
        if (strcmp(name, "none") != 0)
            fprintf(out, "%s%s", i > 0 && strcmp(list->values[0].name, "NONE") != 0 ? ", " : i > 1 ? ", " : "", name);
    }
}

static void print_field(const ProtobufCFieldDescriptor *field, FILE *out)
{
    fprintf(out, "  %-18s %s", field->name, field->label == PROTOBUF_C_LABEL_REQUIRED ? _("(needed) ") : "");
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        fputs(strcmp(field->name, "hours") == 0 ? _("as \"mon-fri 09:00-17:00, sat 10:00-13:00, bank_holiday 10:00-12:00\"")
              : strcmp(field->name, "closures") == 0 ? _("as \"2026-12-24..2026-12-28, 2027-01-04\"") : _("some of, with commas: "), out);
    if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        fputc('\n', out);
        return;
    }
    switch (field->type) {
    case PROTOBUF_C_TYPE_ENUM: print_codes(field->descriptor, out); break;
    case PROTOBUF_C_TYPE_BOOL: fputs(_("yes or no"), out); break;
    case PROTOBUF_C_TYPE_INT64: fputs(_("a time, as \"2026-12-01 10:00\""), out); break;
    case PROTOBUF_C_TYPE_UINT32: fputs(_("a number"), out); break;
    case PROTOBUF_C_TYPE_BYTES: fputs(_("a message about the other client"), out); break;
    default: fputs(g_str_has_suffix(field->name, "date") || g_str_has_suffix(field->name, "_on") ? _("a day, as 2026-12-01") : _("text"), out);
    }
    fputc('\n', out);
}

static const char *const header_fields[] = { "urgency", "event_at", "due_at", "statutory", "legal_basis", "sharing_reason" };

static void print_fields(const Said *said, FILE *out)
{
    const ProtobufCMessageDescriptor *group = said->group == NULL ? NULL : said->group->descriptor;
    for (unsigned i = 0; group != NULL && i < group->n_fields; i++)
        print_field(&group->fields[i], out);
    for (size_t i = 0; i < G_N_ELEMENTS(header_fields); i++)
        print_field(protobuf_c_message_descriptor_get_field_by_name(&tc__header__descriptor, header_fields[i]), out);
}

/* ---- NAME=VALUE ---- */

static bool is_yes(const char *value) { return strcmp(value, "yes") == 0 || strcmp(value, "true") == 0; }

/* Codes with commas between them; hours and closures as people write them. */
static json_t *list_of(const ProtobufCFieldDescriptor *field, const char *value)
{
    if (strcmp(field->name, "hours") == 0)
        return hours_of(value);
    if (strcmp(field->name, "closures") == 0)
        return hours_closures_of(value);
    json_t *list = json_array();
    g_auto(GStrv) each = g_strsplit(value, ",", -1);
    for (size_t i = 0; each[i] != NULL; i++)
        json_array_append_new(list, json_string(g_strstrip(each[i])));
    return list;
}

/* NULL: the value does not fit the field. */
static json_t *value_of(const ProtobufCFieldDescriptor *field, const char *value)
{
    g_autofree char *time = NULL;
    char *end;
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return list_of(field, value);
    switch (field->type) {
    case PROTOBUF_C_TYPE_BOOL: return is_yes(value) || strcmp(value, "no") == 0 || strcmp(value, "false") == 0 ? json_boolean(is_yes(value)) : NULL;
    case PROTOBUF_C_TYPE_INT64: time = when_text(value); return time == NULL ? NULL : json_string(time);
    case PROTOBUF_C_TYPE_UINT32: {
        guint64 number = g_ascii_strtoull(value, &end, 10);
        return *end == '\0' && end != value ? json_integer((json_int_t)number) : NULL;
    }
    default: return json_string(value);
    }
}

static const ProtobufCFieldDescriptor *field_of(const Said *said, const char *name, json_t **into)
{
    const ProtobufCFieldDescriptor *field = said->group == NULL ? NULL : protobuf_c_message_descriptor_get_field_by_name(said->group->descriptor, name);
    *into = field != NULL ? said->fields : said->message;
    for (size_t i = 0; field == NULL && i < G_N_ELEMENTS(header_fields); i++)
        if (strcmp(name, header_fields[i]) == 0)
            field = protobuf_c_message_descriptor_get_field_by_name(&tc__header__descriptor, name);
    return field;
}

static bool take_word(Said *said, const char *word)
{
    json_t *into, *value;
    const char *equals = strchr(word, '=');
    g_autofree char *given = equals == NULL ? g_strdup(word) : g_strndup(word, (gsize)(equals - word));
    const char *name = strcmp(given, "at") == 0 ? "event_at" : given;
    const ProtobufCFieldDescriptor *field = equals == NULL ? NULL : field_of(said, name, &into);
    if (field == NULL) {
        command_fail(_("%s is no field of a %s. It has:"), word, words_of(said->rule->name));
        print_fields(said, stderr);
        return false;
    }
    if ((value = value_of(field, equals + 1)) == NULL) {
        command_fail(_("%s does not fit:"), word);
        print_field(field, stderr);
        return false;
    }
    json_object_set_new(into, name, value);
    return true;
}

/* ---- What it follows ---- */

static json_t *shown(const char *id, int *code) { return command_ask(json_pack("{s:s, s:s}", "do", "show", "id", id), code); }

/* Replies go to what asked, any version of it; the conversation's own id is the first. */
static bool follow(Said *said, int *code)
{
    const char *id = said->instead_of != NULL ? said->instead_of : said->on != NULL ? said->on : said->about;
    json_auto_t *before = id == NULL ? NULL : shown(id, code);
    if (id == NULL)
        return true;
    if (before == NULL)
        return false;
    const char *conversation = command_text(before, "conversation");
    if (said->instead_of != NULL)
        json_object_set_new(said->message, "supersedes", json_string(id));
    else
        json_object_set_new(said->message, said->on != NULL ? "in_reply_to" : "about", json_string(conversation));
    if (said->on != NULL)
        json_object_set_new(said->message, "conversation", json_string(conversation));
    if (said->like == NULL && said->on == NULL)
        said->like = g_strdup(id);
    return true;
}

/* Another conversation, where any message of it is named. */
static bool resolve_other(Said *said, int *code)
{
    const char *other = command_text(said->fields, "other");
    if (said->rule->kind != KIND_MERGE || *other == '\0')
        return true;
    json_auto_t *message = shown(other, code);
    if (message != NULL)
        json_object_set_new(said->fields, "other", json_string(command_text(message, "conversation")));
    return message != NULL;
}

static void set_text(json_t *object, const char *name, const char *value)
{
    if (value != NULL)
        json_object_set_new(object, name, json_string(value));
}

/* Who the client is: as the message named or --parts have it, and over that what the options say. */
static void fill_person(const Said *said, json_t *minimum, const json_t *from)
{
    json_t *known = json_object_get(from, "person");
    json_auto_t *person = json_deep_copy(known != NULL ? known : json_object_get(minimum, "person"));
    if (person == NULL)
        person = json_object();
    set_text(person, "surname", said->surname);
    set_text(person, "forenames", said->forenames);
    set_text(person, "date_of_birth", said->born);
    set_text(person, "nhs_number", said->nhs_number);
    set_text(person, "pnc_id", said->pnc);
    if (said->prison_number != NULL)
        json_object_set_new(person, "prison_numbers", json_pack("[s]", said->prison_number));
    if (json_object_size(person) > 0)
        json_object_set(minimum, "person", person);
}

/* Identity and safe contact as the message named has them; a worker and how to reach them; a note. */
static bool fill_minimum(Said *said, json_t *parts, int *code)
{
    json_t *minimum = json_object_get(parts, "minimum") != NULL ? json_incref(json_object_get(parts, "minimum")) : json_object();
    json_auto_t *like = said->like == NULL ? NULL : shown(said->like, code);
    if (said->like != NULL && like == NULL) {
        json_decref(minimum);
        return false;
    }
    const json_t *from = json_object_get(json_object_get(like, "parts"), "minimum");
    fill_person(said, minimum, from);
    if (json_object_get(minimum, "contacts") == NULL) /* --parts may have corrected them */
        json_object_set(minimum, "contacts", json_object_get(from, "contacts"));
    json_object_set(minimum, "staff_risk", json_object_get(from, "staff_risk"));
    if (said->name != NULL) {
        json_t *worker = json_pack("{s:s}", "name", said->name);
        set_text(worker, "phone", said->phone);
        set_text(worker, "team", said->team);
        json_object_set_new(minimum, "worker", worker);
    }
    if (said->place != NULL || said->postcode != NULL) {
        json_t *appointment = json_object();
        set_text(appointment, "place", said->place);
        set_text(appointment, "postcode", said->postcode);
        json_object_set_new(minimum, "appointment", appointment);
    }
    set_text(minimum, "note", said->note);
    if (json_object_size(minimum) > 0)
        json_object_set(parts, "minimum", minimum);
    json_decref(minimum);
    return true;
}

/* A kind of service instead of one. */
static void fill_request(Said *said)
{
    if (said->area == NULL && said->service_kind == NULL && said->needs == NULL)
        return;
    json_t *request = json_object();
    set_text(request, "area", said->area);
    set_text(request, "kind", said->service_kind);
    g_auto(GStrv) needs = g_strsplit(said->needs == NULL ? "" : said->needs, ",", -1);
    json_t *list = json_array();
    for (size_t i = 0; needs[i] != NULL; i++)
        json_array_append_new(list, json_string(g_strstrip(needs[i])));
    json_object_set_new(request, "capabilities", list);
    json_object_set_new(said->message, "request", request);
}

/* The client agreed that these services are told, and no others; or to be counted. */
static void fill_consent(Said *said)
{
    if (agreed)
        json_object_set_new(said->message, "consent", json_pack("{s:s, s:[s]}", "state", "given", "purposes", "reporting"));
    if (said->share_with == NULL)
        return;
    json_t *services = json_array();
    g_auto(GStrv) each = g_strsplit(said->share_with, ",", -1);
    for (size_t i = 0; each[i] != NULL; i++)
        json_array_append_new(services, json_string(g_strstrip(each[i])));
    json_object_set_new(said->message, "consent", json_pack("{s:s, s:[s], s:o}", "state", "given", "purposes", "treatment", "services", services));
}

/* The medicine that a dose request asks about. */
static void fill_product(const Said *said, json_t *parts)
{
    if (json_object_get(parts, "clinical") == NULL)
        json_object_set_new(parts, "clinical", json_object());
    set_text(json_object_get(parts, "clinical"), "asked_product", said->product);
}

static bool fill(Said *said, int *code)
{
    json_error_t error;
    json_t *parts = said->parts == NULL ? json_object() : json_load_file(said->parts, JSON_REJECT_DUPLICATES, &error);
    if (parts == NULL) {
        *code = command_fail("%s:%d: %s", said->parts, error.line, error.text);
        return false;
    }
    if (said->rule->kind == KIND_FIGURES) /* alone */
        json_object_set_new(parts, "minimum", json_pack("{s:O}", "figures", said->fields));
    if (said->product != NULL)
        fill_product(said, parts);
    bool good = follow(said, code) && resolve_other(said, code) && fill_minimum(said, parts, code);
    if (good && json_object_size(parts) > 0)
        json_object_set(said->message, "parts", parts);
    json_decref(parts);
    set_text(said->message, "recipient", said->to);
    fill_request(said);
    fill_consent(said);
    set_text(said->message, "worker", said->worker);
    return good;
}

/* ---- The command ---- */

static bool begin(Said *said, const char *kind)
{
    said->rule = rule_of(kind);
    if (said->rule == NULL) {
        command_fail(_("there is no kind of message \"%s\". Try: "), kind);
        print_codes(&tc__kind__code__descriptor, stderr);
        fputc('\n', stderr);
        return false;
    }
    said->group = group_of(said->rule);
    said->message = json_pack("{s:s}", "kind", kind);
    said->fields = said->group == NULL ? NULL : json_object();
    if (said->group != NULL && said->rule->kind != KIND_FIGURES)
        json_object_set_new(said->message, said->group->name, said->fields);
    return true;
}

static int send_it(const Said *said)
{
    int code;
    json_auto_t *id = command_ask(json_pack("{s:s, s:O, s:s*}", "do", "send", "message", said->message, "key", said->key), &code);
    if (id != NULL && !command_print_json(json_pack("{s:O}", "message", id)))
        printf(_("Taken: message %s. It goes out as soon as a broker takes it; throughcare show tells.\n"), json_string_value(id));
    return code;
}

int say_command(int argc, char **argv)
{
    static Said said; /* words live as long as the process */
    int code = CODE_OK;
    bool asks = argc > 2 && argv[1][0] != '-' && (strcmp(argv[2], "--help") == 0 || strcmp(argv[2], "-h") == 0);
    const GOptionEntry entries[] = {
        { "on", 0, 0, G_OPTION_ARG_STRING, &said.on, N_("Answers or follows this referral, offer or drop-out"), "MESSAGE" },
        { "about", 0, 0, G_OPTION_ARG_STRING, &said.about, N_("Something new for the client of this message"), "MESSAGE" },
        { "instead-of", 0, 0, G_OPTION_ARG_STRING, &said.instead_of, N_("A newer version of this message"), "MESSAGE" },
        { "to", 0, 0, G_OPTION_ARG_STRING, &said.to, N_("Which service; without it the other side of what it follows"), "SERVICE" },
        { "area", 0, 0, G_OPTION_ARG_STRING, &said.area, N_("A referral to whoever fits, instead of --to: in this area …"), "AREA" },
        { "service-kind", 0, 0, G_OPTION_ARG_STRING, &said.service_kind, N_("… a service of this kind (tier3, prescriber, cjip …) …"), "KIND" },
        { "needs", 0, 0, G_OPTION_ARG_STRING, &said.needs, N_("… that can do all this (crack, women_only, welsh …)"), "LIST" },
        { "share-with", 0, 0, G_OPTION_ARG_STRING, &said.share_with, N_("The client agreed that these services are told, and no others"), "SERVICE,…" },
        { "agreed", 0, 0, G_OPTION_ARG_NONE, &agreed, N_("Of figures: the client agreed to be counted"), NULL },
        { "worker", 0, 0, G_OPTION_ARG_STRING, &said.worker, N_("You"), "REF" },
        { "like", 0, 0, G_OPTION_ARG_STRING, &said.like, N_("Who the client is, as in this message (--about and --instead-of do so by themselves)"), "MESSAGE" },
        { "surname", 0, 0, G_OPTION_ARG_STRING, &said.surname, N_("The client's surname (sealed, as all that follows)"), "TEXT" },
        { "forenames", 0, 0, G_OPTION_ARG_STRING, &said.forenames, N_("Their forenames"), "TEXT" },
        { "born", 0, 0, G_OPTION_ARG_STRING, &said.born, N_("Their date of birth: 1997-02-03"), "DATE" },
        { "nhs-number", 0, 0, G_OPTION_ARG_STRING, &said.nhs_number, N_("Their NHS number"), "NUMBER" },
        { "prison-number", 0, 0, G_OPTION_ARG_STRING, &said.prison_number, N_("Their prison number"), "NUMBER" },
        { "pnc", 0, 0, G_OPTION_ARG_STRING, &said.pnc, N_("Their PNC number"), "NUMBER" },
        { "product", 0, 0, G_OPTION_ARG_STRING, &said.product, N_("Of a dose request: the medicine that it is about, as methadone_1mg_ml"), "CODE" },
        { "name", 0, 0, G_OPTION_ARG_STRING, &said.name, N_("The named worker's name (sealed)"), "TEXT" },
        { "phone", 0, 0, G_OPTION_ARG_STRING, &said.phone, N_("How to reach them (sealed)"), "TEXT" },
        { "team", 0, 0, G_OPTION_ARG_STRING, &said.team, N_("Their team (sealed)"), "TEXT" },
        { "place", 0, 0, G_OPTION_ARG_STRING, &said.place, N_("Where an appointment is (sealed)"), "TEXT" },
        { "postcode", 0, 0, G_OPTION_ARG_STRING, &said.postcode, N_("Its postcode, held against the client's exclusion zones (sealed)"), "TEXT" },
        { "note", 0, 0, G_OPTION_ARG_STRING, &said.note, N_("A note (sealed)"), "TEXT" },
        { "parts", 0, 0, G_OPTION_ARG_FILENAME, &said.parts, N_("Everything else that is sealed, as JSON"), "FILE" },
        { "key", 0, 0, G_OPTION_ARG_STRING, &said.key, N_("Your name for this act: sent again, it changes nothing"), "TEXT" },
        { 0 },
    };
    if (asks && begin(&said, argv[1])) {
        printf(_("throughcare say %s: its fields, as NAME=VALUE\n\n"), argv[1]);
        print_fields(&said, stdout);
        return CODE_OK;
    }
    command_parse(&argc, &argv, "KIND [FIELD=VALUE …]", _("Sends any kind of message in plain words; say KIND --help lists its fields."), entries, 1, 32);
    if (!begin(&said, argv[1]))
        return CODE_USAGE;
    for (int i = 2; i < argc; i++)
        if (!take_word(&said, argv[i]))
            return CODE_USAGE;
    return fill(&said, &code) ? send_it(&said) : code;
}
