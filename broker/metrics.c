/* The page of metrics: one request a connection, answered and closed. Anybody on this machine may ask; what anybody may take is fixed:
 * eight connections, two kilobytes of request, five seconds. Only the first line of a request is looked at, whole, and never parsed. */
#include "broker/metrics.h"

#include "broker/broker.h"
#include "broker/wallclock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ASKERS_MOST = 8, REQUEST_MOST = 2048 };
#define ASKER_US (5 * G_TIME_SPAN_SECOND)
#define QUEUES_US (15 * G_TIME_SPAN_SECOND)
#define REST_TIMES 50 /* times as long as the last answer took, two minutes at most: the connection that is asked is the one that deliveries and decisions wait for */
#define REST_MOST_US (2 * G_TIME_SPAN_MINUTE)

typedef struct Asker { int fd; int64_t since; size_t len, sent; char request[REQUEST_MOST + 1]; GString *answer; /* NULL: still asking */ } Asker;

struct Metrics {
    Broker *broker;
    int epoll, listener;
    bool full;           /* those who would come now wait in the kernel's line */
    Asker askers[ASKERS_MOST];
    QueueLengths lengths;
    int64_t asked_at;    /* monotonic; 0: the lengths were never asked for */
    int64_t took;        /* until the last answer */
    bool asked;
};

/* ---- the queues' lengths ---- */

static void on_queues(void *ctx, const QueuesAnswer *answer)
{
    struct Metrics *metrics = ctx;
    metrics->asked = false;
    if (answer->failed)
        return;
    metrics->took = g_get_monotonic_time() - metrics->asked_at;
    g_array_set_size(metrics->lengths.queues, 0);
    for (guint i = 0; i < answer->queues->len; i++) {
        const QueuePlain *queue = &g_array_index(answer->queues, QueuePlain, i);
        QueueLength length = { .waiting = queue->waiting, .oldest_at = queue->waiting ? queue->oldest_at : 0 };
        g_strlcpy(length.service, queue->service, sizeof length.service);
        g_array_append_val(metrics->lengths.queues, length);
    }
    metrics->lengths.unanswered = answer->unanswered;
    metrics->lengths.oldest_unanswered_at = answer->oldest_unanswered_at;
}

/* A broker that stands by knows nothing of the queues, and says nothing. */
static void look_after_queues(struct Metrics *metrics)
{
    int64_t now = g_get_monotonic_time();
    if (store_state(metrics->broker->store) != STORE_ACTIVE) {
        g_array_set_size(metrics->lengths.queues, 0);
        metrics->lengths.unanswered = 0;
        metrics->asked_at = 0;
    } else if (!metrics->asked && (!metrics->asked_at || now - metrics->asked_at > CLAMP(REST_TIMES * metrics->took, QUEUES_US, REST_MOST_US))) {
        metrics->asked = true;
        metrics->asked_at = now;
        store_queues(metrics->broker->store, NULL, wallclock_now(), on_queues, metrics);
    }
}

/* ---- who asks ---- */

static void asker_close(struct Metrics *metrics, Asker *asker)
{
    close(asker->fd); /* and so out of the epoll */
    asker->fd = -1;
    if (asker->answer)
        g_string_free(g_steal_pointer(&asker->answer), TRUE);
    if (metrics->full) {
        struct epoll_event event = { .events = EPOLLIN, .data.ptr = NULL };
        metrics->full = epoll_ctl(metrics->epoll, EPOLL_CTL_ADD, metrics->listener, &event) != 0;
    }
}

static GString *answer_to(const struct Metrics *metrics, const char *request)
{
    bool known = g_str_has_prefix(request, "GET /metrics HTTP/1.");
    GString *text = known ? metrics_text(metrics->broker, &metrics->lengths) : g_string_new("There is one page here: GET /metrics\n");
    g_autofree char *head = g_strdup_printf("HTTP/1.1 %s\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n",
                                            known ? "200 OK" : "404 Not Found", text->len);
    return g_string_prepend(text, head);
}

static void asker_send(struct Metrics *metrics, Asker *asker)
{
    ssize_t sent = send(asker->fd, asker->answer->str + asker->sent, asker->answer->len - asker->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0)
        asker->sent += (size_t)sent;
    if (asker->sent == asker->answer->len || (sent < 0 && errno != EAGAIN))
        asker_close(metrics, asker);
}

