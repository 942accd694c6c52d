/* The two fixed-size values that everything passes around: ids and digests, by value. */
#ifndef PROTO_TYPES_H
#define PROTO_TYPES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef struct TcId { uint8_t b[16]; } TcId;         /* a UUID; all zero: none */
typedef struct TcDigest { uint8_t b[32]; } TcDigest; /* SHA-256, or a 32-byte public key */

static inline bool tc_id_is_none(const TcId *id) { static const TcId none; return memcmp(id, &none, sizeof none) == 0; }
static inline bool tc_id_equal(const TcId *a, const TcId *b) { return memcmp(a, b, sizeof *a) == 0; }
static inline bool tc_digest_equal(const TcDigest *a, const TcDigest *b) { return memcmp(a, b, sizeof *a) == 0; }

#endif
