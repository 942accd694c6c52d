/* What the files of the loop share: the one Broker of the process and its parts. Everything belongs to one thread. */
#ifndef BROKER_BROKER_H
#define BROKER_BROKER_H

#include "broker/config.h"
#include "broker/decode.h"
#include "broker/encode.h"
#include "broker/metrics.h"
#include "broker/setting.h"
#include "broker/store.h"

#include <zmq.h>

typedef struct Broker Broker;

typedef struct Door {                /* one organisation's ROUTER */
    Broker *broker;
    char *organisation;
    uint16_t port;
    uint32_t items_per_minute;
    double tokens; int64_t filled_at; /* quota: items it may still send now */
    void *socket;
    int fd;
    bool look;                       /* may hold more: sending swallows the edge that would say so, or the loop was busy */
    bool held_back;                  /* beyond its quota: left unread for now */
} Door;

typedef struct Session {
    uint64_t id;
    Door *door;
    GBytes *route;                   /* routing id */
    char service[64], station[64];
    TcId nonce;
    uint32_t open_items;             /* submitted, no receipt yet */
    uint32_t credit;                 /* deliveries it takes beyond its last HELD */
    uint64_t sent, held;             /* deliveries */
    bool window_asked;               /* a store_window is under way */
    int64_t pause_until;             /* monotonic; sending failed: try again then */
    int64_t submitted_at;            /* monotonic; the last time */
} Session;

typedef struct Queue {               /* a service's deliveries */
    char *service;
    uint64_t last;                   /* newest number sealed */
    uint64_t committed;              /* newest number committed: may be delivered */
    uint64_t floor, floor_committed; /* newest held by any station */
    uint64_t complete_from;          /* `unheld` has every message delivery above this */
    GQueue unheld;                   /* QueuedRef */
    GQueue held_clocks;              /* Timer, in order of delivery */
} Queue;

typedef struct Floor { uint64_t now, committed; } Floor; /* how far a station holds its queue */
typedef struct QueuedRef { uint64_t number; MessageRef ref; } QueuedRef;
typedef struct Timer { ClockDue due; Queue *queue; uint64_t delivery; GList link; } Timer; /* queue: of a HELD clock, else NULL */

struct Broker {
    Config *config;
    BrokerKeys *keys;
    TcDirectory *directory;
    void *zmq, *zap;
    uint64_t zap_answered;           /* questions of the doors */
    struct Probe *probe;             /* selfcheck.c: the one under way */
    int64_t probed_at;
    guint access_silent;             /* probes in a row that nobody answered as they should */
    int zap_fd, epoll, signals;
    GHashTable *doors;               /* organisation -> Door */
    GHashTable *sessions;            /* id -> Session */
    GHashTable *by_route;            /* RouteKey -> Session */
    GHashTable *by_station;          /* "service/station" -> Session */
    uint64_t next_session;
    Store *store;
    /* the log */
    Sealer sealer;
    LogPosition position, committed;
    SignedHead head;                 /* newest committed */
    GHashTable *last_delivery;       /* for the sealer: service -> uint64_t* */
    GHashTable *queues;              /* service -> Queue */
    GHashTable *floors;              /* "service/station" -> Floor */
    GHashTable *blocked;             /* service, or service/station */
    int64_t oldest_id_at;
    /* events on their way */
    GQueue incoming;                 /* Event, in order */
    bool load_asked;
    Batch *open;                     /* being filled */
    int64_t open_since;
    guint crowd;                     /* sessions that submitted a moment ago */
    int64_t crowd_at;                /* monotonic; counted then */
    bool company;                    /* the open batch waits for more, a millisecond at most */
    bool close_now;                  /* the next event needs the open batch sealed */
    GQueue redo;                     /* Event of failed batches, waiting for the rest in flight */
    bool writes_refused;             /* the database answers, and takes no batch: its disk is full, for example */
    int64_t retry_at;                /* monotonic: decide nothing before, after such an answer */
    bool proved;                     /* something of this session with the database was committed: all that it holds is safe */
    bool recovering;
    guint bisect_size, bisect_left;  /* entries a batch may hold while looking for the bad one; events left to look at */
    struct Memory *memory;
    Settings *settings;            /* what areas have set otherwise than usual */
    struct Clocks *clocks;
    /* housekeeping */
    struct Admin *admin;
    struct Metrics *metrics;         /* NULL: nobody may ask */
    Counts counts;
    GHashTable *refusals;            /* "who code" -> RefusalCount */
    int64_t minute_at, weeks_at, orphans_at, announced_at, watchdog_at;
    uint64_t withheld;               /* deliveries withheld since the start: what was read before does not count */
    bool clocks_stopped, leaving, stop, displaced;
    int exit_code;
};

/* door.c */
bool door_open_all(Broker *broker, char **problem);
void door_close_all(Broker *broker);
void door_drain(Door *door);                             /* reads what the quota and the turn allow */
bool door_send(Door *door, GBytes *route, GByteArray *frame); /* takes frame; false: not sent (gone or full: errno) */

