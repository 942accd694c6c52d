/* What an area's operator has set otherwise than the protocol's page: clocks, and days that are or are not working days.
 *
 * A setting is a name and a value, both text, kept as they were given; the newest of a name counts. "clock/AREA/POLICY" takes
 * "within=45m ladder=fallback,spoc remind=15m" (each may be left out; within: minutes m, hours h, days d, working days wd), "day/YYYY-MM-DD"
 * takes "holiday" or "working"; "usual" takes either back. One thread. */
#ifndef BROKER_SETTING_H
#define BROKER_SETTING_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { SETTING_ROLES = 5 };

typedef struct ClockSetting {
    int64_t within;            /* microseconds; 0: as usual, or working days */
    int working_days;          /* 0: as usual, or within */
    int roles[SETTING_ROLES]; size_t role_count; /* Role.Code, who is told in turn; 0: as usual */
    int64_t remind;            /* how long before the clock runs out the service is reminded; 0: not */
} ClockSetting;

typedef struct Settings Settings;

Settings *settings_new(void);
void settings_free(Settings *settings); /* takes NULL */
/* Whether such a setting can be made; if not, *why says what it takes, a constant. */
bool settings_good(const char *name, const char *value, const char **why);
/* Puts it in force, days in working.h too; one that is not good is left out. */
void settings_take(Settings *settings, const char *name, const char *value);
void settings_clear(Settings *settings);
/* Everything that is set, name -> value; borrowed. */
GHashTable *settings_values(const Settings *settings);
/* NULL: as usual. */
const ClockSetting *settings_clock(const Settings *settings, const char *area, int policy);

#endif
