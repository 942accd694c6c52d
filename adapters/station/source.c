#include "adapters/station/source.h"

#include <glib-unix.h>
#include <stdbool.h>

typedef struct ClientSource {
    GSource base;
    TcClient *client;
    void *tag;
    gint64 due; /* monotonic; -1: only the descriptor */
} ClientSource;

static gboolean source_prepare(GSource *base, int *timeout)
{
    ClientSource *source = (ClientSource *)base;
    *timeout = tc_client_timeout(source->client);
    source->due = *timeout < 0 ? -1 : g_source_get_time(base) + *timeout * G_GINT64_CONSTANT(1000);
    return *timeout == 0;
}

static gboolean source_check(GSource *base)
{
    ClientSource *source = (ClientSource *)base;
    return g_source_query_unix_fd(base, source->tag) != 0 || (source->due >= 0 && g_source_get_time(base) >= source->due);
}

static gboolean source_dispatch(GSource *base, GSourceFunc callback, void *data)
{
    (void)callback;
    (void)data;
    tc_client_dispatch(((ClientSource *)base)->client);
    return G_SOURCE_CONTINUE;
}

guint source_add(TcClient *client)
{
    static GSourceFuncs functions = { .prepare = source_prepare, .check = source_check, .dispatch = source_dispatch };
    GSource *base = g_source_new(&functions, sizeof(ClientSource));
    ClientSource *source = (ClientSource *)base;
    source->client = client;
    source->tag = g_source_add_unix_fd(base, tc_client_fd(client), G_IO_IN);
    guint id = g_source_attach(base, NULL);
    g_source_unref(base);
    return id;
}
