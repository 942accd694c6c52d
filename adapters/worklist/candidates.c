#include "adapters/worklist/candidates.h"

#include "adapters/station/words.h"
#include "adapters/worklist/say.h"
#include "broker/availability.h"
#include "broker/candidate.h"
#include "proto/json.h"
#include "throughcare.pb-c.h"

#include <glib/gi18n.h>
#include <string.h>

/* ---- A statement ---- */

static int code_of(const ProtobufCEnumDescriptor *list, const char *name)
{
    int code;
    return tc_json_code_of(list, name, &code) ? code : 0;
}

static uint32_t capabilities_of(const json_t *list)
{
    uint32_t bits = 0;
    size_t i;
    json_t *each;
    json_array_foreach (list, i, each)
        bits |= 1u << code_of(&tc__capability__code__descriptor, json_string_value(each));
    return bits;
}

static Availability read_statement(const json_t *said)
{
    Availability to = availability_unsaid;
    size_t i;
    json_t *each;
    if (json_array_size(json_object_get(said, "hours")) > 0)
        to.opening_count = 0;
    json_array_foreach (json_object_get(said, "hours"), i, each)
        if (to.opening_count < AVAILABILITY_OPENINGS)
            to.openings[to.opening_count++] = (Opening){ code_of(&tc__weekday__code__descriptor, case_text(each, "day")), (int)json_integer_value(json_object_get(each, "opens")),
                                                         (int)json_integer_value(json_object_get(each, "closes")) };
    json_array_foreach (json_object_get(said, "closures"), i, each) {
        if (to.closure_count >= AVAILABILITY_CLOSURES)
            break;
        Closure *closure = &to.closures[to.closure_count++];
        g_strlcpy(closure->from_day, case_text(each, "from_day"), sizeof closure->from_day);
        g_strlcpy(closure->to_day, case_text(each, "to_day"), sizeof closure->to_day);
    }
    if (json_is_integer(json_object_get(said, "places")))
        to.places = (int)json_integer_value(json_object_get(said, "places"));
    to.capabilities = capabilities_of(json_object_get(said, "capabilities"));
    return to;
}

/* ---- One service ---- */

typedef struct Judged { json_t *row; int rank; int64_t opens; int places; } Judged; /* rank: 0 fits, 1 unknown, 2 cannot */

static char *lacking_words(uint32_t lacking)
{
    const ProtobufCEnumDescriptor *list = &tc__capability__code__descriptor;
    GString *words = g_string_new(NULL);
    for (unsigned i = 0; i < list->n_values; i++) {
        g_autofree char *code = g_ascii_strdown(list->values[i].name, -1);
        if ((lacking & 1u << list->values[i].value) != 0)
            g_string_append_printf(words, "%s%s", words->len > 0 ? ", " : "", words_of(code));
    }
    return g_string_free(words, FALSE);
}

/* Why it will not be asked; NULL: it fits. */
static char *cannot(const Availability *said, uint32_t needs, int64_t opens, int64_t by)
{
    g_autofree char *lacking = lacking_words(needs & ~said->capabilities);
    if (*lacking != '\0')
        return g_strdup_printf(_("It does not offer: %s."), lacking);
    if (said->places == 0)
        return g_strdup(_("It is full."));
    return opens == 0 || opens > by ? g_strdup(_("It is not open in time.")) : NULL;
}

static char *fits(int64_t opens, int64_t now)
{
    g_autofree char *open = say_time(opens);
    return opens <= now ? g_strdup(_("It is of that kind, can do it, has room and is open now.")) : g_strdup_printf(_("It is of that kind, can do it, has room, and opens %s."), open);
}

