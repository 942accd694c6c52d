/* What the files of the store share: its two connections and the questions waiting for the read one. Included by store_*.c only. */
#ifndef BROKER_STORE_INNER_H
#define BROKER_STORE_INNER_H

#include "broker/column.h"
#include "broker/store.h"

#include <libpq-fe.h>

#define STORE_LOCK 7233001 /* the advisory lock of the one active broker */

typedef enum LinkState { LINK_DOWN, LINK_CONNECTING, LINK_UP, LINK_LOST } LinkState;

typedef struct Link {
    PGconn *conn;
    LinkState state;
    int64_t retry_at; unsigned failures;
    int watched; /* epoll events, -1: none */
    int fd;
    unsigned first;          /* of conninfo's hosts, the one that is tried first */
    int64_t left_out_until;  /* monotonic: until then the last one, which was silent, is not tried */
    int64_t since, heard_at; /* monotonic: when connecting began; when something came, or nothing was owed */
    char server[40];         /* which server this leads to */
} Link;

typedef struct ReadJob ReadJob;
/* Takes one result of a job (step counts from 0). */
typedef void (*ReadTake)(ReadJob *job, unsigned step, const PGresult *result);
/* Gives the answer; failed: some result never came. */
typedef void (*ReadGive)(ReadJob *job, bool failed);
struct ReadJob {
    unsigned steps, taken;
    bool bad;
    ReadTake take;
    ReadGive give;
    void (*done)(void); void *ctx;  /* the caller's callback, cast back by give */
    void *answer;                   /* being filled; freed by give */
    void *question;                 /* what to send, freed by give */
    void (*send)(Store *store, ReadJob *job);
    bool sent;
};

struct Store {
    char *conninfo;
    int64_t clock_shift;
    unsigned retention_weeks;
    StoreCallbacks callbacks;
    int epoll;
    Link write, read;
    StoreState state;
    int64_t try_lock_at, unstick_at, clock_checked_at; /* monotonic */
    int64_t clock_difference;
    int64_t clock_offset;    /* of the host's clock to its uptime, when the difference was taken: a jump since shows at once */
    Batch *in_flight[2]; size_t in_flight_count;
    bool synced[2];          /* its Sync was handed to libpq */
    const Batch *begun;      /* handed to libpq but for its last table */
    bool beat;               /* a Sync without a batch is on its way */
    int64_t beat_at;         /* monotonic: when the write connection last said anything */
    bool warned;             /* a 01000 came: the newest commit is uncertain */
    char sqlstate[8];        /* first error of the batch being reaped */
    char constraint[64];
    GQueue jobs;             /* ReadJob, in order of sending */
};

/* store_connect.c */
void store_link_watch(Store *store, Link *link, bool want_write);
void store_link_lost(Store *store, Link *link);
#define STORE_FEW 8 /* put_X_N, N up to this: the form of put_X for N rows */
const char *store_sql(const char *name); /* text of broker/sql/NAME.sql */

/* store_link.c */
PGconn *store_link_connect(const Store *store, Link *link);
bool store_link_silent(const Store *store, Link *link);     /* it has had its time */
void store_link_beat(Store *store);
bool store_link_same_server(Store *store, Link *link);      /* asks; if the two differ, the read connection is lost. False: no answer */
PGresult *store_link_answer(PGconn *conn);                  /* of what was sent; blocking, for a time. NULL: none came, and the connection is of no use */
PGresult *store_link_ask(PGconn *conn, const char *sql);    /* the same, sent here */

/* store_start.c: blocking, only before the broker is active. NULL: could not; the link is to be closed. */
StoreStart *store_start_load(Store *store);
void store_start_free(StoreStart *start);

/* store_write.c */
void store_write_reap(Store *store);
void store_write_fail_all(Store *store); /* the connection is gone */

/* store_read.c */
void store_read_flush(Store *store);
void store_read_clock(Store *store); /* how far the host's clock is from the database's */
void store_read_reap(Store *store);
void store_read_fail_all(Store *store);
ReadJob *store_read_job(Store *store, unsigned steps, ReadTake take, ReadGive give);
void store_read_queue(Store *store, ReadJob *job);
/* One statement by name with binary parameters; results in binary. */
void store_read_send(Store *store, const char *name, int count, const char *const *values, const int *lengths);

/* row.c: values of a binary result */
int64_t row_int(const PGresult *result, int row, int column);
TcId row_uuid(const PGresult *result, int row, int column);          /* none for null */
void row_digest(const PGresult *result, int row, int column, TcDigest *out);
Span row_span(const PGresult *result, int row, int column);          /* data NULL for null */
void row_text(const PGresult *result, int row, int column, char *out, size_t size);

#endif
