/* Inside of a TcClient, shared by the SDK's files. One owner for each member: the file of its name.
 *
 * Order within one dispatch: what came (connection -> receipts, deliveries, answers) -> events to the adapter -> what goes out
 * (submit). Everything durable is committed in the spool before anybody is told of it. */
#ifndef SDK_CLIENT_H
#define SDK_CLIENT_H

#include "adapters/sdk/passport.h"
#include "adapters/sdk/spool.h"
#include "proto/digests.h"
#include "proto/directory.h"
#include "proto/uuid.h"
#include "throughcare.pb-c.h"
#include "throughcare/keys.h"

#include <signal.h>

typedef struct Connection Connection;
typedef struct Submit Submit;
typedef struct Trace Trace;

typedef struct ClientShift { char *path; int64_t by, looked_at; } ClientShift; /* client.c alone */

struct TcClient {
    TcCallbacks callbacks;
    void *ctx;
    char *software;
    Passport *passport;
    TcKeys *keys;
    TcDirectory *directory;   /* never NULL once open */
    ClientShift *shift;       /* NULL: the host's clock as it is */
    uint8_t *linkage;         /* the authority's linkage key in locked memory; NULL: this service has none */
    Spool *spool;
    TcUuidMaker uuids;
    TcHead head;              /* the newest signed head seen; batch 0 and all zero: none yet (has_head) */
    bool has_head;
    uint64_t held;            /* newest delivery that is durable here */
    Connection *connection;
    Submit *submit;
    Trace *trace;
    GQueue parked;            /* GBytes of frames with deliveries, while a newer directory is being fetched */
    TcState state;
    char *why;
    int64_t expiry_checked_at, expiry_told_at, event_again_at;
    volatile sig_atomic_t stopping; /* a signal handler may set it */
    bool dispatching;
};

int64_t client_now(const TcClient *client); /* microseconds since 1970 */
int64_t client_tick(void);                  /* microseconds that no setting of the clock can move, for waiting */
void client_log(const TcClient *client, int level, const char *format, ...) G_GNUC_PRINTF(3, 4);
void client_state(TcClient *client, TcState state, const char *why);
/* Something is to be done in the next dispatch: the descriptor becomes readable. */
void client_wake(TcClient *client);
void client_new_id(TcClient *client, TcId *id);
/* A frame from the broker. False: the session must end; why says it. Runs with no transaction open. */
bool client_frame(TcClient *client, const Tc__Frame *frame, char **why);
/* A newer directory came, or cannot be had: what was parked for it is taken in now. */
void client_unpark(TcClient *client);
/* The session that was is gone. */
void client_disconnected(TcClient *client);

#endif
