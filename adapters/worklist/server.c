#include "adapters/worklist/server.h"

#include "adapters/station/log.h"
#include "adapters/worklist/live.h"
#include "adapters/worklist/pages.h"
#include "adapters/worklist/turn.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

enum { HEADERS_MAX = 16 << 10, BODY_MAX = 128 << 10, TIMEOUT_SECONDS = 20, BACKLOG = 128 };

typedef struct Server { Worklist *worklist; struct event_base *base; struct event *ready, *time, *idle, *term, *interrupt; Turn *turn; } Server;

/* ---- The SDK in the loop ---- */

static void dispatch(evutil_socket_t fd, short what, void *ctx)
{
    Server *server = ctx;
    (void)fd, (void)what;
    turn_end(server->turn);
    tc_client_dispatch(server->worklist->client);
    int timeout = tc_client_timeout(server->worklist->client);
    struct timeval in = { timeout / 1000, (timeout % 1000) * 1000 };
    if (timeout >= 0)
        event_add(server->time, &in);
    else
        event_del(server->time);
}

/* Between requests, the names that lists will show are opened, a few at a time. */
static void prepare(evutil_socket_t fd, short what, void *ctx)
{
    Server *server = ctx;
    (void)fd, (void)what;
    struct timeval in = { 0, 20000 };
    turn_begin(server->turn);
    if (!caseload_open_some(server->worklist->caseload, 5))
        in.tv_sec = 1;
    event_add(server->idle, &in);
}

static void stop(evutil_socket_t fd, short what, void *ctx)
{
    (void)fd, (void)what;
    event_base_loopbreak(((Server *)ctx)->base);
}

/* ---- Requests ---- */

/* What somebody does is kept by itself, and answered at once. */
static void on_request(struct evhttp_request *http, void *ctx)
{
    Server *server = ctx;
    Request request;
    bool reads = evhttp_request_get_command(http) == EVHTTP_REQ_GET;
    (reads ? turn_begin : turn_end)(server->turn);
    if (reads)
        worklist_begin_page(server->worklist);
    if (request_read(&request, http, server->worklist, reads ? server->turn : NULL))
        pages_answer(&request);
    request_clear(&request);
    worklist_end_page(server->worklist);
    if (!reads)
        dispatch(-1, 0, server); /* what it said goes out now */
}

/* Only its own user and group may connect. NULL with errno. */
static struct evconnlistener *listen_at(struct event_base *base, const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    strcpy(address.sun_path, path);
    unlink(path);
    mode_t before = umask(0117);
    struct evconnlistener *listener = evconnlistener_new_bind(base, NULL, NULL, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, BACKLOG, (struct sockaddr *)&address,
                                                             (int)sizeof address);
    umask(before);
    return listener;
}

static struct evhttp *serve_http(Server *server, const char *path)
{
    struct evconnlistener *listener = listen_at(server->base, path);
    if (listener == NULL)
        return NULL;
    struct evhttp *http = evhttp_new(server->base);
    evhttp_bind_listener(http, listener);
    evhttp_set_allowed_methods(http, EVHTTP_REQ_GET | EVHTTP_REQ_POST);
    evhttp_set_max_headers_size(http, HEADERS_MAX);
    evhttp_set_max_body_size(http, BODY_MAX);
    evhttp_set_timeout(http, TIMEOUT_SECONDS);
    evhttp_set_gencb(http, on_request, server);
    return http;
}

bool server_run(Worklist *worklist, const char *path, char **problem)
{
    signal(SIGPIPE, SIG_IGN); /* whoever asked and went away ends nothing */
    Server server = { .worklist = worklist, .base = event_base_new() };
    server.turn = turn_new(worklist, server.base);
    struct evhttp *http = serve_http(&server, path);
    if (http == NULL) {
        *problem = g_strdup_printf("cannot listen at %s: %s", path, g_strerror(errno));
        turn_free(server.turn);
        event_base_free(server.base);
        return false;
    }
    server.ready = event_new(server.base, tc_client_fd(worklist->client), EV_READ | EV_PERSIST, dispatch, &server);
    server.time = evtimer_new(server.base, dispatch, &server);
    server.term = evsignal_new(server.base, SIGTERM, stop, &server);
    server.interrupt = evsignal_new(server.base, SIGINT, stop, &server);
    server.idle = evtimer_new(server.base, prepare, &server);
    event_add(server.ready, NULL);
    event_add(server.term, NULL);
    event_add(server.interrupt, NULL);
    worklist->live = live_new(worklist, server.base);
    dispatch(-1, 0, &server);
    prepare(-1, 0, &server);
    sd_notify(0, "READY=1");
    log_line(LOG_LINE_INFO, "ready", "version=%s", TC_VERSION);
    event_base_dispatch(server.base);
    sd_notify(0, "STOPPING=1");
    turn_free(server.turn);
    live_free(g_steal_pointer(&worklist->live));
    struct event *events[] = { server.ready, server.time, server.idle, server.term, server.interrupt };
    for (size_t i = 0; i < G_N_ELEMENTS(events); i++)
        event_free(events[i]);
    evhttp_free(http);
    event_base_free(server.base);
    unlink(path);
    return true;
}
