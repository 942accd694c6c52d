/* Inside of a TcKeys, for the files of the SDK that make, read and export keys. Always in memory from sodium_malloc. */
#ifndef SDK_KEYS_H
#define SDK_KEYS_H

#include "proto/sign.h"
#include "throughcare/keys.h"

#include <glib.h>

#define KEYS_NAME_MAX 64
#define KEYS_TEXT_MAX 16384 /* a key file of TC_KEYS_SEALING_MAX sealing keys is far smaller */

typedef struct KeysSealing {
    uint8_t public_key[32], secret[32];
    int64_t made_at;
} KeysSealing;

struct TcKeys {
    char service[KEYS_NAME_MAX + 1], station[KEYS_NAME_MAX + 1];
    uint8_t curve_public[32], curve_secret[32];
    uint8_t signing_public[32], signing_seed[32], signing_secret[TC_SIGN_SECRET_LEN];
    uint8_t storage[32];
    size_t sealing_count;
    KeysSealing sealing[TC_KEYS_SEALING_MAX]; /* newest last */
};

/* Zeroed. Never NULL: no locked memory ends the process. */
TcKeys *keys_alloc(void);
/* The text of a key file in memory from sodium_malloc, ended by NUL; the caller frees it with sodium_free. */
char *keys_format(const TcKeys *keys);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TcKeys, tc_keys_free)

#endif
