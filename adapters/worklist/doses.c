#include "adapters/worklist/doses.h"

#include "adapters/station/words.h"
#include "adapters/worklist/case.h"
#include "adapters/worklist/facts.h"
#include "adapters/worklist/field.h"

#include <glib/gi18n.h>
#include <string.h>

char *doses_amount(const json_t *line)
{
    static const char *const several[] = { "twice_daily", "three_times_daily", NULL };
    const char *frequency = case_text(line, "frequency");
    return g_strdup_printf(g_strv_contains(several, frequency) ? _("%s mg each time, %s") : _("%s mg, %s"), case_text(line, "mg"), words_in("frequency", frequency));
}

static bool is_set(const json_t *item, const char *name) { return json_is_true(json_object_get(item, name)); }

static bool is_same_text(const json_t *one, const json_t *other, const char *name) { return strcmp(case_text(one, name), case_text(other, name)) == 0; }

/* What is named by its class only is told apart by its name; of the others the name is a brand. */
static bool is_same_medicine(const json_t *one, const json_t *other)
{
    static const char *const classes[] = { "benzodiazepine", "other", NULL };
    bool same = is_same_text(one, other, "product");
    return same && (!g_strv_contains(classes, case_text(one, "product")) || g_ascii_strcasecmp(case_text(one, "product_name"), case_text(other, "product_name")) == 0);
}

static bool is_same_amount(const json_t *one, const json_t *other)
{
    double a = g_ascii_strtod(case_text(one, "mg"), NULL), b = g_ascii_strtod(case_text(other, "mg"), NULL);
    return a >= b && a <= b && is_same_text(one, other, "frequency");
}

/* The dose of this medicine that may be relied on, and whose word it is; NULL: there is none, or they are of several amounts. */
static const json_t *confirmed_of(const json_t *items, const json_t *line, const json_t **word)
{
    const json_t *found = NULL;
    size_t i, j;
    json_t *item, *dose;
    json_array_foreach (items, i, item)
        json_array_foreach (json_object_get(item, "doses"), j, dose) {
            const json_t *other = json_object_get(dose, "line");
            if (!is_set(item, "confirmed") || !is_same_medicine(line, other))
                continue;
            if (found != NULL && !is_same_amount(found, other))
                return NULL;
            found = other;
            *word = json_object_get(item, "row");
        }
    return found;
}

void doses_compare(json_t *items)
{
    size_t i, j;
    json_t *item, *dose;
    json_array_foreach (items, i, item)
        json_array_foreach (json_object_get(item, "doses"), j, dose) {
            const json_t *line = json_object_get(dose, "line"), *word = NULL, *confirmed = is_set(item, "unconfirmed") ? confirmed_of(items, line, &word) : NULL;
            if (confirmed != NULL && !is_same_amount(confirmed, line))
                json_object_set_new(dose, facts_after(json_object_get(item, "row"), word) ? "doubts" : "differs", json_true());
        }
}

/* ---- The newest word of each sender ---- */

/* Of one sender, so by one clock. */
static bool is_newer(const json_t *item, const json_t *other) { return facts_time(json_object_get(item, "row"), "at") > facts_time(json_object_get(other, "row"), "at"); }

static bool has_medicine(const json_t *doses, const json_t *line)
{
    size_t i;
    json_t *dose;
    json_array_foreach (doses, i, dose)
        if (is_same_medicine(json_object_get(dose, "line"), line))
            return true;
    return false;
}

/* Whether every medicine of these doses is among those, and there is one. */
static bool has_all(const json_t *those, const json_t *doses)
{
    size_t i;
    json_t *dose;
    json_array_foreach (doses, i, dose)
        if (!has_medicine(those, json_object_get(dose, "line")))
            return false;
    return json_array_size(doses) > 0;
}

static bool follows(const json_t *newer, const json_t *item)
{
    bool folds = is_set(item, "unconfirmed") || (json_object_get(item, "reassess") != NULL && !is_set(newer, "unconfirmed"));
    return folds && is_same_text(json_object_get(newer, "row"), json_object_get(item, "row"), "sender") && is_newer(newer, item) && has_all(json_object_get(newer, "doses"), json_object_get(item, "doses"));
}

/* The newest that follows an item; NULL: it is the newest itself. */
static json_t *newest_after(const json_t *items, const json_t *item)
{
    json_t *found = NULL, *each;
    size_t i;
    json_array_foreach (items, i, each)
        if (follows(each, item) && (found == NULL || is_newer(each, found)))
            found = each;
    return found;
}

/* A template looks for what an item has not in what it stands in: what the newer one is would be said of the older, too. */
static void fold_into(json_t *newer, json_t *item)
{
    static const char *const own[] = { "reassess", "hidden", "unconfirmed", "confirmed", "older", NULL };
    for (size_t i = 0; own[i] != NULL; i++)
        if (json_object_get(item, own[i]) == NULL)
            json_object_set_new(item, own[i], json_false());
    if (json_object_get(newer, "older") == NULL)
        json_object_set_new(newer, "older", json_array());
    json_array_append(json_object_get(newer, "older"), item);
}

void doses_fold(json_t *items)
{
    size_t i = 0;
    json_auto_t *all = json_copy(items);
    while (i < json_array_size(items)) {
        json_t *item = json_array_get(items, i), *newer = newest_after(all, item);
        if (newer != NULL)
            fold_into(newer, item);
        if (newer == NULL || json_array_remove(items, i) != 0)
            i++;
    }
}

/* ---- What was told, and confirmed after that ---- */

static bool is_confirmed_since(const json_t *items, const json_t *row, const json_t *line)
{
    size_t i;
    json_t *item;
    json_array_foreach (items, i, item)
        if (is_set(item, "confirmed") && facts_after(json_object_get(item, "row"), row) && has_medicine(json_object_get(item, "doses"), line))
            return true;
    return false;
}

bool doses_confirmed_since(const json_t *items, const json_t *row, const json_t *message)
{
    const json_t *lines = field_get(message, "parts.clinical.doses");
    size_t i;
    json_t *line;
    json_array_foreach (lines, i, line)
        if (!is_confirmed_since(items, row, line))
            return false;
    return json_array_size(lines) > 0;
}
