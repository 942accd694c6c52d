/* A made-up area for the SDK's tests: an authority, services with keys, passports and a signed directory in a folder of its own, and a
 * courier that carries items from one client's spool into another's as the broker would, signed and numbered, without a socket.
 *
 * The clients are real; only the broker is played. Everything goes with world_free. */
#ifndef TESTS_UNIT_SDK_WORLD_H
#define TESTS_UNIT_SDK_WORLD_H

#include "adapters/sdk/client.h"
#include "adapters/sdk/keys.h"

enum { WORLD_SERVICES = 6 };

typedef struct WorldService {
    const char *id, *organisation, *prison;
    int kind;
    TcKeys *keys;
    uint64_t last_delivery;
} WorldService;

typedef struct World {
    char *folder;
    TcDigest authority, broker_curve, broker_sign;
    uint8_t authority_secret[64], broker_secret[64], broker_curve_secret[32];
    TcId broker, session;
    uint8_t linkage[32];
    uint64_t serial, sequence;
    int64_t valid_days;    /* of the next directory */
    char *brokers;         /* for passports */
    WorldService services[WORLD_SERVICES];
} World;

/* Services: oakdale-carat (CARAT), oakdale-health, northmoor-cjip, northmoor-scripts (PRESCRIBER), northmoor-spoc, stranger. */
World *world_new(void);
void world_free(World *world);
WorldService *world_service(World *world, const char *id);
/* Signs the next directory and writes it, every key file and every passport. */
void world_sign(World *world);
/* The signed snapshot as it lies in the folder. */
GBytes *world_directory(const World *world);
char *world_path(const World *world, const char *service, const char *ending);
TcClient *world_open(World *world, const char *service, const TcCallbacks *callbacks, void *ctx);
/* A second station of the service, with a spool of its own. */
TcClient *world_open_other(World *world, const char *service, const TcCallbacks *callbacks, void *ctx);

/* A message as this client shows it, opened; a failure says why. */
json_t *world_opened(TcClient *client, const char *id);
/* Sends JSON (with ' for "), or fails the test; gives the id. */
char *world_send(TcClient *client, const char *json);
json_t *world_json(const char *json);

/* Two clients in a world of their own. */
typedef struct Two { World *world; TcClient *a, *b; } Two;
Two two(const char *a, const char *b);
void two_end(Two *two);

/* Sending it fails with this code at this field, or the test does. */
void expect_code(TcClient *client, const char *json, const char *code, const char *field);
/* Does a message, as it was read, raise this alert? */
bool raises(const json_t *read, const char *code);

typedef struct WorldParcel { GBytes *header, *content, *wrap; TcId message; Tc__Provenance *provenance, *wrap_provenance; } WorldParcel;
/* Takes every waiting envelope out of a client's spool, with its first wrap, marks them accepted, and signs them as one burst. Elements
 * WorldParcel *. */
GPtrArray *world_collect(World *world, TcClient *from);
/* Delivers one; with_wrap false leaves the keys behind. False: the client ended the session. */
bool world_deliver(World *world, TcClient *to, const WorldParcel *parcel, bool with_wrap);
/* A wrap item of the sender's spool, alone, to another client. Every waiting single wrap is delivered; gives how many. */
unsigned world_carry_wraps(World *world, TcClient *from, TcClient *to);
/* Collect and deliver all. */
unsigned world_carry(World *world, TcClient *from, TcClient *to);
/* Feeds any delivery, numbered as the next. */
bool world_feed(World *world, TcClient *to, Tc__Delivery *delivery);
/* A request of a service for the keys to a message, for one of its own keys, as the next delivery. */
bool world_ask(World *world, TcClient *to, const char *message, const char *service, const uint8_t *key);
/* Confirmations that wait in a spool, as JSON; new reference. */
json_t *world_confirmations(TcClient *client);

#endif
