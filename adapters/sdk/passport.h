/* The passport: who a station is and where its broker and its own files are. No secrets, so it may be mailed.
 *
 *   [passport]
 *   service = northmoor-cjip        station = desk           organisation = northmoor-council
 *   authority = (hex)               the area's authority: its Ed25519 key, pinned here
 *   broker_curve = (hex)            the broker's transport key
 *   brokers = broker1.example:7101;broker2.example:7101
 *   keys = desk.keys                directory = directory.bin        spool = desk.spool
 *
 * Every key is needed and stands once; one that is not known is an error. Paths are relative to the passport's folder. */
#ifndef SDK_PASSPORT_H
#define SDK_PASSPORT_H

#include "proto/types.h"
#include "throughcare/throughcare.h"

#include <glib.h>

#define PASSPORT_BROKERS_MAX 8

typedef struct Passport {
    char *service, *station, *organisation;
    TcDigest authority, broker_curve;
    char **brokers; /* "host:port", NULL-terminated, at least one */
    char *keys, *directory, *spool;
} Passport;

/* NULL and *error, code "passport". folder: where relative paths begin. */
Passport *passport_parse(const char *text, size_t len, const char *folder, TcError *error);
Passport *passport_load(const char *path, TcError *error);
void passport_free(Passport *passport); /* takes NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Passport, passport_free)

#endif
