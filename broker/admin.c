/* The operator's socket: one JSON object a line in, one out. Only root, the broker's own user and the configured users are heard.
 *
 *   {"do":"status"}  {"do":"block","service":"x"}  {"do":"block","service":"x/desk"}  {"do":"unblock","service":"x"}  {"do":"reload"}
 *
 * block, unblock and set are events, and answered when they are committed: whoever is told that a key is blocked can rely on it, whatever becomes of this
 * broker. What is not committed when the database goes, or takes no writes, is dropped and answered so: an operator is not left waiting, nor obeyed weeks
 * later by a broker that stood by. The broker can block; it can never admit: that is the authority's. Lines are bounded, and a peer that does not read is dropped. */
#include "broker/broker.h"
#include "broker/codes.h"
#include "broker/log.h"
#include "broker/wallclock.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/epoll.h>
#include <unistd.h>

#define LINE_MOST 4096
#define PEERS_MOST 16

typedef struct Peer { struct Admin *admin; int fd; uint64_t id; uid_t uid; size_t len; char line[LINE_MOST]; } Peer;

struct Admin { Broker *broker; int fd; GHashTable *peers; uint64_t next; };

static void peer_close(Peer *peer)
{
    epoll_ctl(peer->admin->broker->epoll, EPOLL_CTL_DEL, peer->fd, NULL);
    close(peer->fd);
    peer->fd = -1;
}

static void peer_say(Peer *peer, json_t *answer)
{
    g_autofree char *text = json_dumps(answer, JSON_COMPACT);
    g_autofree char *line = g_strconcat(text, "\n", NULL);
    json_decref(answer);
    if (peer->fd >= 0 && send(peer->fd, line, strlen(line), MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)strlen(line))
        peer_close(peer);
}

static json_t *problem(const char *code, const char *text) { return json_pack("{s:b, s:{s:s, s:s}}", "ok", 0, "error", "code", code, "text", text); }

/* ---- status ---- */

typedef struct Asked { struct Admin *admin; uint64_t peer; } Asked;

static bool connected(Broker *broker, const char *service)
{
    GHashTableIter iter;
    gpointer session;
    if (!broker->sessions)
        return false;
    g_hash_table_iter_init(&iter, broker->sessions);
    while (g_hash_table_iter_next(&iter, NULL, &session))
        if (strcmp(((Session *)session)->service, service) == 0)
            return true;
    return false;
}

static json_t *doors(Broker *broker)
{
    json_t *all = json_array();
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, broker->doors);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Door *door = value;
        json_array_append_new(all, json_pack("{s:s, s:i, s:b}", "organisation", door->organisation, "port", (int)door->port, "held_back", door->held_back));
    }
    return all;
}

static json_t *queues(Broker *broker, const QueuesAnswer *answer)
{
    json_t *all = json_array();
    for (guint i = 0; answer && i < answer->queues->len; i++) {
        const QueuePlain *queue = &g_array_index(answer->queues, QueuePlain, i);
        bool here = connected(broker, queue->service), gone = g_hash_table_contains(broker->blocked, queue->service);
        const char *why = !queue->waiting ? "nothing waits" : gone ? "blocked" : here ? "not yet confirmed as held" : "no adapter is connected";
        json_array_append_new(all, json_pack("{s:s, s:I, s:I, s:b, s:s}", "service", queue->service, "waiting", (json_int_t)queue->waiting,
                                             "oldest_at", (json_int_t)(queue->waiting ? queue->oldest_at : 0), "connected", here, "why", why));
    }
    return all;
}

static json_t *status(Broker *broker, const QueuesAnswer *answer)
{
    static const char *const states[] = { "away", "standby", "active" };
    return json_pack("{s:b, s:s, s:b, s:b, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:I, s:I}", "ok", 1, "state", states[store_state(broker->store)],
                     "writes_refused", broker->writes_refused, "clocks_stopped", broker->clocks_stopped, "nobody_can_come_in", broker->access_silent > 0, "batch", (json_int_t)broker->committed.batch, "sequence",
                     (json_int_t)broker->committed.sequence, "directory_serial", (json_int_t)broker->directory->serial, "directory_expires_at",
                     (json_int_t)broker->directory->expires_at, "sessions", (json_int_t)(broker->sessions ? g_hash_table_size(broker->sessions) : 0),
                     "now_at", (json_int_t)wallclock_now(), "doors", doors(broker), "queues", queues(broker, answer), "unanswered",
                     (json_int_t)(answer ? answer->unanswered : 0), "oldest_unanswered_at", (json_int_t)(answer ? answer->oldest_unanswered_at : 0));
}

