/* throughcare-broker: reads its configuration, checks that strangers stay out, opens the doors, and runs the loop. */
#include "broker/broker.h"
#include "broker/log.h"
#include "broker/wallclock.h"
#include "proto/guard.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

static const char *const summary =
    "Carries messages between the services of an area and keeps their record in PostgreSQL.\n"
    "\n"
    "  throughcare-broker --config /etc/throughcare/broker.conf\n"
    "\n"
    "SIGHUP reloads the directory; SIGTERM finishes what is under way and takes leave. A second broker on the\n"
    "same database stands by and takes over. Exit codes: 0 left in good order, 1 could not start, 2 wrong\n"
    "options, 3 displaced by another broker. See throughcare-broker(8).";

static int fail(char *problem)
{
    g_printerr("throughcare-broker: %s\n", problem);
    g_free(problem);
    return 1;
}

static void free_queue(void *queue)
{
    Queue *q = queue;
    while (!g_queue_is_empty(&q->unheld))
        g_free(g_queue_pop_head(&q->unheld));
    g_free(q->service);
    g_free(q);
}

static void prepare(Broker *broker)
{
    broker->epoll = epoll_create1(EPOLL_CLOEXEC);
    broker->doors = g_hash_table_new(g_str_hash, g_str_equal);
    broker->queues = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_queue);
    broker->floors = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    broker->blocked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    broker->settings = settings_new();
    broker->refusals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    broker->last_delivery = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    broker->memory = memory_new();
    broker->clocks = clocks_new();
    broker->recovering = true; /* until the database says where the log stands */
    g_queue_init(&broker->incoming);
    g_queue_init(&broker->redo);
    broker->zmq = zmq_ctx_new();
    zmq_ctx_set(broker->zmq, ZMQ_MAX_SOCKETS, 4096);
}

static bool load_files(Broker *broker, const char *path, char **problem)
{
    broker->config = config_read(path, problem);
    if (!broker->config || !(broker->keys = config_keys(broker->config->keys_path, problem)) || !(broker->directory = reload_read(broker, problem)))
        return false;
    if (broker->config->time_shift_path && !broker->directory->made_up) {
        *problem = g_strdup("time_shift_file is for made-up directories only; this one is real");
        return false;
    }
    wallclock_shift_by(broker->config->time_shift_path);
    return true;
}

static bool open_all(Broker *broker, char **problem)
{
    StoreConfig config = { .conninfo = broker->config->conninfo, .clock_shift = wallclock_shift(), .retention_weeks = broker->config->retention_weeks };
    StoreCallbacks callbacks = { commit_state, commit_batch, broker };
    broker->sealer = (Sealer){ .authority = broker->directory->authority, .broker = broker->directory->broker,
                               .signing_key = broker->keys->signing_secret, .last_delivery = broker->last_delivery };
    if (!zap_open(broker, problem) || !selfcheck_run(broker, problem))
        return false;
    broker->store = store_new(&config, &callbacks);
    if (broker->config->admin_path && !(broker->admin = admin_new(broker, problem)))
        return false;
    if (broker->config->metrics_host && !(broker->metrics = metrics_new(broker, problem)))
        return false;
    return door_open_all(broker, problem);
}

static gboolean free_event(gpointer event, gpointer ctx)
{
    (void)ctx;
    event_free(event);
    return TRUE;
}

static void close_all(Broker *broker)
{
    broker->recovering = true; /* what the store gives back now is only put aside */
    store_free(broker->store);
    batch_free(broker->open);
    g_queue_foreach(&broker->incoming, (GFunc)(void (*)(void))free_event, NULL);
    g_queue_foreach(&broker->redo, (GFunc)(void (*)(void))free_event, NULL);
    g_queue_clear(&broker->incoming);
    g_queue_clear(&broker->redo);
    if (broker->sessions)
        session_free_all(broker);
    admin_free(broker->admin);
    metrics_free(broker->metrics);
    door_close_all(broker);
    selfcheck_free(broker);
    zap_close(broker);
    zmq_ctx_term(broker->zmq);
    clocks_free(broker->clocks);
    memory_free(broker->memory);
    g_hash_table_unref(broker->doors);
    g_hash_table_unref(broker->queues);
    g_hash_table_unref(broker->floors);
    g_hash_table_unref(broker->blocked);
    settings_free(broker->settings);
    g_hash_table_unref(broker->refusals);
    g_hash_table_unref(broker->last_delivery);
    tc_directory_unref(broker->directory);
    config_keys_free(broker->keys);
    config_free(broker->config);
    close(broker->epoll);
}

int main(int argc, char **argv)
{
    static char *path;
    static gboolean check, version;
    GOptionEntry entries[] = {
        { "config", 'c', 0, G_OPTION_ARG_FILENAME, &path, "the configuration file (required)", "FILE" },
        { "check", 0, 0, G_OPTION_ARG_NONE, &check, "check configuration, keys and directory, and end", NULL },
        { "version", 0, 0, G_OPTION_ARG_NONE, &version, "say which version this is, and end", NULL },
        { NULL, 0, 0, 0, NULL, NULL, NULL },
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;
    g_option_context_set_summary(context, summary);
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || (!path && !version) || argc > 1) {
        g_printerr("throughcare-broker: %s\nTry --help.\n", error ? error->message : argc > 1 ? "one word too many" : "--config is missing");
        return 2;
    }
    if (version) {
        puts("throughcare-broker " TC_VERSION);
        return 0;
    }
    tc_guard_memory();
    static Broker broker;
    char *problem = NULL;
    if (sodium_init() < 0)
        return fail(g_strdup("libsodium does not start"));
    if (!load_files(&broker, path, &problem))
        return fail(problem);
    if (check) {
        printf("good: %s, directory serial %" G_GUINT64_FORMAT ", %zu services\n", broker.directory->name, broker.directory->serial, broker.directory->service_count);
        return 0;
    }
    prepare(&broker);
    if (!open_all(&broker, &problem))
        return fail(problem);
    int code = broker_run(&broker);
    close_all(&broker);
    g_free(path);
    return code;
}
