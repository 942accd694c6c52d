#include "adapters/worklist/doses.h"

#include "adapters/worklist/case.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

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

/* The dose of this medicine that may be relied on; NULL: there is none, or they are of several amounts. */
static const json_t *confirmed_of(const json_t *items, const json_t *line)
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
        }
    return found;
}

void doses_compare(json_t *items)
{
    size_t i, j;
    json_t *item, *dose;
    json_array_foreach (items, i, item)
        json_array_foreach (json_object_get(item, "doses"), j, dose) {
            const json_t *line = json_object_get(dose, "line"), *confirmed = is_set(item, "unconfirmed") ? confirmed_of(items, line) : NULL;
            if (confirmed != NULL && !is_same_amount(confirmed, line))
                json_object_set_new(dose, "differs", json_true());
        }
}
