/* Release notifications made and sealed beforehand, so that the broker is measured and sealing is reported apart. */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include "tests/bench/station.h"

typedef struct Prepared {
    Tc__Item envelope, wrap;
    TcDigest envelope_digest, wrap_digest;
    TcId id, wrap_id;
    int64_t sent_at; /* monotonic microseconds; 0: not yet */
} Prepared;

/* One new conversation to a service; content of about size bytes, wrapped for it, its SPOC and the sender. */
void load_prepare(Station *station, const char *recipient, size_t size, Prepared *prepared);
/* The same sealed bytes once more under new ids: another conversation to the broker, who cannot open it; nobody else could either. */
void load_renew(Prepared *prepared);

#endif
