/* What a broker must know when it becomes active, asked plainly over the write connection before anything is written. */
#include "broker/store_inner.h"
#include "broker/store_rows.h"

#define HORIZON_US (24 * 3600 * G_TIME_SPAN_SECOND)
#define LAG_US (3600 * G_TIME_SPAN_SECOND)

/* NULL when it failed. Up to three bigint parameters. */
static PGresult *ask(Store *store, const char *name, int count, const int64_t *numbers)
{
    uint64_t wire[3];
    const char *values[3];
    int lengths[3], binary[3] = { 1, 1, 1 };
    for (int i = 0; i < count; i++) {
        wire[i] = GUINT64_TO_BE((uint64_t)numbers[i]);
        values[i] = (const char *)&wire[i];
        lengths[i] = 8;
    }
    bool sent = PQsendQueryParams(store->write.conn, store_sql(name), count, NULL, values, lengths, binary, 1);
    PGresult *result = sent ? store_link_answer(store->write.conn) : NULL;
    if (PQresultStatus(result) == PGRES_TUPLES_OK)
        return result;
    PQclear(result);
    return NULL;
}

static bool load_position(Store *store, StoreStart *start)
{
    PGresult *result = ask(store, "start_position", 0, NULL);
    bool found = result && PQntuples(result) == 1;
    if (found) {
        rows_head(result, 0, &start->head, start->head_signature);
        start->position = (LogPosition){ start->head.batch, start->head.last_sequence, start->head.last_hash };
    }
    PQclear(result);
    return found;
}

static bool load_numbers(Store *store, const char *name, GHashTable *table)
{
    PGresult *result = ask(store, name, 0, NULL);
    for (int i = 0; result && i < PQntuples(result); i++) {
        uint64_t *number = g_new(uint64_t, 1);
        *number = (uint64_t)row_int(result, i, 1);
        g_hash_table_insert(table, g_strdup(PQgetvalue(result, i, 0)), number);
    }
    PQclear(result);
    return result != NULL;
}

static bool load_blocked(Store *store, StoreStart *start)
{
    PGresult *result = ask(store, "start_blocked", 0, NULL);
    for (int i = 0; result && i < PQntuples(result); i++)
        g_hash_table_add(start->blocked, g_strdup(PQgetvalue(result, i, 0)));
    PQclear(result);
    return result != NULL;
}

static bool load_settings(Store *store, StoreStart *start)
{
    PGresult *result = ask(store, "start_settings", 0, NULL);
    for (int i = 0; result && i < PQntuples(result); i++)
        for (int column = 0; column < 2; column++)
            g_ptr_array_add(start->settings, g_strdup(PQgetvalue(result, i, column)));
    PQclear(result);
    return result != NULL;
}

static bool load_number(Store *store, const char *name, int64_t *out)
{
    PGresult *result = ask(store, name, 0, NULL);
    if (result)
        *out = row_int(result, 0, 0);
    PQclear(result);
    return result != NULL;
}

/* Clocks that ran out before the last batch were fired by whoever wrote it, give or take a lag. */
static bool load_clocks(Store *store, StoreStart *start)
{
    int64_t window[3] = { start->head.at - LAG_US, g_get_real_time() + store->clock_shift + HORIZON_US, STORE_CLOCKS_MOST };
    PGresult *result = ask(store, "clocks_running", 3, window);
    for (int i = 0; result && i < PQntuples(result); i++) {
        ClockDue clock;
        rows_clock(result, i, &clock);
        g_array_append_val(start->clocks, clock);
    }
    start->clocks_until = store_clocks_until(start->clocks, STORE_CLOCKS_MOST, window[1]);
    PQclear(result);
    return result != NULL;
}

StoreStart *store_start_load(Store *store)
{
    StoreStart *start = g_new0(StoreStart, 1);
    int64_t serial = 0;
    start->last_delivery = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    start->station_floor = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    start->blocked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    start->settings = g_ptr_array_new_with_free_func(g_free);
    start->clocks = g_array_new(FALSE, FALSE, sizeof(ClockDue));
    bool good = load_position(store, start) && load_numbers(store, "start_queues", start->last_delivery) &&
                load_numbers(store, "start_floors", start->station_floor) && load_blocked(store, start) && load_settings(store, start) &&
                load_number(store, "start_oldest", &start->oldest_id_at) && load_number(store, "start_directory", &serial) &&
                load_clocks(store, start);
    start->directory_serial = (uint64_t)serial;
    if (!good)
        g_clear_pointer(&start, store_start_free);
    return start;
}

void store_start_free(StoreStart *start)
{
    g_hash_table_unref(start->last_delivery);
    g_hash_table_unref(start->station_floor);
    g_hash_table_unref(start->blocked);
    g_ptr_array_unref(start->settings);
    g_array_unref(start->clocks);
    g_free(start);
}
