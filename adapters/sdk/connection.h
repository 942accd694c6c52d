/* The connection: a DEALER with CURVE to one broker of the passport's list, its greeting, and coming back after every loss.
 *
 * One epoll descriptor holds everything that can wake a client: the socket, its monitor, a timer, and a wake-up that a signal handler
 * may use. ZMQ_FD is edge-triggered, so the socket's events are looked at before and after whatever is done with it, and dispatch says
 * when it left something. libzmq must not reconnect by itself: a new transport needs a new greeting, so a lost one is a new socket,
 * after a back-off with jitter (0.2 s to 30 s), at the next host; a standby sends us on at once. */
#ifndef SDK_CONNECTION_H
#define SDK_CONNECTION_H

#include "adapters/sdk/client.h"

/* NULL and *error: the system gives no descriptors. */
Connection *connection_new(TcClient *client, TcError *error);
void connection_free(Connection *connection); /* takes NULL */

int connection_fd(const Connection *connection);
/* Safe in a signal handler. */
void connection_wake(const Connection *connection);
/* Clears the wake-up and the timer, before a dispatch looks at anything. */
void connection_begin(Connection *connection);
/* Sets the timer (0: none). */
void connection_timer(Connection *connection, int64_t at);

/* Takes in what came, and connects when it is time. True: there is more. */
bool connection_dispatch(Connection *connection);
/* True when something came that no descriptor will tell of again. */
bool connection_pending(const Connection *connection);
/* When connection_dispatch has something to do without a cause. */
int64_t connection_deadline(const Connection *connection);

/* False: not connected, or the socket takes nothing more now. */
bool connection_send(Connection *connection, const Tc__Frame *frame);
/* True between Welcome and the loss of the session. */
bool connection_up(const Connection *connection);
/* Ends the session, says why, and tries again later. */
void connection_drop(Connection *connection, const char *why);
/* "host:port" of the broker that was tried last. */
const char *connection_broker(const Connection *connection);

#endif
