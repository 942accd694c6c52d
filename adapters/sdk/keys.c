#include "adapters/sdk/keys.h"

#include "adapters/sdk/error.h"
#include "proto/hpke.h"
#include "proto/limits.h"

#include <sodium.h>
#include <string.h>

TcKeys *keys_alloc(void)
{
    TcKeys *keys = sodium_init() < 0 ? NULL : sodium_malloc(sizeof *keys);
    if (keys == NULL)
        g_error("no locked memory left for keys");
    memset(keys, 0, sizeof *keys);
    return keys;
}

void tc_keys_free(TcKeys *keys)
{
    sodium_free(keys); /* wipes */
}

static bool keys_name(const char *name, char to[KEYS_NAME_MAX + 1], const char *field, TcError *error)
{
    size_t len = name == NULL ? 0 : strlen(name);
    if (len == 0 || len > KEYS_NAME_MAX || !tc_limits_form_holds(TC_FORM_NAME, name, len))
        return error_set(error, "keys", field, "The name must be 1 to 64 of A-Z a-z 0-9 . _ - and begin with a letter or digit.");
    memcpy(to, name, len + 1);
    return true;
}

static void keys_add_sealing(TcKeys *keys)
{
    KeysSealing *sealing = &keys->sealing[keys->sealing_count++];
    tc_hpke_keypair(sealing->public_key, sealing->secret);
    sealing->made_at = g_get_real_time();
}

static void keys_make_own(TcKeys *keys)
{
    tc_hpke_keypair(keys->curve_public, keys->curve_secret); /* CURVE keys are X25519 keys too */
    randombytes_buf(keys->storage, sizeof keys->storage);
}

TcKeys *tc_keys_new(const char *service, const char *station, TcError *error)
{
    g_autoptr(TcKeys) keys = keys_alloc();
    if (!keys_name(service, keys->service, "service", error) || !keys_name(station, keys->station, "station", error))
        return NULL;
    keys_make_own(keys);
    randombytes_buf(keys->signing_seed, sizeof keys->signing_seed);
    tc_sign_keypair_from_seed(keys->signing_seed, keys->signing_public, keys->signing_secret);
    keys_add_sealing(keys);
    return g_steal_pointer(&keys);
}

TcKeys *tc_keys_new_station(const TcKeys *keys, const char *station, TcError *error)
{
    g_autoptr(TcKeys) other = keys_alloc();
    memcpy(other, keys, sizeof *other);
    if (!keys_name(station, other->station, "station", error))
        return NULL;
    keys_make_own(other);
    return g_steal_pointer(&other);
}

bool tc_keys_rotate(TcKeys *keys, TcError *error)
{
    if (keys->sealing_count == TC_KEYS_SEALING_MAX)
        return error_set(error, "keys", "sealing", "There are %d sealing keys already. Destroy old ones first.", TC_KEYS_SEALING_MAX);
    keys_add_sealing(keys);
    return true;
}

static size_t keys_find(const TcKeys *keys, const uint8_t *public_key)
{
    size_t i = 0;
    while (i < keys->sealing_count && memcmp(keys->sealing[i].public_key, public_key, 32) != 0)
        i++;
    return i;
}

bool tc_keys_destroy(TcKeys *keys, const uint8_t *public_key, TcError *error)
{
    size_t i = keys_find(keys, public_key);
    if (i == keys->sealing_count)
        return error_set(error, "keys", "sealing", "There is no such sealing key here.");
    if (i == keys->sealing_count - 1)
        return error_set(error, "keys", "sealing", "The newest sealing key is in use. Make a new one first.");
    memmove(&keys->sealing[i], &keys->sealing[i + 1], (keys->sealing_count - i - 1) * sizeof keys->sealing[0]);
    keys->sealing_count--;
    sodium_memzero(&keys->sealing[keys->sealing_count], sizeof keys->sealing[0]);
    return true;
}

const char *tc_keys_service(const TcKeys *keys) { return keys->service; }
const char *tc_keys_station(const TcKeys *keys) { return keys->station; }
const uint8_t *tc_keys_curve_public(const TcKeys *keys) { return keys->curve_public; }
const uint8_t *tc_keys_curve_secret(const TcKeys *keys) { return keys->curve_secret; }
const uint8_t *tc_keys_signing_public(const TcKeys *keys) { return keys->signing_public; }
const uint8_t *tc_keys_signing_secret(const TcKeys *keys) { return keys->signing_secret; }
const uint8_t *tc_keys_storage(const TcKeys *keys) { return keys->storage; }
size_t tc_keys_sealing_count(const TcKeys *keys) { return keys->sealing_count; }
const uint8_t *tc_keys_sealing_public(const TcKeys *keys, size_t i) { return keys->sealing[i].public_key; }
int64_t tc_keys_sealing_made_at(const TcKeys *keys, size_t i) { return keys->sealing[i].made_at; }

const uint8_t *tc_keys_sealing_secret(const TcKeys *keys, const uint8_t *public_key)
{
    size_t i = keys_find(keys, public_key);
    return i == keys->sealing_count ? NULL : keys->sealing[i].secret;
}
