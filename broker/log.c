#include "broker/log.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char *const allowed[] = { "service", "station", "organisation", "code", "name", "field", "serial", "batch", "count", "port",
                                       "path", "sqlstate", "reason", "state", "seconds", "version", "uid", "subject" };

static bool is_allowed(const char *field)
{
    for (size_t i = 0; i < G_N_ELEMENTS(allowed); i++)
        if (strcmp(field, allowed[i]) == 0)
            return true;
    return false;
}

/* Values are ours; a stray space or control character must still not forge a line. */
static void add_value(GString *line, const char *value)
{
    for (const char *c = value ? value : ""; *c; c++)
        g_string_append_c(line, g_ascii_isgraph(*c) ? *c : '_');
}

void log_event(LogLevel level, const char *event, ...)
{
    g_autoptr(GString) line = g_string_new(NULL);
    g_string_append_printf(line, "<%d>event=%s", level, event);
    va_list args;
    va_start(args, event);
    for (const char *field; (field = va_arg(args, const char *)) != NULL;) {
        const char *value = va_arg(args, const char *);
        g_assert(is_allowed(field));
        g_string_append_printf(line, " %s=", field);
        add_value(line, value);
    }
    va_end(args);
    fprintf(stderr, "%s\n", line->str);
}

const char *log_number(int64_t number)
{
    static char text[6][24];
    static unsigned next;
    char *out = text[next++ % G_N_ELEMENTS(text)];
    g_snprintf(out, sizeof text[0], "%" G_GINT64_FORMAT, number);
    return out;
}