static void judge(Judged *judged, const json_t *statement, uint32_t needs, int urgency, int64_t now)
{
    static const char *const ranks[] = { "fits", "unknown", "cannot" };
    Availability said = read_statement(statement);
    judged->opens = availability_open_from(&said, now);
    judged->places = said.places;
    g_autofree char *why = statement == NULL ? g_strdup(_("What it can do, its hours and its places are not known here. It is asked only if it fits.")) : cannot(&said, needs, judged->opens, candidate_open_by(urgency, now));
    judged->rank = statement == NULL ? 1 : why == NULL ? 0 : 2;
    if (why == NULL)
        why = fits(judged->opens, now);
    json_object_set_new(judged->row, ranks[judged->rank], json_true());
    json_object_set_new(judged->row, "why", json_string(why));
}

/* As the broker asks: open soonest, then most places, then by name. */
static gint in_order(gconstpointer a, gconstpointer b)
{
    const Judged *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank - y->rank;
    if (x->rank == 0 && x->opens != y->opens)
        return x->opens < y->opens ? -1 : 1;
    if (x->rank == 0 && x->places != y->places)
        return x->places > y->places ? -1 : 1;
    return strcmp(case_text(x->row, "service"), case_text(y->row, "service"));
}

json_t *candidates_judge(const json_t *services, const json_t *statements, const json_t *message, const char *own, int64_t now)
{
    g_autoptr(GArray) all = g_array_new(FALSE, TRUE, sizeof(Judged));
    json_t *rows = json_array(), *service;
    size_t i;
    const json_t *request = json_object_get(message, "request");
    uint32_t needs = capabilities_of(json_object_get(request, "capabilities")) | candidate_pathway_needs(code_of(&tc__pathway__code__descriptor, case_text(message, "referral.pathway")));
    json_array_foreach (services, i, service) {
        const char *id = case_text(service, "id");
        if (strcmp(case_text(service, "kind"), case_text(request, "kind")) != 0 || strcmp(case_text(service, "area"), case_text(request, "area")) != 0 || strcmp(id, own) == 0)
            continue;
        Judged judged = { .row = json_pack("{s:s, s:s}", "service", id, "name", case_text(service, "name")) };
        judge(&judged, json_object_get(statements, id), needs, code_of(&tc__urgency__code__descriptor, case_text(message, "urgency")), now);
        g_array_append_val(all, judged);
    }
    g_array_sort(all, in_order);
    for (guint j = 0; j < all->len; j++)
        json_array_append_new(rows, g_array_index(all, Judged, j).row);
    return rows;
}

/* ---- What is known here ---- */

static void add_statement(void *ctx, const Case *it)
{
    json_t *newest = ctx;
    const char *sender = case_text(it->request, "sender");
    if (strcmp(it->kind, "availability") == 0 && strcmp(it->state, "stands") == 0 && strcmp(it->conversation, case_text(json_object_get(newest, sender), "conversation")) > 0)
        json_object_set_new(newest, sender, json_pack("{s:s, s:O?}", "conversation", it->conversation, "said", json_object_get(it->request, "availability"))); /* ids are in order of time */
}

/* What each service said last of itself. */
static json_t *statements_known(const Caseload *caseload)
{
    json_auto_t *newest = json_object();
    json_t *statements = json_object(), *statement;
    const char *service;
    caseload_each(caseload, add_statement, newest);
    json_object_foreach (newest, service, statement)
        json_object_set(statements, service, json_object_get(statement, "said"));
    return statements;
}

static const char *name_of(const json_t *services, const char *id)
{
    size_t i;
    json_t *service;
    json_array_foreach (services, i, service)
        if (strcmp(case_text(service, "id"), id) == 0)
            return case_text(service, "name");
    return id;
}

json_t *candidates_of(const Caseload *caseload, const json_t *directory, const json_t *message, const char *own, int64_t now)
{
    json_auto_t *statements = statements_known(caseload);
    const json_t *services = json_object_get(directory, "services");
    json_t *area;
    size_t i;
    const char *spoc = "";
    json_array_foreach (json_object_get(directory, "areas"), i, area)
        if (strcmp(case_text(area, "code"), case_text(message, "request.area")) == 0)
            spoc = name_of(services, case_text(area, "spoc"));
    return json_pack("{s:o, s:s}", "rows", candidates_judge(services, statements, message, own, now), "spoc", spoc);
}
