#include "proto/field.h"

#include <stdint.h>
#include <string.h>

void tc_field_lp(GByteArray *array, const void *bytes, size_t len)
{
    g_assert(len <= G_MAXINT32);
    guint32 wire = GUINT32_TO_BE((guint32)len);
    g_byte_array_append(array, (const guint8 *)&wire, sizeof wire);
    if (len > 0)
        g_byte_array_append(array, bytes, (guint)len);
}

void tc_field_text(GByteArray *array, const char *text)
{
    tc_field_lp(array, text, strlen(text));
}
