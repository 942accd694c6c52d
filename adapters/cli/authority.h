/* The authority's folder: its key (authority.keys, 0600) and the list it signs (directory.json).
 *
 * directory.json is a Snapshot in the protocol's JSON form, without authority, serial's next value, times and linkage wraps, which
 * signing fills in; it may be edited by hand. directory.bin is the newest signed one. */
#ifndef CLI_AUTHORITY_H
#define CLI_AUTHORITY_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Authority { uint8_t public_key[32], secret[64], linkage[32]; } Authority; /* wipe after use */

bool authority_load(const char *folder, Authority *authority);  /* says what went wrong */
json_t *authority_list(const char *folder);                     /* new reference; NULL: said */
bool authority_save_list(const char *folder, const json_t *list);
char *authority_hex(const uint8_t *bytes, size_t len);          /* g_free */

#endif
