/* The directory: one verified snapshot, held in memory, read-only once opened; broker and SDK share it.
 *
 * tc_directory_open bounds and checks the bytes, verifies the authority's signature against the pinned key, and the rules of
 * PROTOCOL.md section 5 (validity of at most 14 days, every name unique, every reference resolves, ports in range). An expired
 * snapshot opens: expiry is asked of tc_directory_expired, because deliveries go on. The caller compares serials.
 * All strings and structs are owned by the directory and live until the last unref. Any thread may read. */
#ifndef PROTO_DIRECTORY_H
#define PROTO_DIRECTORY_H

#include "proto/types.h"

#include <glib.h>

typedef struct TcKeySpan { TcDigest key; int64_t from_at, until_at; /* 0: open */ } TcKeySpan;
typedef struct TcStation { const char *id; TcDigest curve_key; } TcStation;
typedef struct TcRoleHolder { int role; /* Role.Code */ const char *service; } TcRoleHolder;

typedef struct TcOrganisation { const char *code, *name; uint16_t port; uint32_t items_per_minute; } TcOrganisation;
typedef struct TcArea { const char *code, *name, *spoc; } TcArea;

typedef struct TcService {
    const char *id, *name, *area, *prison; /* prison: NULL outside one */
    int kind;                              /* ServiceKind.Code */
    const TcOrganisation *organisation;
    const TcRoleHolder *roles; size_t role_count;
    const TcStation *stations; size_t station_count;
    const TcKeySpan *signing_keys; size_t signing_key_count;
    const TcKeySpan *sealing_keys; size_t sealing_key_count;
    const uint8_t *linkage_enc, *linkage_sealed; size_t linkage_sealed_len; /* NULL: none */
} TcService;

typedef struct TcDirectory {
    TcDigest authority;
    const char *name;
    uint64_t serial;
    int64_t issued_at, expires_at;
    bool made_up;
    TcId broker;
    TcDigest broker_curve_key;
    const char *const *hosts;              /* NULL-terminated */
    const TcKeySpan *broker_signing_keys; size_t broker_signing_key_count;
    const TcArea *areas; size_t area_count;
    const TcOrganisation *organisations; size_t organisation_count;
    const TcService *services; size_t service_count;
    GBytes *signed_bytes;                  /* the SignedSnapshot as received */
    /*< private >*/
    void *indexes; int refs;
} TcDirectory;

/* signed_snapshot: bytes of a SignedSnapshot, borrowed. NULL and *problem (a sentence, caller frees) when it is not good. */
TcDirectory *tc_directory_open(GBytes *signed_snapshot, const TcDigest *authority, char **problem);
TcDirectory *tc_directory_ref(TcDirectory *directory);
void tc_directory_unref(TcDirectory *directory);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TcDirectory, tc_directory_unref)

bool tc_directory_expired(const TcDirectory *directory, int64_t now);
const TcService *tc_directory_service(const TcDirectory *directory, const char *id);           /* NULL: unknown */
const TcOrganisation *tc_directory_organisation(const TcDirectory *directory, const char *code);
const TcArea *tc_directory_area(const TcDirectory *directory, const char *code);
/* The service and station that own a CURVE key. */
bool tc_directory_by_curve_key(const TcDirectory *directory, const TcDigest *key, const TcService **service, const TcStation **station);
/* Who is told in a role for a service: the service's own role entry; for SPOC else its area's. NULL: nobody. */
const TcService *tc_directory_role(const TcDirectory *directory, const TcService *service, int role);
/* The newest key of a list in force at a time; NULL: none. */
const TcKeySpan *tc_directory_key_at(const TcKeySpan *keys, size_t count, int64_t at);

#endif
