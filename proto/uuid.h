/* UUID version 7 (RFC 9562): made by senders as message ids, and ordered by time.
 *
 * Layout used here: 48 bits of milliseconds since 1970, version, 12 bits of the fraction of that millisecond,
 * variant, 62 random bits. A TcUuidMaker gives rising ids within a process: when time stands still or steps
 * back by up to a second, the fraction counts on from the last id. A larger step back is believed, so that one
 * wrong clock setting does not leave ids in the future; uniqueness then rests on the random bits.
 * Ids are plain 16-byte arrays. No function allocates; a maker belongs to one thread. */
#ifndef PROTO_UUID_H
#define PROTO_UUID_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TC_UUID_LEN 16
#define TC_UUID_TEXT_LEN 36

/* Zeroed is ready. */
typedef struct TcUuidMaker {
    uint64_t last;
} TcUuidMaker;

/* now: microseconds since 1970, not negative. */
void tc_uuid_make(TcUuidMaker *maker, int64_t now, uint8_t out[TC_UUID_LEN]);

/* True for version 7 and the RFC 9562 variant. */
bool tc_uuid_is_v7(const uint8_t uuid[TC_UUID_LEN]);

/* Microseconds since 1970 of a version 7 id, to the millisecond. */
int64_t tc_uuid_time(const uint8_t uuid[TC_UUID_LEN]);

/* The smallest id of a time, for ranges. */
void tc_uuid_floor(int64_t time, uint8_t out[TC_UUID_LEN]);

/* Lower-case text with hyphens and a closing NUL. */
void tc_uuid_format(const uint8_t uuid[TC_UUID_LEN], char text[TC_UUID_TEXT_LEN + 1]);

/* Reads the 36-character form, either case, any version. False for anything else; out is then untouched. */
bool tc_uuid_parse(const char *text, uint8_t out[TC_UUID_LEN]) G_GNUC_WARN_UNUSED_RESULT;

/* For GHashTable with pointers to 16 bytes as keys. */
guint tc_uuid_hash(gconstpointer uuid);
gboolean tc_uuid_equal(gconstpointer a, gconstpointer b);

#endif
