/* A snapshot that the authority really signed, however odd: it opens or is refused with a sentence, and what opens
 * answers every question about itself. */
#include "fuzz.h"

#include "proto/digests.h"
#include "proto/directory.h"
#include "proto/sign.h"
#include "throughcare.pb-c.h"

#include <sodium.h>

static GBytes *sign(const uint8_t *secret, const uint8_t *snapshot, size_t len)
{
    TcDigest digest;
    uint8_t signature[TC_SIGN_LEN];
    Tc__SignedSnapshot envelope = TC__SIGNED_SNAPSHOT__INIT;
    tc_digest_directory(snapshot, len, &digest);
    tc_sign_digest(secret, digest.b, signature);
    envelope.snapshot = (ProtobufCBinaryData){ len, (uint8_t *)snapshot };
    envelope.signature = (ProtobufCBinaryData){ sizeof signature, signature };
    size_t size = tc__signed_snapshot__get_packed_size(&envelope);
    uint8_t *packed = g_malloc(size);
    tc__signed_snapshot__pack(&envelope, packed);
    return g_bytes_new_take(packed, size);
}

static void ask_everything(const TcDirectory *directory)
{
    for (size_t i = 0; i < directory->service_count; i++) {
        const TcService *service = &directory->services[i];
        g_assert(tc_directory_service(directory, service->id) == service);
        g_assert(tc_directory_role(directory, service, TC__ROLE__CODE__SPOC) != NULL);
        tc_directory_key_at(service->sealing_keys, service->sealing_key_count, directory->issued_at);
        for (size_t j = 0; j < service->station_count; j++) {
            const TcService *owner;
            const TcStation *station;
            g_assert(tc_directory_by_curve_key(directory, &service->stations[j].curve_key, &owner, &station));
            g_assert(owner == service && station == &service->stations[j]);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t seed[TC_SIGN_SEED_LEN] = { 7 };
    TcDigest authority;
    uint8_t secret[TC_SIGN_SECRET_LEN];
    g_autofree char *problem = NULL;
    g_assert(sodium_init() >= 0);
    tc_sign_keypair_from_seed(seed, authority.b, secret);
    g_autoptr(GBytes) bytes = sign(secret, data, size);
    g_autoptr(TcDirectory) directory = tc_directory_open(bytes, &authority, &problem);
    g_assert((directory == NULL) == (problem != NULL));
    if (directory != NULL)
        ask_everything(directory);
    return 0;
}