static void on_queues(void *ctx, const QueuesAnswer *answer)
{
    Asked *asked = ctx;
    Peer *peer = g_hash_table_lookup(asked->admin->peers, &asked->peer);
    if (peer)
        peer_say(peer, status(asked->admin->broker, answer->failed ? NULL : answer));
    g_free(asked);
}

static void do_status(Peer *peer)
{
    Broker *broker = peer->admin->broker;
    if (store_state(broker->store) != STORE_ACTIVE) {
        peer_say(peer, status(broker, NULL));
        return;
    }
    Asked *asked = g_new(Asked, 1);
    *asked = (Asked){ peer->admin, peer->id };
    store_queues(broker->store, NULL, wallclock_now(), on_queues, asked);
}

/* ---- acts ---- */

static bool exists(const Broker *broker, const char *subject)
{
    g_autofree char *service = g_strndup(subject, strcspn(subject, "/"));
    return tc_directory_service(broker->directory, service) != NULL;
}

/* Goes into the log; the peer is told when it is there. */
static void take(Peer *peer, const AdminAct *act)
{
    Broker *broker = peer->admin->broker;
    Event *event = event_new_admin(act, broker->directory);
    event->asked_by = peer->id;
    turn_take(broker, event);
}

void admin_answer(struct Admin *admin, const Event *event, ActEnd end)
{
    Peer *peer = admin ? g_hash_table_lookup(admin->peers, &event->asked_by) : NULL;
    if (peer && end == ACT_KEPT)
        peer_say(peer, json_pack("{s:b, s:s}", "ok", 1, "taken", event->admin.subject));
    else if (peer && end == ACT_NOT_STORABLE)
        peer_say(peer, problem("not_storable", "The database does not take this. Look at the broker's log."));
    else if (peer)
        peer_say(peer, problem("database_away", "The database went before it was certain that this is on record. Say it again, to the broker that is active then."));
}

/* An act needs the record. Answers why there is none. */
static bool may_act(Peer *peer)
{
    Broker *broker = peer->admin->broker;
    if (turn_open(broker))
        return true;
    peer_say(peer, broker->writes_refused ? problem("database_away", "The database takes no writes: its disk may be full. Nothing was done; see to that, and say it again.")
                                          : problem("standby", "This broker is not the active one, or its database is away. Ask the active one."));
    return false;
}

static void do_block(Peer *peer, const char *subject, int event)
{
    Broker *broker = peer->admin->broker;
    AdminAct act = { .audit_event = event };
    if (!subject || strlen(subject) >= sizeof act.subject || !exists(broker, subject)) {
        peer_say(peer, problem("not_found", "No such service in the directory. Give its id, or id/station."));
        return;
    }
    if (!may_act(peer))
        return;
    g_strlcpy(act.subject, subject, sizeof act.subject);
    g_snprintf(act.detail, sizeof act.detail, "uid %u", (unsigned)peer->uid);
    take(peer, &act);
}

static void do_set(Peer *peer, const char *name, const char *value)
{
    Broker *broker = peer->admin->broker;
    AdminAct act = { .audit_event = AUDIT_SETTING };
    const char *why = "Give a name and a value.";
    g_auto(GStrv) words = g_strsplit(name ? name : "", "/", 3);
    if (!name || !value || strlen(name) >= sizeof act.subject || strlen(value) >= sizeof act.detail || !settings_good(name, value, &why)) {
        peer_say(peer, problem("bad_text", why));
        return;
    }
    if (strcmp(words[0], "clock") == 0 && !tc_directory_area(broker->directory, words[1])) {
        peer_say(peer, problem("not_found", "No such area in the directory."));
        return;
    }
    if (!may_act(peer))
        return;
    g_strlcpy(act.subject, name, sizeof act.subject);
    g_strlcpy(act.detail, value, sizeof act.detail);
    take(peer, &act);
}

static void do_settings(Peer *peer)
{
    json_t *all = json_object();
    GHashTableIter iter;
    gpointer name, value;
    g_hash_table_iter_init(&iter, settings_values(peer->admin->broker->settings));
    while (g_hash_table_iter_next(&iter, &name, &value))
        json_object_set_new(all, name, json_string(value));
    peer_say(peer, json_pack("{s:b, s:o}", "ok", 1, "settings", all));
}

static void do_reload(Peer *peer)
{
    g_autofree char *words = NULL;
    if (reload_run(peer->admin->broker, &words))
        peer_say(peer, json_pack("{s:b, s:I}", "ok", 1, "directory_serial", (json_int_t)peer->admin->broker->directory->serial));
    else
        peer_say(peer, problem("directory", words));
}

