/* Refusals and failed handshakes, counted by key, code and minute, so that abuse cannot fill the record. */
#include "broker/broker.h"
#include "broker/log.h"
#include "broker/wallclock.h"
#include "proto/errors.h"

#define MINUTE_US (60 * G_TIME_SPAN_SECOND)
#define MOST_KINDS 4096

void refusal_count(Broker *broker, const char *who, int code)
{
    metrics_refused(&broker->counts, code);
    g_autofree char *key = g_strdup_printf("%s %d", who, code);
    RefusalCount *count = g_hash_table_lookup(broker->refusals, key);
    if (!count && g_hash_table_size(broker->refusals) < MOST_KINDS) {
        count = g_new0(RefusalCount, 1);
        g_strlcpy(count->who, who, sizeof count->who);
        count->code = code;
        g_hash_table_insert(broker->refusals, g_steal_pointer(&key), count);
        log_event(LOG_WARNING_LEVEL, "refused", "subject", who, "code", log_number(code), "name", tc_errors_name((uint32_t)code), NULL);
    }
    if (count)
        count->count++;
}

/* Once a minute: what was counted becomes rows. */
void refusal_flush(Broker *broker)
{
    int64_t now = wallclock_now();
    if (now < broker->minute_at + MINUTE_US && now >= broker->minute_at)
        return;
    broker->minute_at = now - now % MINUTE_US;
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(RefusalCount));
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, broker->refusals);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        ((RefusalCount *)value)->minute_at = broker->minute_at;
        g_array_append_vals(rows, value, 1);
    }
    if (store_state(broker->store) == STORE_ACTIVE) {
        store_count_refusals(broker->store, rows);
        g_hash_table_remove_all(broker->refusals);
    }
}
