#include "adapters/worklist/filter_view.h"

#include "adapters/station/words.h"
#include "adapters/worklist/alphabet.h"
#include "adapters/worklist/say.h"

#include <glib/gi18n.h>
#include <string.h>

#define OFFERED_FOR (5 * (int64_t)G_USEC_PER_SEC)

/* ---- What there is to choose from ---- */

static void count_one(json_t *offered, const char *name, const char *code)
{
    json_t *counts = json_object_get(offered, name);
    if (*code != '\0')
        json_object_set_new(counts, code, json_integer(json_integer_value(json_object_get(counts, code)) + 1));
}

/* The open cases, by everything they can be filtered by. */
static const json_t *offered(Worklist *w)
{
    int64_t now = tc_client_now(w->client);
    if (w->offered != NULL && (w->offered_at == caseload_changes(w->caseload) || now - w->offered_time < OFFERED_FOR))
        return w->offered;
    GSequence *open = caseload_list(w->caseload, CASES_OPEN);
    json_decref(w->offered);
    w->offered = json_pack("{s:{}, s:{}, s:{}, s:{}}", "kind", "urgency", "with", "worker");
    for (GSequenceIter *at = g_sequence_get_begin_iter(open); !g_sequence_iter_is_end(at); at = g_sequence_iter_next(at)) {
        const Case *it = g_sequence_get(at);
        count_one(w->offered, "kind", it->kind);
        count_one(w->offered, "urgency", it->facts.urgency);
        count_one(w->offered, "with", it->facts.other);
        count_one(w->offered, "worker", it->worker);
    }
    w->offered_at = caseload_changes(w->caseload);
    w->offered_time = now;
    return w->offered;
}

static char *label_of(const Worklist *w, const char *name, const char *code)
{
    if (strcmp(name, "with") == 0)
        return g_strdup(worklist_service_name(w, code));
    if (strcmp(name, "worker") == 0)
        return strcmp(code, FILTER_MINE) == 0 ? g_strdup(_("Mine")) : strcmp(code, FILTER_NOBODY) == 0 ? g_strdup(_("Nobody's")) : g_strdup(worklist_worker_name(w, code));
    return say_sentence(strcmp(name, "kind") == 0 ? words_of(code) : words_in(name, code));
}

static gint by_label(gconstpointer a, gconstpointer b)
{
    return alphabet_compare(facts_text(*(json_t *const *)a, "label"), facts_text(*(json_t *const *)b, "label"));
}

static json_t *options_of(const Worklist *w, const char *name, const json_t *counts, const char *chosen)
{
    json_t *options = json_array(), *count;
    const char *code;
    g_autoptr(GPtrArray) sorted = g_ptr_array_new();
    json_object_foreach ((json_t *)counts, code, count) {
        g_autofree char *label = label_of(w, name, code), *whole = g_strdup_printf("%s (%" JSON_INTEGER_FORMAT ")", label, json_integer_value(count));
        g_ptr_array_add(sorted, json_pack("{s:s, s:s, s:b}", "value", code, "label", whole, "chosen", strcmp(code, chosen) == 0));
    }
    g_ptr_array_sort(sorted, by_label);
    for (guint i = 0; i < sorted->len; i++)
        json_array_append_new(options, sorted->pdata[i]);
    return options;
}

static json_t *worker_options(const Worklist *w, const json_t *counts, const char *chosen)
{
    static const char *const first[] = { FILTER_NOBODY, FILTER_MINE };
    json_t *options = options_of(w, "worker", counts, chosen);
    for (size_t i = 0; i < G_N_ELEMENTS(first); i++) {
        g_autofree char *label = label_of(w, "worker", first[i]);
        json_array_insert_new(options, 0, json_pack("{s:s, s:s, s:b}", "value", first[i], "label", label, "chosen", strcmp(first[i], chosen) == 0));
    }
    return options;
}

