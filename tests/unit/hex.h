/* Hexadecimal text in test tables. hex_bytes aborts the test on bad text, so tables can be written plainly. */
#ifndef TESTS_UNIT_HEX_H
#define TESTS_UNIT_HEX_H

#include <glib.h>
#include <stdint.h>
#include <string.h>

static inline GByteArray *hex_bytes(const char *text)
{
    GByteArray *bytes = g_byte_array_new();
    g_assert(strlen(text) % 2 == 0);
    for (; *text != '\0'; text += 2) {
        g_assert(g_ascii_isxdigit(text[0]) && g_ascii_isxdigit(text[1]));
        guint8 byte = (guint8)(g_ascii_xdigit_value(text[0]) << 4 | g_ascii_xdigit_value(text[1]));
        g_byte_array_append(bytes, &byte, 1);
    }
    return bytes;
}

static inline char *hex_text(const uint8_t *bytes, size_t len)
{
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < len; i++)
        g_string_append_printf(text, "%02x", bytes[i]);
    return g_string_free(text, FALSE);
}

#endif
