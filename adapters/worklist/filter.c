#include "adapters/worklist/filter.h"

#include <string.h>

enum { DAYS_AHEAD = 7, VALUE_MAX = 64 };

static const char *const list_names[CASE_LISTS] = { "waiting", "out", "booked", "missed", "sent", "news", "taken", "matches", "open", "refused" };
static const char *const sort_names[SORT_COUNT] = { "soonest", "newest", "oldest", "name" };

const char *filter_list_name(CaseList list) { return list_names[list]; }
const char *filter_sort_name(FilterSort sort) { return sort_names[sort]; }

Moment moment_of(int64_t now)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/London");
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(now / G_USEC_PER_SEC), at = g_date_time_to_timezone(utc, zone);
    g_autoptr(GDateTime) begins = g_date_time_new(zone, g_date_time_get_year(at), g_date_time_get_month(at), g_date_time_get_day_of_month(at), 0, 0, 0);
    g_autoptr(GDateTime) ends = g_date_time_add_days(begins, 1), week = g_date_time_add_days(begins, DAYS_AHEAD + 1);
    return (Moment){ now, g_date_time_to_unix(begins) * G_USEC_PER_SEC, g_date_time_to_unix(ends) * G_USEC_PER_SEC, g_date_time_to_unix(week) * G_USEC_PER_SEC };
}

/* ---- Reading ---- */

/* A code, a service or a worker; anything else is as if it were not there. */
static const char *value_of(const GHashTable *query, const char *name)
{
    const char *value = g_hash_table_lookup((GHashTable *)query, name);
    size_t len = value != NULL ? strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") : 0;
    return value != NULL && value[len] == '\0' && len <= VALUE_MAX ? value : "";
}

static const char *known_list(const char *name)
{
    for (int i = 0; i <= CASES_OPEN; i++)
        if (strcmp(name, list_names[i]) == 0)
            return name;
    return "";
}

Filter filter_read(const GHashTable *query)
{
    Filter filter = { .show = known_list(value_of(query, "show")), .kind = value_of(query, "kind"), .urgency = value_of(query, "urgency"), .with = value_of(query, "with"),
                      .worker = value_of(query, "worker"), .late = strcmp(value_of(query, "late"), "yes") == 0, .unnamed = strcmp(value_of(query, "named"), "no") == 0 };
    guint64 page = g_ascii_strtoull(value_of(query, "page"), NULL, 10);
    filter.page = (guint)CLAMP(page, 1, 100000);
    for (int i = 0; i < SORT_COUNT; i++)
        if (strcmp(value_of(query, "sort"), sort_names[i]) == 0)
            filter.sort = (FilterSort)i;
    return filter;
}

bool filter_narrows(const Filter *filter)
{
    return *filter->kind != '\0' || *filter->urgency != '\0' || *filter->with != '\0' || *filter->worker != '\0' || filter->late || filter->unnamed;
}

/* ---- Holding a case against it ---- */

static bool nobody_named(const Case *it) { return strcmp(it->state, "open") == 0 || strcmp(it->state, "cannot") == 0; }

int64_t filter_late_since(const Case *it, CaseList list, const Moment *moment)
{
    int64_t key = it->key[list];
    switch (list) {
    case CASES_WAITING: case CASES_SENT: case CASES_BOOKED: return key <= moment->now ? key : 0;
    case CASES_OUT: return key < moment->day_ends && nobody_named(it) ? MIN(key, moment->day_begins) : 0; /* on the day itself it is late, whatever the hour */
    case CASES_MISSED: return key < moment->day_begins ? key : 0; /* nothing was done on the day itself */
    default: return 0;
    }
}

static bool worker_fits(const Filter *filter, const Case *it)
{
    if (strcmp(filter->worker, FILTER_NOBODY) == 0)
        return *it->worker == '\0';
    if (strcmp(filter->worker, FILTER_MINE) != 0)
        return *filter->worker == '\0' || strcmp(filter->worker, it->worker) == 0;
    for (guint i = 0; filter->mine != NULL && i < filter->mine->len; i++)
        if (strcmp(filter->mine->pdata[i], it->worker) == 0)
            return true;
    return false;
}

bool filter_fits(const Filter *filter, const Case *it, CaseList list, const Moment *moment)
{
    return (*filter->kind == '\0' || strcmp(filter->kind, it->kind) == 0) && (*filter->urgency == '\0' || strcmp(filter->urgency, it->facts.urgency) == 0) &&
           (*filter->with == '\0' || strcmp(filter->with, it->facts.other) == 0) && worker_fits(filter, it) && (!filter->unnamed || (list == CASES_OUT && nobody_named(it))) &&
           (!filter->late || filter_late_since(it, list, moment) != 0);
}

/* ---- Writing ---- */

char *filter_address(const Filter *filter, const char *name, const char *value)
{
    g_autofree char *page = g_strdup_printf("%u", filter->page);
    const struct { const char *name, *value; } all[] = {
        { "show", filter->show }, { "kind", filter->kind }, { "urgency", filter->urgency }, { "with", filter->with }, { "worker", filter->worker }, { "late", filter->late ? "yes" : "" },
        { "named", filter->unnamed ? "no" : "" }, { "sort", filter->sort != SORT_SOONEST ? sort_names[filter->sort] : "" }, { "page", strcmp(name, "page") == 0 && filter->page > 1 ? page : "" } };
    GString *out = g_string_new("/");
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        const char *is = strcmp(all[i].name, name) == 0 ? value : all[i].value;
        if (*is != '\0')
            g_string_append_printf(out, "%c%s=%s", out->len == 1 ? '?' : '&', all[i].name, is);
    }
    return g_string_free(out, FALSE);
}