static void serve_line(Peer *peer, const char *line)
{
    json_t *question = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
    const char *what = json_string_value(json_object_get(question, "do")), *service = json_string_value(json_object_get(question, "service"));
    log_event(LOG_INFO_LEVEL, "admin", "uid", log_number(peer->uid), NULL);
    if (!what)
        peer_say(peer, problem("malformed", "One JSON object a line, with \"do\"."));
    else if (strcmp(what, "status") == 0)
        do_status(peer);
    else if (strcmp(what, "block") == 0 || strcmp(what, "unblock") == 0)
        do_block(peer, service, *what == 'b' ? AUDIT_BLOCKED : AUDIT_UNBLOCKED);
    else if (strcmp(what, "settings") == 0)
        do_settings(peer);
    else if (strcmp(what, "set") == 0)
        do_set(peer, json_string_value(json_object_get(question, "name")), json_string_value(json_object_get(question, "value")));
    else if (strcmp(what, "reload") == 0)
        do_reload(peer);
    else
        peer_say(peer, problem("not_found", "\"do\" is one of status, block, unblock, set, settings, reload."));
    json_decref(question);
}

static void peer_lines(Peer *peer)
{
    char *end;
    while (peer->fd >= 0 && (end = memchr(peer->line, '\n', peer->len)) != NULL) {
        *end = '\0';
        serve_line(peer, peer->line);
        size_t used = (size_t)(end + 1 - peer->line);
        memmove(peer->line, end + 1, peer->len -= used);
    }
    if (peer->len == sizeof peer->line)
        peer_close(peer);
}

static void on_peer(void *ctx)
{
    Peer *peer = ctx;
    if (peer->fd < 0)
        return;
    ssize_t got = recv(peer->fd, peer->line + peer->len, sizeof peer->line - peer->len, MSG_DONTWAIT);
    if (got > 0) {
        peer->len += (size_t)got;
        peer_lines(peer);
    } else if (got == 0 || errno != EAGAIN) {
        peer_close(peer);
    }
}

static bool may_speak(const struct Admin *admin, int fd, uid_t *uid)
{
    struct ucred peer;
    socklen_t len = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0)
        return false;
    *uid = peer.uid;
    if (peer.uid == 0 || peer.uid == getuid())
        return true;
    const GArray *uids = admin->broker->config->admin_uids;
    for (guint i = 0; i < uids->len; i++)
        if ((uid_t)g_array_index(uids, gint, i) == peer.uid)
            return true;
    return false;
}

static gboolean peer_is_closed(gpointer key, gpointer value, gpointer ctx)
{
    (void)key, (void)ctx;
    return ((Peer *)value)->fd < 0;
}

static void on_admin(void *ctx)
{
    struct Admin *admin = ctx;
    uid_t uid;
    int fd = accept4(admin->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return;
    g_hash_table_foreach_remove(admin->peers, peer_is_closed, NULL);
    if (!may_speak(admin, fd, &uid) || g_hash_table_size(admin->peers) >= PEERS_MOST) {
        close(fd);
        return;
    }
    Peer *peer = g_new0(Peer, 1);
    peer->admin = admin;
    peer->fd = fd;
    peer->uid = uid;
    peer->id = ++admin->next;
    g_hash_table_insert(admin->peers, &peer->id, peer);
    Watch *watch = g_new0(Watch, 1);
    *watch = (Watch){ on_peer, peer };
    broker_watch(admin->broker, fd, watch);
}

struct Admin *admin_new(Broker *broker, char **words)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    struct Admin *admin = g_new0(struct Admin, 1);
    const char *path = broker->config->admin_path;
    admin->broker = broker;
    admin->peers = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    admin->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (g_strlcpy(address.sun_path, path, sizeof address.sun_path) >= sizeof address.sun_path) {
        *words = g_strdup_printf("%s: too long for a socket's path (%zu bytes at most)", path, sizeof address.sun_path - 1);
        admin_free(admin);
        return NULL;
    }
    unlink(path);
    mode_t before = umask(0111); /* who may speak is asked of the kernel, peer by peer */
    bool bound = bind(admin->fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(admin->fd, PEERS_MOST) == 0;
    umask(before);
    if (!bound) {
        *words = g_strdup_printf("%s: %s", path, g_strerror(errno));
        admin_free(admin);
        return NULL;
    }
    Watch *watch = g_new0(Watch, 1);
    *watch = (Watch){ on_admin, admin };
    broker_watch(broker, admin->fd, watch);
    return admin;
}

static gboolean close_peer(gpointer key, gpointer value, gpointer ctx)
{
    (void)key, (void)ctx;
    if (((Peer *)value)->fd >= 0)
        close(((Peer *)value)->fd);
    return TRUE;
}

void admin_free(struct Admin *admin)
{
    if (!admin)
        return;
    g_hash_table_foreach_remove(admin->peers, close_peer, NULL);
    g_hash_table_unref(admin->peers);
    if (admin->fd >= 0) {
        close(admin->fd);
        unlink(admin->broker->config->admin_path);
    }
    g_free(admin);
}
