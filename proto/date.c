#include "proto/date.h"

#include <string.h>

static bool date_digits(const char *text, size_t count, unsigned *value)
{
    *value = 0;
    for (size_t i = 0; i < count; i++) {
        if (!g_ascii_isdigit(text[i]))
            return false;
        *value = *value * 10 + (unsigned)(text[i] - '0');
    }
    return true;
}

static bool date_read(const char *text, unsigned *year, unsigned *month, unsigned *day)
{
    return date_digits(text, 4, year) && text[4] == '-' && date_digits(text + 5, 2, month) && text[7] == '-'
           && date_digits(text + 8, 2, day) && *year >= 1
           && g_date_valid_dmy((GDateDay)*day, (GDateMonth)*month, (GDateYear)*year);
}

bool tc_date_valid(const char *text, size_t len)
{
    unsigned year, month, day;
    return len == TC_DATE_LEN && date_read(text, &year, &month, &day);
}

char *tc_date_format_time(int64_t time)
{
    g_assert(time >= 0 && time <= TC_DATE_MAX_TIME);
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(time / G_USEC_PER_SEC);
    g_autofree char *seconds = g_date_time_format(utc, "%Y-%m-%dT%H:%M:%S");
    char fraction[8] = "";
    size_t len = 0;
    if (time % G_USEC_PER_SEC != 0)
        len = (size_t)g_snprintf(fraction, sizeof fraction, ".%06d", (int)(time % G_USEC_PER_SEC));
    while (len > 0 && fraction[len - 1] == '0')
        fraction[--len] = '\0';
    return g_strconcat(seconds, fraction, "Z", NULL);
}

/* ".5" to ".123456"; moves *text on. Absent is 0. */
static bool date_fraction(const char **text, unsigned *micros)
{
    size_t count = 0;
    *micros = 0;
    if (**text != '.')
        return true;
    for ((*text)++; g_ascii_isdigit((*text)[count]); count++)
        if (count < 6)
            *micros = *micros * 10 + (unsigned)((*text)[count] - '0');
    *text += count;
    for (size_t i = count; i < 6; i++)
        *micros *= 10;
    return count >= 1 && count <= 6;
}

static bool date_offset(const char *text, int *minutes)
{
    unsigned hour, minute;
    *minutes = 0;
    if (strcmp(text, "Z") == 0)
        return true;
    if (strlen(text) != 6 || (text[0] != '+' && text[0] != '-') || !date_digits(text + 1, 2, &hour) || text[3] != ':'
        || !date_digits(text + 4, 2, &minute) || hour > 23 || minute > 59)
        return false;
    *minutes = (int)(hour * 60 + minute) * (text[0] == '-' ? -1 : 1);
    return true;
}

static bool date_clock(const char *text, unsigned *hour, unsigned *minute, unsigned *second)
{
    return date_digits(text, 2, hour) && text[2] == ':' && date_digits(text + 3, 2, minute) && text[5] == ':'
           && date_digits(text + 6, 2, second) && *hour < 24 && *minute < 60 && *second < 60;
}

bool tc_date_parse_time(const char *text, int64_t *time)
{
    unsigned year, month, day, hour, minute, second, micros;
    int offset;
    if (strlen(text) < 20 || !date_read(text, &year, &month, &day) || text[10] != 'T'
        || !date_clock(text + 11, &hour, &minute, &second))
        return false;
    const char *rest = text + 19;
    if (!date_fraction(&rest, &micros) || !date_offset(rest, &offset))
        return false;
    g_autoptr(GDateTime) utc = g_date_time_new_utc((int)year, (int)month, (int)day, (int)hour, (int)minute, second);
    if (utc == NULL)
        return false;
    int64_t whole = (g_date_time_to_unix(utc) - offset * 60) * G_USEC_PER_SEC + micros;
    if (whole < 0 || whole > TC_DATE_MAX_TIME)
        return false;
    *time = whole;
    return true;
}