static json_t *sort_options(const Filter *filter)
{
    static const char *const labels[SORT_COUNT] = { N_("The most urgent first"), N_("The newest first"), N_("The oldest first"), N_("By surname") };
    json_t *options = json_array();
    for (int i = 0; i < SORT_COUNT; i++)
        json_array_append_new(options, json_pack("{s:s, s:s, s:b}", "value", filter_sort_name((FilterSort)i), "label", _(labels[i]), "chosen", filter->sort == (FilterSort)i));
    return options;
}

/* ---- On the page ---- */

static const struct { const char *name, *label; } fields[] = { { "kind", N_("What") }, { "urgency", N_("How soon") }, { "with", N_("From or to") }, { "worker", N_("Whose") } };

static const char *value_of(const Filter *filter, const char *name)
{
    const struct { const char *name, *value; } values[] = { { "kind", filter->kind }, { "urgency", filter->urgency }, { "with", filter->with }, { "worker", filter->worker },
                                                            { "late", filter->late ? "yes" : "" }, { "named", filter->unnamed ? "no" : "" } };
    for (size_t i = 0; i < G_N_ELEMENTS(values); i++)
        if (strcmp(values[i].name, name) == 0)
            return values[i].value;
    return "";
}

static json_t *fields_of(Worklist *w, const Filter *filter)
{
    json_t *list = json_array();
    const json_t *all = offered(w);
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        const json_t *counts = json_object_get(all, fields[i].name);
        const char *chosen = value_of(filter, fields[i].name);
        json_t *options = strcmp(fields[i].name, "worker") == 0 ? worker_options(w, counts, chosen) : options_of(w, fields[i].name, counts, chosen);
        json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:b}", "name", fields[i].name, "label", _(fields[i].label), "options", options, "any", 1));
    }
    json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:b}", "name", "sort", "label", _("Order"), "options", sort_options(filter), "any", 0));
    return list;
}

static json_t *checks_of(const Filter *filter)
{
    return json_pack("[{s:s, s:s, s:s, s:b}, {s:s, s:s, s:s, s:b}]", "name", "late", "value", "yes", "label", _("Only what is late"), "chosen", filter->late, "name", "named", "value", "no",
                     "label", _("Only releases for which nobody is named"), "chosen", filter->unnamed);
}

static void add_tag(json_t *tags, const Filter *filter, const char *name, const char *words)
{
    g_autofree char *address = filter_address(filter, name, "");
    json_array_append_new(tags, json_pack("{s:s, s:s}", "words", words, "address", address));
}

static json_t *tags_of(const Worklist *w, const Filter *filter)
{
    json_t *tags = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        const char *value = value_of(filter, fields[i].name);
        g_autofree char *label = *value != '\0' ? label_of(w, fields[i].name, value) : NULL, *words = g_strdup_printf("%s: %s", _(fields[i].label), label);
        if (label != NULL)
            add_tag(tags, filter, fields[i].name, words);
    }
    if (filter->late)
        add_tag(tags, filter, "late", _("Only what is late"));
    if (filter->unnamed)
        add_tag(tags, filter, "named", _("Only releases for which nobody is named"));
    return tags;
}

/* One touch: everything, mine, nobody's, late. */
static json_t *quick_of(const Filter *filter)
{
    const struct { const char *name, *value, *words; bool here; } ways[] = {
        { "worker", "", N_("Everybody's"), *filter->worker == '\0' }, { "worker", FILTER_MINE, N_("Mine"), strcmp(filter->worker, FILTER_MINE) == 0 },
        { "worker", FILTER_NOBODY, N_("Nobody's"), strcmp(filter->worker, FILTER_NOBODY) == 0 }, { "late", filter->late ? "" : "yes", N_("Late"), filter->late } };
    json_t *list = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
        g_autofree char *address = filter_address(filter, ways[i].name, ways[i].value);
        json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "words", _(ways[i].words), "address", address, "here", ways[i].here));
    }
    return list;
}

json_t *filter_view(Request *request, const Filter *filter)
{
    Worklist *w = request->worklist;
    return json_pack("{s:s, s:o, s:o, s:o, s:o}", "show", filter->show, "fields", fields_of(w, filter), "checks", checks_of(filter), "tags", tags_of(w, filter), "quick", quick_of(filter));
}
