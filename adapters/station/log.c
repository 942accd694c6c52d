#include "adapters/station/log.h"

#include <stdio.h>

void log_line(int level, const char *event, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    g_autofree char *text = g_strdup_vprintf(format, list);
    va_end(list);
    g_strdelimit(text, "\r\n", ' ');
    fprintf(stderr, "<%d>%s%s%s\n", level, event, text[0] != '\0' ? " " : "", text);
}
