#include "adapters/station/hours.h"

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char *const days[] = { "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "bank_holiday" };

/* Whole, or by its first three letters; -1: no day. */
static int day_of(const char *text)
{
    for (size_t i = 0; i < G_N_ELEMENTS(days); i++)
        if (g_ascii_strcasecmp(text, days[i]) == 0 || (strlen(text) == 3 && g_ascii_strncasecmp(text, days[i], 3) == 0))
            return (int)i;
    return -1;
}

static bool days_of(const char *text, int *first, int *last)
{
    g_auto(GStrv) each = g_strsplit(text, "-", 2);
    *first = day_of(each[0]);
    *last = each[1] == NULL ? *first : day_of(each[1]);
    return *first >= 0 && *last >= *first;
}

static bool minutes_of(const char *text, int *opens, int *closes)
{
    int from_hour, from_minute, to_hour, to_minute, end = 0;
    if (sscanf(text, "%2d:%2d-%2d:%2d%n", &from_hour, &from_minute, &to_hour, &to_minute, &end) != 4 || text[end] != '\0')
        return false;
    *opens = from_hour * 60 + from_minute;
    *closes = to_hour * 60 + to_minute;
    return from_minute < 60 && to_minute < 60 && *opens >= 0 && *opens < *closes && *closes <= 24 * 60;
}

static bool add_hours(json_t *list, char *entry)
{
    int first, last, opens, closes;
    g_auto(GStrv) words = g_strsplit(g_strstrip(entry), " ", 2);
    if (words[0] == NULL || words[1] == NULL || !days_of(words[0], &first, &last) || !minutes_of(g_strstrip(words[1]), &opens, &closes))
        return false;
    for (int day = first; day <= last; day++)
        json_array_append_new(list, json_pack("{s:s, s:i, s:i}", "day", days[day], "opens", opens, "closes", closes));
    return true;
}

static bool add_closure(json_t *list, char *entry)
{
    g_auto(GStrv) both = g_strsplit(g_strstrip(entry), "..", 2);
    if (both[0] == NULL || *both[0] == '\0')
        return false;
    json_array_append_new(list, json_pack("{s:s, s:s}", "from_day", g_strstrip(both[0]), "to_day", g_strstrip(both[1] == NULL ? both[0] : both[1])));
    return true;
}

static json_t *list_of(const char *text, bool (*add)(json_t *, char *))
{
    json_t *list = json_array();
    g_auto(GStrv) each = g_strsplit(text, ",", -1);
    for (size_t i = 0; each[i] != NULL; i++)
        if (!add(list, each[i])) {
            json_decref(list);
            return NULL;
        }
    if (json_array_size(list) > 0)
        return list;
    json_decref(list);
    return NULL;
}

json_t *hours_of(const char *text) { return list_of(text, add_hours); }
json_t *hours_closures_of(const char *text) { return list_of(text, add_closure); }
