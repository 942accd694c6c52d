#include "broker/setting.h"

#include "broker/clock.h"
#include "broker/codes.h"
#include "broker/working.h"
#include "proto/date.h"

#include <stdio.h>
#include <string.h>

struct Settings { GHashTable *clocks; /* "area/policy" -> ClockSetting */ GHashTable *values; /* name -> value, but "usual" */ };

static const char *const role_names[] = { [ROLE_SPOC] = "spoc", [ROLE_MANAGER] = "manager", [ROLE_FALLBACK] = "fallback",
                                          [ROLE_TEAM_LEADER] = "team_leader", [ROLE_AREA_MANAGER] = "area_manager" };

Settings *settings_new(void)
{
    Settings *settings = g_new0(Settings, 1);
    settings->clocks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    settings->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return settings;
}

void settings_clear(Settings *settings)
{
    g_hash_table_remove_all(settings->clocks);
    g_hash_table_remove_all(settings->values);
    working_forget_exceptions();
}

void settings_free(Settings *settings)
{
    if (settings == NULL)
        return;
    settings_clear(settings);
    g_hash_table_unref(settings->clocks);
    g_hash_table_unref(settings->values);
    g_free(settings);
}

/* ---- Reading ---- */

/* "45m", "2h", "3d"; 0: it is none. At most a year. */
static int64_t read_span(const char *text)
{
    int number, end = 0;
    char unit;
    if (sscanf(text, "%5d%c%n", &number, &unit, &end) != 2 || text[end] != '\0' || number <= 0)
        return 0;
    int64_t one = unit == 'm' ? CLOCK_MINUTE : unit == 'h' ? CLOCK_HOUR : unit == 'd' ? 24 * CLOCK_HOUR : 0;
    return one * number > 366 * 24 * CLOCK_HOUR ? 0 : one * number;
}

static int read_working_days(const char *text)
{
    int number, end = 0;
    return sscanf(text, "%3dwd%n", &number, &end) == 1 && end > 0 && text[end] == '\0' && number > 0 && number <= 250 ? number : 0;
}

static bool read_role(const char *name, ClockSetting *to)
{
    for (int role = ROLE_SPOC; role <= ROLE_AREA_MANAGER; role++) {
        if (strcmp(name, role_names[role]) != 0)
            continue;
        for (size_t i = 0; i < to->role_count; i++)
            if (to->roles[i] == role)
                return false;
        to->roles[to->role_count++] = role;
        return true;
    }
    return false;
}

static bool read_ladder(const char *text, ClockSetting *to)
{
    g_auto(GStrv) names = g_strsplit(text, ",", -1);
    bool good = names[0] != NULL;
    for (size_t i = 0; good && names[i] != NULL; i++)
        good = read_role(names[i], to);
    return good;
}

static bool read_word(const char *word, ClockSetting *to)
{
    if (g_str_has_prefix(word, "ladder="))
        return to->role_count == 0 && read_ladder(word + strlen("ladder="), to);
    if (g_str_has_prefix(word, "remind="))
        return to->remind == 0 && (to->remind = read_span(word + strlen("remind="))) != 0;
    if (!g_str_has_prefix(word, "within=") || to->within != 0 || to->working_days != 0)
        return false;
    to->within = read_span(word + strlen("within="));
    to->working_days = to->within == 0 ? read_working_days(word + strlen("within=")) : 0;
    return to->within != 0 || to->working_days != 0;
}

static bool read_clock(const char *value, ClockSetting *to)
{
    *to = (ClockSetting){ 0 };
    g_auto(GStrv) words = g_strsplit(value, " ", -1);
    bool good = words[0] != NULL;
    for (size_t i = 0; good && words[i] != NULL; i++)
        good = read_word(words[i], to);
    return good;
}

static int read_policy(const char *name)
{
    for (int policy = POLICY_NONE + 1; policy <= POLICY_LAST; policy++)
        if (clock_may_be_set(policy) && strcmp(name, clock_policy_name(policy)) == 0)
            return policy;
    return POLICY_NONE;
}

/* The three words of a name; NULL: it is no name. */
static char **read_name(const char *name, const char *first, unsigned count)
{
    g_auto(GStrv) words = g_strsplit(name, "/", -1);
    return g_strv_length(words) == count && strcmp(words[0], first) == 0 ? g_steal_pointer(&words) : NULL;
}

/* ---- In force ---- */

static bool good_clock(char **words, const char *value, const char **why)
{
    ClockSetting setting;
    if (read_policy(words[2]) == POLICY_NONE) {
        *why = "There is no such clock, or its time is fixed.";
        return false;
    }
    if (strcmp(value, "usual") == 0 || read_clock(value, &setting))
        return true;
    *why = "A clock takes within=45m (or 2h, 3d, 2wd for working days), ladder=fallback,spoc and remind=15m, or \"usual\".";
    return false;
}

bool settings_good(const char *name, const char *value, const char **why)
{
    g_auto(GStrv) clock = read_name(name, "clock", 3), day = read_name(name, "day", 2);
    if (clock != NULL)
        return good_clock(clock, value, why);
    *why = "A day is a date like 2027-05-10, and takes \"holiday\", \"working\" or \"usual\".";
    return day != NULL && tc_date_valid(day[1], strlen(day[1]))
           && (strcmp(value, "holiday") == 0 || strcmp(value, "working") == 0 || strcmp(value, "usual") == 0);
}

static void take_clock(Settings *settings, const char *key, const char *value)
{
    ClockSetting *setting = g_new0(ClockSetting, 1);
    if (strcmp(value, "usual") != 0 && read_clock(value, setting)) {
        g_hash_table_replace(settings->clocks, g_strdup(key), setting);
        return;
    }
    g_free(setting);
    g_hash_table_remove(settings->clocks, key);
}

void settings_take(Settings *settings, const char *name, const char *value)
{
    const char *why;
    int year, month, day;
    if (!settings_good(name, value, &why))
        return;
    if (strcmp(value, "usual") == 0)
        g_hash_table_remove(settings->values, name);
    else
        g_hash_table_replace(settings->values, g_strdup(name), g_strdup(value));
    if (sscanf(name, "day/%4d-%2d-%2d", &year, &month, &day) == 3)
        working_except(year, month, day, strcmp(value, "usual") == 0 ? WORKING_AS_USUAL : strcmp(value, "holiday") == 0 ? WORKING_HOLIDAY : WORKING_ORDINARY);
    else
        take_clock(settings, name + strlen("clock/"), value);
}

const ClockSetting *settings_clock(const Settings *settings, const char *area, int policy)
{
    g_autofree char *key = g_strdup_printf("%s/%s", area, clock_policy_name(policy));
    return g_hash_table_lookup(settings->clocks, key);
}

GHashTable *settings_values(const Settings *settings) { return settings->values; }
