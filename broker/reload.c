/* The directory's file: read at start and on SIGHUP, verified, put in force, and recorded in the log. An older serial is refused. */
#include "broker/broker.h"
#include "broker/codes.h"
#include "broker/log.h"
#include "broker/wallclock.h"

#include <string.h>

TcDirectory *reload_read(const Broker *broker, char **problem)
{
    char *data;
    gsize len;
    g_autoptr(GError) error = NULL;
    if (!g_file_get_contents(broker->config->directory_path, &data, &len, &error)) {
        *problem = g_strdup(error->message);
        return NULL;
    }
    g_autoptr(GBytes) bytes = g_bytes_new_take(data, len);
    g_autoptr(TcDirectory) directory = tc_directory_open(bytes, &broker->config->authority, problem);
    if (!directory)
        return NULL;
    if (memcmp(directory->broker_curve_key.b, broker->keys->curve_public, 32) != 0) {
        *problem = g_strdup("the directory names another broker's CURVE key: wrong keys, or a directory made for another installation");
        return NULL;
    }
    for (size_t i = 0; i < directory->broker_signing_key_count; i++)
        if (memcmp(directory->broker_signing_keys[i].key.b, broker->keys->signing_public, 32) == 0)
            return g_steal_pointer(&directory);
    *problem = g_strdup("the directory does not hold this broker's signing key");
    return NULL;
}

void reload_record(Broker *broker)
{
    AdminAct act = { .audit_event = AUDIT_DIRECTORY, .serial = broker->directory->serial };
    gsize len = 0;
    act.body.data = g_bytes_get_data(broker->directory->signed_bytes, &len);
    act.body.len = len;
    g_strlcpy(act.subject, "directory", sizeof act.subject);
    g_snprintf(act.detail, sizeof act.detail, "serial %" G_GUINT64_FORMAT, broker->directory->serial);
    turn_take(broker, event_new_admin(&act, broker->directory));
}

bool reload_run(Broker *broker, char **problem)
{
    g_autoptr(TcDirectory) fresh = reload_read(broker, problem);
    if (!fresh)
        return false;
    if (fresh->serial < broker->directory->serial) {
        *problem = g_strdup_printf("serial %" G_GUINT64_FORMAT " is older than %" G_GUINT64_FORMAT ", which is in force", fresh->serial, broker->directory->serial);
        return false;
    }
    if (fresh->serial == broker->directory->serial) {
        log_event(LOG_INFO_LEVEL, "directory_same", "serial", log_number((int64_t)fresh->serial), NULL);
        return true;
    }
    tc_directory_unref(broker->directory);
    broker->directory = g_steal_pointer(&fresh);
    log_event(LOG_INFO_LEVEL, "directory", "serial", log_number((int64_t)broker->directory->serial), NULL);
    if (store_state(broker->store) == STORE_ACTIVE)
        reload_record(broker);
    broker->orphans_at = 0;
    session_end_blocked(broker);
    session_announce_all(broker);
    return door_open_all(broker, problem);
}
