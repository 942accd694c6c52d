#include "proto/uuid.h"

#include <sodium.h>
#include <string.h>

enum { UUID_STEP_BACK_BELIEVED = 1000 << 12 };

/* Milliseconds in the upper 48 bits, the fraction of the millisecond in the lower 12. */
static uint64_t uuid_ticks(int64_t now)
{
    uint64_t us = (uint64_t)now;
    return us / 1000 << 12 | us % 1000 * 4096 / 1000;
}

static void uuid_stamp(uint64_t ticks, uint8_t out[TC_UUID_LEN])
{
    uint64_t high = GUINT64_TO_BE((ticks >> 12) << 16 | 0x7000 | (ticks & 0xfff));
    memcpy(out, &high, sizeof high);
    out[8] = (out[8] & 0x3f) | 0x80;
}

void tc_uuid_make(TcUuidMaker *maker, int64_t now, uint8_t out[TC_UUID_LEN])
{
    uint64_t ticks = uuid_ticks(now);
    if (ticks <= maker->last && maker->last - ticks < UUID_STEP_BACK_BELIEVED)
        ticks = maker->last + 1;
    maker->last = ticks;
    randombytes_buf(out + 8, 8);
    uuid_stamp(ticks, out);
}

bool tc_uuid_is_v7(const uint8_t uuid[TC_UUID_LEN])
{
    return uuid[6] >> 4 == 7 && uuid[8] >> 6 == 2;
}

int64_t tc_uuid_time(const uint8_t uuid[TC_UUID_LEN])
{
    uint64_t high;
    memcpy(&high, uuid, sizeof high);
    return (int64_t)((GUINT64_FROM_BE(high) >> 16) * 1000);
}

void tc_uuid_floor(int64_t time, uint8_t out[TC_UUID_LEN])
{
    memset(out, 0, TC_UUID_LEN);
    uuid_stamp(uuid_ticks(time) & ~(uint64_t)0xfff, out);
}

void tc_uuid_format(const uint8_t uuid[TC_UUID_LEN], char text[TC_UUID_TEXT_LEN + 1])
{
    static const char digits[] = "0123456789abcdef";
    char *at = text;
    for (size_t i = 0; i < TC_UUID_LEN; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *at++ = '-';
        *at++ = digits[uuid[i] >> 4];
        *at++ = digits[uuid[i] & 15];
    }
    *at = '\0';
}

bool tc_uuid_parse(const char *text, uint8_t out[TC_UUID_LEN])
{
    uint8_t read[TC_UUID_LEN];
    if (strlen(text) != TC_UUID_TEXT_LEN)
        return false;
    for (size_t i = 0; i < TC_UUID_LEN; i++) {
        if ((i == 4 || i == 6 || i == 8 || i == 10) && *text++ != '-')
            return false;
        if (!g_ascii_isxdigit(text[0]) || !g_ascii_isxdigit(text[1]))
            return false;
        read[i] = (uint8_t)(g_ascii_xdigit_value(text[0]) << 4 | g_ascii_xdigit_value(text[1]));
        text += 2;
    }
    memcpy(out, read, sizeof read);
    return true;
}

/* A sender chooses its ids, so the whole id counts, not the time alone. */
guint tc_uuid_hash(gconstpointer uuid)
{
    uint64_t word[2];
    memcpy(word, uuid, sizeof word);
    uint64_t mixed = (word[0] ^ word[1]) * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
    return (guint)(mixed >> 32);
}

gboolean tc_uuid_equal(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, TC_UUID_LEN) == 0;
}
