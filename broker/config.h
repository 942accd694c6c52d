/* The configuration file and the broker's key file. Anything unknown, missing or readable by others is an error that says where. */
#ifndef BROKER_CONFIG_H
#define BROKER_CONFIG_H

#include "proto/types.h"

#include <glib.h>

typedef struct Config {
    char *conninfo;           /* [database] conninfo: libpq's words */
    char *bind;               /* [broker] bind: an address; each organisation's port comes from the directory */
    char *keys_path;          /* [broker] keys */
    char *directory_path;     /* [broker] directory */
    TcDigest authority;       /* [broker] authority: public key, hexadecimal */
    char *admin_path;         /* [admin] socket; NULL: none */
    GArray *admin_uids;       /* [admin] uids: guint; root and the broker's own always may */
    char *metrics_host;       /* [metrics] listen: a loopback address; NULL: none */
    uint16_t metrics_port;
    unsigned retention_weeks; /* [database] retention_weeks, 520: ten years */
    char *time_shift_path;    /* [test] time_shift_file: only with a made-up directory */
} Config;

typedef struct BrokerKeys {   /* in locked memory */
    uint8_t curve_public[32], curve_secret[32];
    uint8_t signing_public[32], signing_secret[64];
    uint8_t token_key[32];    /* HMAC over linkage tokens */
} BrokerKeys;

/* NULL and *problem (a sentence; caller frees). Relative paths are relative to the file. */
Config *config_read(const char *path, char **problem);
void config_free(Config *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Config, config_free)

/* The key file: [curve] public secret, [signing] public seed, [tokens] key; hexadecimal; nobody else may read it. */
BrokerKeys *config_keys(const char *path, char **problem);
void config_keys_free(BrokerKeys *keys);

#endif
