/* Linkage tokens: how two services show the broker that they speak of one client without saying who.
 *
 * A token is a pair of HMACs under the authority's linkage key, which the broker never has: one over a strong number
 * (NHS number, prison number, PNC id), one over the number with the date of birth. Numbers are normalised first, so that
 * spacing and case do not matter. The linkage key travels HPKE-wrapped to each service's sealing key in the directory.
 * Nothing is kept; the linkage key is the caller's to wipe; numbers never leave these functions. */
#ifndef PROTO_LINKAGE_H
#define PROTO_LINKAGE_H

#include "proto/hpke.h"
#include "proto/types.h"

#define TC_LINKAGE_KEY_LEN 32
#define TC_LINKAGE_WRAPPED_LEN (TC_LINKAGE_KEY_LEN + TC_HPKE_TAG_LEN)

typedef enum TcLinkageType { TC_LINKAGE_NHS, TC_LINKAGE_PRISON, TC_LINKAGE_PNC } TcLinkageType;

typedef struct TcLinkageToken {
    TcDigest strong, born;
} TcLinkageToken;

/* Upper case, A-Z and 0-9 only. Caller frees; "" when nothing is left. */
char *tc_linkage_normalise(const char *number);

/* date_of_birth: YYYY-MM-DD. False when the number is empty once normalised or the date has another form. */
bool tc_linkage_token(const uint8_t key[TC_LINKAGE_KEY_LEN], TcLinkageType type, const char *number,
                      const char *date_of_birth, TcLinkageToken *token) G_GNUC_WARN_UNUSED_RESULT;

/* The linkage key for one service's sealing key, and back. False when reader is no key to seal to, or it does not open. */
bool tc_linkage_wrap(const TcDigest *authority, const char *service, const TcDigest *reader,
                     const uint8_t key[TC_LINKAGE_KEY_LEN], uint8_t enc[TC_HPKE_ENC_LEN],
                     uint8_t wrapped[TC_LINKAGE_WRAPPED_LEN]) G_GNUC_WARN_UNUSED_RESULT;
bool tc_linkage_unwrap(const TcDigest *authority, const char *service, const TcDigest *reader,
                       const uint8_t secret[TC_HPKE_KEY_LEN], const uint8_t enc[TC_HPKE_ENC_LEN],
                       const uint8_t wrapped[TC_LINKAGE_WRAPPED_LEN], uint8_t key[TC_LINKAGE_KEY_LEN])
    G_GNUC_WARN_UNUSED_RESULT;

#endif
