/* A station's keys: made on the service's own machine, kept in one file of mode 0600, exported only under a passphrase.
 *
 *   [keys]      service, station                 whose they are
 *   [curve]     public, secret                   transport (CURVE), this station's own
 *   [signing]   public, seed                     what this service says (Ed25519), shared by its stations
 *   [sealing N] public, secret, made_at          what is sealed to it (X25519), newest last; old ones until they are destroyed
 *   [storage]   key                              what this station keeps (never leaves its machine but in an export)
 *
 * Everything is lower-case hexadecimal; made_at is microseconds since 1970. A TcKeys lies in locked memory and is wiped when freed.
 * What the getters give is borrowed and lives as long as the TcKeys. Errors have the code "keys" and never hold a key.
 * A TcKeys belongs to one thread. */
#ifndef THROUGHCARE_KEYS_H
#define THROUGHCARE_KEYS_H

#include "throughcare/throughcare.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TC_KEYS_SEALING_MAX 16
/* Fewer characters are refused as a passphrase. */
#define TC_KEYS_PASSPHRASE_MIN 12

typedef struct TcKeys TcKeys;

/* New keys of every kind. service and station: 1 to 64 of A-Z a-z 0-9 . _ -, beginning with a letter or digit. NULL and *error. */
TcKeys *tc_keys_new(const char *service, const char *station, TcError *error);
/* The same service's signing and sealing keys for one more station, which gets transport and storage keys of its own. */
TcKeys *tc_keys_new_station(const TcKeys *keys, const char *station, TcError *error);
void tc_keys_free(TcKeys *keys); /* takes NULL */

/* Refuses a file that others may read or write, or whose public keys do not belong to its secrets. NULL and *error. */
TcKeys *tc_keys_load(const char *path, TcError *error);
/* Reads the text of a key file. NULL and *error. */
TcKeys *tc_keys_parse(const char *text, size_t len, TcError *error);
/* Whole or not at all, mode 0600. replace false: an existing file is an error. */
bool tc_keys_save(const TcKeys *keys, const char *path, bool replace, TcError *error);

const char *tc_keys_service(const TcKeys *keys);
const char *tc_keys_station(const TcKeys *keys);
const uint8_t *tc_keys_curve_public(const TcKeys *keys);   /* 32 bytes */
const uint8_t *tc_keys_curve_secret(const TcKeys *keys);   /* 32 bytes */
const uint8_t *tc_keys_signing_public(const TcKeys *keys); /* 32 bytes */
const uint8_t *tc_keys_signing_secret(const TcKeys *keys); /* 64 bytes, libsodium's form */
const uint8_t *tc_keys_storage(const TcKeys *keys);        /* 32 bytes */
size_t tc_keys_sealing_count(const TcKeys *keys);
const uint8_t *tc_keys_sealing_public(const TcKeys *keys, size_t i); /* 32 bytes; the last is the newest */
int64_t tc_keys_sealing_made_at(const TcKeys *keys, size_t i);
/* The secret of a sealing key by its public key (32 bytes); NULL: not held here. */
const uint8_t *tc_keys_sealing_secret(const TcKeys *keys, const uint8_t *public_key);

/* Adds a new sealing key; false when there are TC_KEYS_SEALING_MAX already: destroy old ones first. Save afterwards, and have the
 * authority put the new public key into the directory. */
bool tc_keys_rotate(TcKeys *keys, TcError *error);
/* Removes and wipes an old sealing key. The newest is refused. What is still sealed to it alone can then never be opened. */
bool tc_keys_destroy(TcKeys *keys, const uint8_t *public_key, TcError *error);

/* Text that only the passphrase opens (argon2id, XSalsa20-Poly1305). Takes about a second and 256 MB. Caller frees with free(). */
char *tc_keys_export(const TcKeys *keys, const char *passphrase, TcError *error);
TcKeys *tc_keys_import(const char *text, size_t len, const char *passphrase, TcError *error);

#ifdef __cplusplus
}
#endif
#endif
