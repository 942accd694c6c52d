/* A bare station for load tests: passport, CURVE, hello, frames; no spool, no checks of what it is given.
 *
 * It speaks the protocol directly, so that the broker is measured and not the SDK's disk. One thread; every failure ends the
 * process with words, because a load test that lost its way has no result. */
#ifndef BENCH_STATION_H
#define BENCH_STATION_H

#include "proto/directory.h"
#include "throughcare.pb-c.h"

typedef struct Station {
    char *service, *id, *endpoint;
    TcDigest authority, broker_curve, signing_public;
    uint8_t curve_public[32], curve_secret[32], signing_secret[64];
    TcDirectory *directory;
    TcId session;
    uint64_t held;      /* newest delivery seen */
    uint32_t credit;    /* items without a receipt, from Welcome */
    void *zmq, *socket;
} Station;

/* Reads passport, keys and directory. */
Station *station_new(const char *passport);
void station_free(Station *station);
void station_connect(Station *station, uint64_t held);

void station_send(Station *station, const Tc__Frame *frame);
/* NULL when none came within timeout_ms. Free with tc__frame__free_unpacked. A fault that ends the session ends the process. */
Tc__Frame *station_receive(Station *station, int timeout_ms);
/* Signs and sends items; digests of the items are given. */
void station_submit(Station *station, Tc__Item **items, const TcDigest *digests, size_t count);
/* HELD up to the newest delivery seen. */
void station_hold(Station *station);

void station_fail(const char *format, ...) G_GNUC_PRINTF(1, 2) G_GNUC_NORETURN;

#endif
