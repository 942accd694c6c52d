/* Length-prefixed fields in a buffer: for associated data, HPKE info and HMAC input, which are not hashed by hash.h.
 * lp(x) is the length as 4 bytes, big-endian, then the bytes. The array belongs to the caller; nothing fails. */
#ifndef PROTO_FIELD_H
#define PROTO_FIELD_H

#include <glib.h>
#include <stddef.h>

void tc_field_lp(GByteArray *array, const void *bytes, size_t len);
void tc_field_text(GByteArray *array, const char *text);

#endif