/* zap.c */
bool zap_open(Broker *broker, char **problem);
void zap_serve(Broker *broker);
void zap_close(Broker *broker);

/* selfcheck.c: is the access control to be trusted? */
#define SELFCHECK_DOMAIN "self check" /* no organisation's: theirs have no space */
bool selfcheck_run(Broker *broker, char **problem);      /* before any door opens */
void selfcheck_tick(Broker *broker);                     /* and from then on; ends the loop when it is not */
bool selfcheck_knows(Broker *broker, const uint8_t key[32]); /* who may come in there */
void selfcheck_free(Broker *broker);

/* session.c */
void session_receive(Door *door, GBytes *route, const char *user, GBytes *frame);
void session_fault(Session *session, int code, const char *field, bool ends);
void session_end(Session *session);
void session_end_blocked(Broker *broker);                /* those whose key is no longer good */
Session *session_find(Broker *broker, uint64_t id);
bool session_send(Session *session, GByteArray *frame);  /* takes frame */
void session_announce_all(Broker *broker);
guint session_count_since(Broker *broker, int64_t since);
/* The time, as records get it: the host's, or while that is wrong by more than this, the database's. */
#define BROKER_CLOCK_MOST_US (5 * G_TIME_SPAN_MINUTE)
int64_t broker_now(const Broker *broker);
void session_take_leave(Broker *broker, int code); /* ends every session: LEAVING, STANDBY */
void session_free_all(Broker *broker);

/* memory.c, load.c: the past, and asking the database for what memory lacks */
struct Memory *memory_new(void);
void memory_free(struct Memory *memory);
void memory_forget(struct Memory *memory);               /* after a failure: nothing in it is sure */
void memory_trim(Broker *broker);
bool load_known(Broker *broker, Event *event);           /* fills event->known; false: something must be asked for first */
void load_ask(Broker *broker);                           /* asks for what queued events need */
void memory_remember(Broker *broker, const Event *event, const Decision *decision);
void memory_sealed(Broker *broker, const Batch *batch);    /* sequences and delivery numbers of what was remembered */
const MessageRef *memory_ref(Broker *broker, const TcId *message); /* NULL: not in memory */
const Availability *memory_availability(const void *broker, const char *service); /* NULL: it said nothing; World.availability */

/* turn.c */
/* False while the database is away or takes no batch: submissions are refused then. */
bool turn_open(const Broker *broker);
void turn_take(Broker *broker, Event *event);            /* takes the event: the left end of the loop */
void turn_run(Broker *broker);                           /* load, decide, batch, flush: all that can be done now */
int turn_timeout_ms(const Broker *broker);

/* commit.c */
void commit_batch(void *broker, Batch *batch, BatchResult result, const char *sqlstate); /* StoreCallbacks.batch */
void commit_state(void *broker, StoreState state, const StoreStart *start);              /* StoreCallbacks.state */
void commit_answer(Broker *broker, Batch *batch);        /* receipts of a batch that is safe, or that needed nothing kept */

/* deliver.c */
void deliver_batch(Broker *broker, const Batch *batch);
void deliver_session(Session *session);
void commit_refused(Broker *broker, bool refused); /* whether the database refuses what it is given */
void deliver_all(Broker *broker);
Queue *deliver_queue(Broker *broker, const char *service);

/* query.c */
void query_answer(Session *session, const QueryIn *query);

/* clocks.c */
struct Clocks *clocks_new(void);
void clocks_free(struct Clocks *clocks);
void clocks_forget(Broker *broker);
void clocks_known(Broker *broker, int64_t until);        /* all that are due up to then have been added */
void clocks_add(Broker *broker, const ClockDue *due, Queue *queue, uint64_t delivery);
void clocks_held(Queue *queue, Broker *broker, uint64_t upto); /* its HELD clocks need not fire */
void clocks_fire(Broker *broker);
int64_t clocks_next(const Broker *broker);               /* when the next one is due; INT64_MAX: none */
int clocks_count(const Broker *broker);                  /* how many are in memory */
void clocks_refill(Broker *broker);

/* admin.c */
struct Admin *admin_new(Broker *broker, char **problem);
void admin_free(struct Admin *admin);
typedef enum ActEnd { ACT_KEPT, ACT_NOT_STORABLE, ACT_DROPPED } ActEnd;
void admin_answer(struct Admin *admin, const Event *event, ActEnd end); /* to whoever asked for the act; nobody, when it was the broker itself or they have gone */

/* refusal.c */
void refusal_count(Broker *broker, const char *who, int code);
void refusal_flush(Broker *broker);

/* reload.c */
TcDirectory *reload_read(const Broker *broker, char **problem);
bool reload_run(Broker *broker, char **problem);         /* a newer directory from its file */
void reload_record(Broker *broker);                      /* the directory in force becomes part of the log */

/* broker.c */
int broker_run(Broker *broker);
bool broker_watch(Broker *broker, int fd, void *what);   /* what: a Watch */
typedef struct Watch { void (*ready)(void *ctx); void *ctx; } Watch;

#endif
