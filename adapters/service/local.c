#include "adapters/service/local.h"

#include "adapters/service/desk.h"
#include "adapters/station/log.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define LINE_MOST (1024 * 1024)
#define PEERS_MOST 32
#define WRITE_SECONDS 10

struct Local { TcClient *client; char *path; int fd; guint source; GHashTable *peers; };

/* references: the table's, and one for each answer that is still to come. */
typedef struct Peer { Local *local; int fd; guint in, out, timer; GString *read; GString *write; int references; bool busy; gint64 heard; } Peer;

static void peer_lines(Peer *peer);

static void peer_unref(Peer *peer)
{
    if (--peer->references > 0)
        return;
    g_string_free(peer->read, TRUE);
    g_string_free(peer->write, TRUE);
    g_free(peer);
}

static void peer_close(void *data)
{
    Peer *peer = data;
    g_clear_handle_id(&peer->in, g_source_remove);
    g_clear_handle_id(&peer->out, g_source_remove);
    g_clear_handle_id(&peer->timer, g_source_remove);
    close(peer->fd);
    peer->fd = -1;
    peer_unref(peer);
}

static void peer_drop(Peer *peer)
{
    if (peer->fd >= 0)
        g_hash_table_remove(peer->local->peers, peer);
}

static gboolean peer_too_slow(void *data)
{
    Peer *peer = data;
    peer->timer = 0;
    peer_drop(peer);
    return G_SOURCE_REMOVE;
}

/* True while something is left to write. */
static bool peer_write(Peer *peer)
{
    while (peer->write->len > 0) {
        ssize_t sent = send(peer->fd, peer->write->str, peer->write->len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0)
            return errno == EAGAIN;
        g_string_erase(peer->write, 0, sent);
    }
    g_clear_handle_id(&peer->timer, g_source_remove);
    return false;
}

static gboolean peer_writable(int fd, GIOCondition condition, void *data)
{
    Peer *peer = data;
    (void)fd, (void)condition;
    if (peer_write(peer))
        return G_SOURCE_CONTINUE;
    peer->out = 0;
    peer_lines(peer);
    return G_SOURCE_REMOVE;
}

static void peer_answer(void *ctx, json_t *answer)
{
    Peer *peer = ctx;
    peer->busy = false;
    if (peer->fd >= 0) {
        char *line = json_dumps(answer, JSON_COMPACT);
        g_string_append(peer->write, line);
        g_string_append_c(peer->write, '\n');
        free(line);
        if (peer_write(peer) && peer->out == 0) {
            peer->out = g_unix_fd_add(peer->fd, G_IO_OUT, peer_writable, peer);
            peer->timer = g_timeout_add_seconds(WRITE_SECONDS, peer_too_slow, peer);
        }
    }
    json_decref(answer);
    peer_unref(peer);
}

/* One question at a time: the next line waits for the answer to this one. */
static void peer_lines(Peer *peer)
{
    char *end;
    while (peer->fd >= 0 && !peer->busy && peer->out == 0 && (end = memchr(peer->read->str, '\n', peer->read->len)) != NULL) {
        size_t len = (size_t)(end - peer->read->str);
        json_t *question = json_loadb(peer->read->str, len, JSON_REJECT_DUPLICATES, NULL);
        g_string_erase(peer->read, 0, (gssize)len + 1);
        peer->busy = true;
        peer->references += 2; /* the answer's, and ours while we look at it */
        desk_ask(peer->local->client, question, peer_answer, peer);
        json_decref(question);
        bool gone = peer->fd < 0;
        peer_unref(peer);
        if (gone)
            return;
    }
    if (peer->fd >= 0 && peer->read->len >= LINE_MOST)
        peer_drop(peer);
}

static gboolean peer_readable(int fd, GIOCondition condition, void *data)
{
    Peer *peer = data;
    char buffer[65536];
    (void)condition;
    ssize_t got = recv(fd, buffer, MIN(sizeof buffer, LINE_MOST - peer->read->len), MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN)
        return G_SOURCE_CONTINUE;
    if (got <= 0) {
        peer->in = 0;
        peer_drop(peer);
        return G_SOURCE_REMOVE;
    }
    g_string_append_len(peer->read, buffer, got);
    peer->heard = g_get_monotonic_time();
    guint in = peer->in;
    peer_lines(peer);
    return in != 0 && g_main_context_find_source_by_id(NULL, in) != NULL ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static bool may_speak(int fd)
{
    struct ucred peer;
    socklen_t len = sizeof peer;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 && (peer.uid == 0 || peer.uid == getuid());
}

/* Room for one more: of many that say nothing, the one that has said nothing for longest makes it. */
static bool local_room(Local *local)
{
    GHashTableIter iter;
    gpointer key;
    Peer *quiet = NULL;
    if (g_hash_table_size(local->peers) < PEERS_MOST)
        return true;
    g_hash_table_iter_init(&iter, local->peers);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        Peer *peer = key;
        if (!peer->busy && peer->write->len == 0 && (quiet == NULL || peer->heard < quiet->heard))
            quiet = peer;
    }
    if (quiet != NULL)
        peer_drop(quiet);
    return quiet != NULL;
}

static gboolean local_accept(int fd, GIOCondition condition, void *data)
{
    Local *local = data;
    (void)condition;
    int one = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (one < 0)
        return G_SOURCE_CONTINUE;
    if (!may_speak(one) || !local_room(local)) {
        close(one);
        return G_SOURCE_CONTINUE;
    }
    Peer *peer = g_new0(Peer, 1);
    *peer = (Peer){ .local = local, .fd = one, .read = g_string_new(NULL), .write = g_string_new(NULL), .references = 1, .heard = g_get_monotonic_time() };
    peer->in = g_unix_fd_add(one, G_IO_IN | G_IO_HUP, peer_readable, peer);
    g_hash_table_add(local->peers, peer);
    return G_SOURCE_CONTINUE;
}

/* A socket that a former run left is removed; anything else under that name is somebody's, and is left alone. */
static bool local_clear(const char *path, char **why)
{
    struct stat info;
    if (lstat(path, &info) != 0)
        return true;
    if (S_ISSOCK(info.st_mode) && unlink(path) == 0)
        return true;
    *why = g_strdup_printf("%s is there already and is no socket; give [service] socket another path", path);
    return false;
}

Local *local_new(TcClient *client, const char *path, char **why)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    if (g_strlcpy(address.sun_path, path, sizeof address.sun_path) >= sizeof address.sun_path) {
        *why = g_strdup_printf("%s is too long for a socket (%zu bytes at most)", path, sizeof address.sun_path - 1);
        return NULL;
    }
    if (!local_clear(path, why))
        return NULL;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    mode_t before = umask(0177);
    bool bound = bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, PEERS_MOST) == 0;
    umask(before);
    if (!bound) {
        *why = g_strdup_printf("%s: %s", path, g_strerror(errno));
        close(fd);
        return NULL;
    }
    Local *local = g_new0(Local, 1);
    *local = (Local){ .client = client, .path = g_strdup(path), .fd = fd, .peers = g_hash_table_new_full(NULL, NULL, peer_close, NULL) };
    local->source = g_unix_fd_add(fd, G_IO_IN, local_accept, local);
    return local;
}

void local_free(Local *local)
{
    if (local == NULL)
        return;
    g_source_remove(local->source);
    g_hash_table_unref(local->peers);
    close(local->fd);
    unlink(local->path);
    g_free(local->path);
    g_free(local);
}
