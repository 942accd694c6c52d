/* A toy broker on a real socket, for what a good broker never does: wrong proofs, forged and forked heads, gaps, loose frames.
 *
 * One ROUTER with CURVE on a loopback port, played by the test in the same thread as the client. Its log is a row a batch, so a path
 * is empty and a root is a leaf's hash. It remembers what it was sent; tests tell it what to answer. */
#ifndef TESTS_UNIT_SDK_TOY_H
#define TESTS_UNIT_SDK_TOY_H

#include "sdk_world.h"

typedef struct ToyItem { int type; bool retry; TcDigest digest; TcId message, conversation; GBytes *body; } ToyItem;

typedef struct Toy {
    World *world;
    void *zmq, *socket;
    int port;
    GBytes *peer;             /* routing id of whoever spoke last */
    unsigned hellos, submits;
    uint64_t hello_held;
    GArray *items;            /* ToyItem, in the order they came */
    TcHead head, older;       /* the newest, and the one before it */
    uint64_t deliveries;      /* last_delivery of Welcome */
    bool silent_hello;        /* no Welcome */
    bool signatures_good;     /* every submission so far was signed right */
    uint32_t welcome_fault;   /* instead of Welcome */
    int64_t clock_off;        /* of Welcome, microseconds */
    unsigned asked;           /* for the directory; toy_answer_directory answers the last */
    uint32_t question;
} Toy;

Toy *toy_new(World *world);
void toy_free(Toy *toy);

/* Dispatches the client and plays the broker until condition(ctx) holds; fails the test after five seconds. */
void toy_until(Toy *const *toys, TcClient *client, bool (*condition)(void *ctx), void *ctx, const char *what);

void toy_send(Toy *toy, const Tc__Frame *frame);
void toy_send_bytes(Toy *toy, const void *bytes, size_t len, bool more);
void toy_fault(Toy *toy, uint32_t code);
void toy_welcome(Toy *toy);
void toy_answer_directory(Toy *toy, GBytes *directory);
/* Accepts an item with a true proof in a new batch; spoil changes the receipt or head before it is sent (NULL: nothing). */
void toy_accept(Toy *toy, const ToyItem *item, void (*spoil)(Tc__Receipt *receipt, Tc__Head *head));
void toy_refuse(Toy *toy, const ToyItem *item, uint32_t code, const char *standing);
const ToyItem *toy_item(const Toy *toy, guint i);
/* How many of a type came. */
unsigned toy_count(const Toy *toy, int type);

#endif