static void asker_read(struct Metrics *metrics, Asker *asker)
{
    ssize_t got = recv(asker->fd, asker->request + asker->len, REQUEST_MOST - asker->len, MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN)
        return;
    if (got > 0)
        asker->len += (size_t)got;
    asker->request[asker->len] = '\0';
    if (got > 0 && strstr(asker->request, "\r\n\r\n")) {
        struct epoll_event event = { .events = EPOLLOUT, .data.ptr = asker };
        asker->answer = answer_to(metrics, asker->request);
        epoll_ctl(metrics->epoll, EPOLL_CTL_MOD, asker->fd, &event);
        asker_send(metrics, asker);
    } else if (got <= 0 || asker->len == REQUEST_MOST) {
        asker_close(metrics, asker);
    }
}

/* With all places taken nobody is let in until one is free. */
static void let_in(struct Metrics *metrics)
{
    Asker *free_place = NULL;
    for (size_t i = 0; i < ASKERS_MOST && !free_place; i++)
        if (metrics->askers[i].fd < 0)
            free_place = &metrics->askers[i];
    if (!free_place) {
        metrics->full = epoll_ctl(metrics->epoll, EPOLL_CTL_DEL, metrics->listener, NULL) == 0;
        return;
    }
    int fd = accept4(metrics->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return;
    *free_place = (Asker){ .fd = fd, .since = g_get_monotonic_time() };
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = free_place };
    if (epoll_ctl(metrics->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
        asker_close(metrics, free_place);
}

static void on_ready(void *ctx)
{
    struct Metrics *metrics = ctx;
    struct epoll_event events[ASKERS_MOST + 1];
    int count = epoll_wait(metrics->epoll, events, G_N_ELEMENTS(events), 0);
    for (int i = 0; i < count; i++) {
        Asker *asker = events[i].data.ptr;
        if (!asker)
            let_in(metrics);
        else if (asker->answer)
            asker_send(metrics, asker);
        else
            asker_read(metrics, asker);
    }
}

void metrics_keep_house(struct Metrics *metrics)
{
    if (!metrics)
        return;
    look_after_queues(metrics);
    for (size_t i = 0; i < ASKERS_MOST; i++)
        if (metrics->askers[i].fd >= 0 && g_get_monotonic_time() - metrics->askers[i].since > ASKER_US)
            asker_close(metrics, &metrics->askers[i]);
}

/* ---- the address ---- */

static char *listen_at(struct Metrics *metrics, const char *host, unsigned port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    int yes = 1;
    inet_pton(AF_INET, host, &address.sin_addr); /* config.c has seen that it is one */
    metrics->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    setsockopt(metrics->listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(metrics->listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(metrics->listener, ASKERS_MOST) != 0)
        return g_strdup_printf("[metrics] listen=%s:%u: %s", host, port, g_strerror(errno));
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = NULL };
    Watch *watch = g_new0(Watch, 1);
    *watch = (Watch){ on_ready, metrics };
    epoll_ctl(metrics->epoll, EPOLL_CTL_ADD, metrics->listener, &event);
    broker_watch(metrics->broker, metrics->epoll, watch);
    return NULL;
}

struct Metrics *metrics_new(Broker *broker, char **problem)
{
    struct Metrics *metrics = g_new0(struct Metrics, 1);
    metrics->broker = broker;
    metrics->lengths.queues = g_array_new(FALSE, FALSE, sizeof(QueueLength));
    metrics->epoll = epoll_create1(EPOLL_CLOEXEC);
    for (size_t i = 0; i < ASKERS_MOST; i++)
        metrics->askers[i].fd = -1;
    *problem = listen_at(metrics, broker->config->metrics_host, broker->config->metrics_port);
    if (*problem)
        g_clear_pointer(&metrics, metrics_free);
    return metrics;
}

void metrics_free(struct Metrics *metrics)
{
    if (!metrics)
        return;
    for (size_t i = 0; i < ASKERS_MOST; i++)
        if (metrics->askers[i].fd >= 0)
            asker_close(metrics, &metrics->askers[i]);
    close(metrics->listener);
    close(metrics->epoll);
    g_array_unref(metrics->lengths.queues);
    g_free(metrics);
}
