#include "adapters/cli/record.h"

#include "adapters/cli/command.h"
#include "proto/json.h"
#include "proto/merkle.h"
#include "proto/sign.h"
#include "proto/uuid.h"
#include "throughcare.pb-c.h"

#include <sodium.h>
#include <string.h>

#define WEEK_US (7 * G_TIME_SPAN_DAY) /* weeks begin on Thursdays, as time did: migration 003 */

typedef struct Accepted { TcId id; uint64_t sequence; TcDigest digest; } Accepted;
typedef struct Dropped { int64_t start; char *day, *detail; } Dropped;
typedef struct HeldReceipt { uint64_t sequence; TcDigest hash; char *whose; bool found; } HeldReceipt;
typedef struct HeldHead { TcHead head; char *whose; bool found; } HeldHead;

struct Record {
    const TcDirectory *directory;
    GByteArray *leaves;          /* row hashes since the last head */
    uint64_t sequence, batch;
    TcDigest last_hash;          /* of the newest row */
    TcDigest batch_hash;         /* of the newest head */
    GHashTable *accepted;        /* sequence -> Accepted: until the message itself came */
    GArray *dropped;             /* Dropped: weeks beyond retention */
    GHashTable *receipts;        /* sequence -> HeldReceipt */
    GHashTable *heads;           /* batch -> HeldHead */
    RecordCounts counts;
    char *problem, *mismatch;
};

static void free_receipt(void *data) { g_free(((HeldReceipt *)data)->whose); g_free(data); }
static void clear_dropped(void *data) { g_free(((Dropped *)data)->day); g_free(((Dropped *)data)->detail); }
static void free_head(void *data) { g_free(((HeldHead *)data)->whose); g_free(data); }

Record *record_new(const TcDirectory *directory)
{
    Record *record = g_new0(Record, 1);
    record->directory = directory;
    record->leaves = g_byte_array_new();
    record->accepted = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    record->dropped = g_array_new(FALSE, FALSE, sizeof(Dropped));
    g_array_set_clear_func(record->dropped, clear_dropped);
    record->receipts = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, free_receipt);
    record->heads = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, free_head);
    return record;
}

void record_free(Record *record)
{
    if (record == NULL)
        return;
    g_byte_array_unref(record->leaves);
    g_hash_table_unref(record->accepted);
    g_array_unref(record->dropped);
    g_hash_table_unref(record->receipts);
    g_hash_table_unref(record->heads);
    g_free(record->problem);
    g_free(record->mismatch);
    g_free(record);
}

const char *record_problem(const Record *record) { return record->problem != NULL ? record->problem : ""; }
RecordCounts record_counts(const Record *record) { return record->counts; }

static bool wrong(Record *record, const char *format, ...) G_GNUC_PRINTF(2, 3);
static bool wrong(Record *record, const char *format, ...)
{
    va_list args;
    if (record->problem != NULL)
        return false; /* the first is named */
    va_start(args, format);
    record->problem = g_strdup_vprintf(format, args);
    va_end(args);
    return false;
}

/* ---- what others hold ---- */

static bool hex_of(const json_t *json, const char *name, uint8_t *out, size_t len)
{
    const char *hex = command_text(json, name);
    size_t got = 0;
    return sodium_hex2bin(out, len, hex, strlen(hex), NULL, &got, NULL) == 0 && got == len;
}

static int64_t time_of(const json_t *json, const char *name)
{
    const json_t *value = json_object_get(json, name);
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autoptr(GDateTime) at = json_is_string(value) ? g_date_time_new_from_iso8601(json_string_value(value), utc) : NULL;
    if (json_is_integer(value))
        return json_integer_value(value);
    return at != NULL ? g_date_time_to_unix(at) * G_USEC_PER_SEC + g_date_time_get_microsecond(at) : -1;
}

static uint64_t number_of(const json_t *json, const char *name) { return (uint64_t)json_integer_value(json_object_get(json, name)); }

static bool hold_receipt(Record *record, const json_t *json, const char *whose)
{
    TcAuditRow row = { .sequence = number_of(json, "sequence"), .at = time_of(json, "at"), .service = command_text(json, "service"), .detail = "" };
    row.event = strcmp(command_text(json, "event"), "wrapped") == 0 ? TC__AUDIT_EVENT__CODE__WRAPPED : TC__AUDIT_EVENT__CODE__ACCEPTED;
    if (!tc_uuid_parse(command_text(json, "conversation"), row.conversation.b) || !tc_uuid_parse(command_text(json, "message"), row.message.b) ||
        !hex_of(json, "digest", row.digest.b, 32) || !hex_of(json, "previous", row.previous.b, 32))
        return false;
    HeldReceipt *receipt = g_new0(HeldReceipt, 1);
    *receipt = (HeldReceipt){ .sequence = row.sequence, .whose = g_strdup(whose) };
    tc_digest_audit(&row, &receipt->hash);
    g_hash_table_replace(record->receipts, &receipt->sequence, receipt);
    record->counts.receipts_held++;
    return true;
}

static bool hold_head(Record *record, const json_t *json, const char *whose)
{
    HeldHead *held = g_new0(HeldHead, 1);
    held->head = (TcHead){ .batch = number_of(json, "batch"), .last_sequence = number_of(json, "last_sequence"), .at = time_of(json, "at") };
    held->whose = g_strdup(whose);
    bool good = hex_of(json, "root", held->head.root.b, 32) && hex_of(json, "previous", held->head.previous.b, 32) &&
                hex_of(json, "last_hash", held->head.last_hash.b, 32);
    if (!good) {
        free_head(held);
        return false;
    }
    g_hash_table_replace(record->heads, &held->head.batch, held);
    record->counts.heads_held++;
    return true;
}

bool record_hold(Record *record, const json_t *held)
{
    size_t i;
    json_t *each;
    const char *whose = command_text(held, "service");
    json_array_foreach (json_object_get(held, "receipts"), i, each)
        if (!hold_receipt(record, each, whose))
            return wrong(record, "receipt %zu held by %s is damaged", i + 1, whose);
    json_array_foreach (json_object_get(held, "heads"), i, each)
        if (!hold_head(record, each, whose))
            return wrong(record, "head %zu held by %s is damaged", i + 1, whose);
    return true;
}

/* ---- rows ---- */

static void note_accepted(Record *record, const TcAuditRow *row)
{
    Accepted *accepted = g_new(Accepted, 1);
    *accepted = (Accepted){ row->message, row->sequence, row->digest };
    g_hash_table_replace(record->accepted, &accepted->sequence, accepted);
}

static bool note_dropped(Record *record, const TcAuditRow *row)
{
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    const char *day = g_str_has_prefix(row->service, "message/") ? row->service + strlen("message/") : "";
    g_autofree char *midnight = g_strconcat(day, "T00:00:00Z", NULL);
    g_autoptr(GDateTime) start = g_date_time_new_from_iso8601(midnight, utc);
    if (start == NULL)
        return wrong(record, "row %" G_GUINT64_FORMAT " says that a week was dropped, and not which", row->sequence);
    Dropped dropped = { g_date_time_to_unix(start) * G_USEC_PER_SEC, g_strdup(day), g_strdup(row->detail) };
    g_array_append_val(record->dropped, dropped);
    return true;
}

bool record_row(Record *record, const TcAuditRow *row, const TcDigest *hash)
{
    TcDigest computed;
    HeldReceipt *receipt = g_hash_table_lookup(record->receipts, &row->sequence);
    if (row->sequence != record->sequence + 1)
        return wrong(record, "row %" G_GUINT64_FORMAT " is missing (%" G_GUINT64_FORMAT " comes instead)", record->sequence + 1, row->sequence);
    if (!tc_digest_equal(&row->previous, &record->last_hash))
        return wrong(record, "row %" G_GUINT64_FORMAT " does not follow the row before it", row->sequence);
    tc_digest_audit(row, &computed);
    if (!tc_digest_equal(&computed, hash))
        return wrong(record, "row %" G_GUINT64_FORMAT " was changed: its hash is not that of what it says", row->sequence);
    if (receipt != NULL && !tc_digest_equal(&receipt->hash, hash))
        return wrong(record, "row %" G_GUINT64_FORMAT " is not the one that %s has a receipt for", row->sequence, receipt->whose);
    if (receipt != NULL)
        receipt->found = true;
    if (row->event == TC__AUDIT_EVENT__CODE__ACCEPTED)
        note_accepted(record, row);
    if (row->event == TC__AUDIT_EVENT__CODE__PARTITION_DROPPED && !note_dropped(record, row))
        return false;
    g_byte_array_append(record->leaves, hash->b, 32);
    record->sequence = row->sequence;
    record->last_hash = *hash;
    record->counts.rows++;
    return true;
}

/* ---- heads ---- */

static bool signed_by_broker(const Record *record, const TcHead *head, const uint8_t signature[64])
{
    TcDigest over;
    tc_digest_head(&record->directory->authority, &record->directory->broker, head, &over);
    for (size_t i = 0; i < record->directory->broker_signing_key_count; i++)
        if (tc_sign_verify(record->directory->broker_signing_keys[i].key.b, over.b, signature))
            return true;
    return false;
}

static bool tree_fits(const Record *record, const TcHead *head)
{
    if (record->leaves->len == 0)
        return false;
    g_autoptr(TcMerkle) tree = tc_merkle_new(record->leaves->data, record->leaves->len / 32);
    return memcmp(tc_merkle_root(tree), head->root.b, 32) == 0;
}

static bool held_fits(Record *record, const TcHead *head)
{
    HeldHead *held = g_hash_table_lookup(record->heads, &head->batch);
    if (held == NULL)
        return true;
    held->found = true;
    return held->head.last_sequence == head->last_sequence && tc_digest_equal(&held->head.root, &head->root) &&
           tc_digest_equal(&held->head.last_hash, &head->last_hash);
}

bool record_head(Record *record, const TcHead *head, const uint8_t signature[64])
{
    unsigned long long no = head->batch;
    if (head->batch != record->batch + 1)
        return wrong(record, "batch %" G_GUINT64_FORMAT " is missing (%llu comes instead)", record->batch + 1, no);
    if (head->last_sequence != record->sequence)
        return wrong(record, "row %" G_GUINT64_FORMAT " is missing, of which batch %llu speaks", record->sequence + 1, no);
    if (!tc_digest_equal(&head->last_hash, &record->last_hash))
        return wrong(record, "batch %llu does not end with its last row (%" G_GUINT64_FORMAT ")", no, record->sequence);
    if (!tc_digest_equal(&head->previous, &record->batch_hash))
        return wrong(record, "batch %llu does not follow the one before it", no);
    if (!tree_fits(record, head))
        return wrong(record, "batch %llu has another root than its rows", no);
    if (!signed_by_broker(record, head, signature))
        return wrong(record, "batch %llu was not signed by the broker", no);
    if (!held_fits(record, head))
        return wrong(record, "batch %llu is not the one that a service was shown", no);
    record->batch = head->batch;
    record->batch_hash = head->last_hash;
    record->counts.batches++;
    g_byte_array_set_size(record->leaves, 0);
    return true;
}

/* ---- messages ---- */

bool record_message(Record *record, const TcId *id, uint64_t sequence, const TcDigest *digest, const void *header, size_t len)
{
    char text[TC_UUID_TEXT_LEN + 1];
    TcDigest computed;
    const Accepted *accepted = g_hash_table_lookup(record->accepted, &sequence);
    tc_uuid_format(id->b, text);
    if (accepted == NULL || !tc_id_equal(&accepted->id, id))
        return wrong(record, "message %s says that row %" G_GUINT64_FORMAT " accepted it, and it did not", text, sequence);
    if (header != NULL)
        tc_digest_item(TC__ITEM_TYPE__CODE__ENVELOPE, header, len, &computed);
    if (!tc_digest_equal(&accepted->digest, digest) || (header != NULL && !tc_digest_equal(&accepted->digest, &computed)))
        return wrong(record, "message %s is not what was accepted in row %" G_GUINT64_FORMAT, text, sequence);
    record->counts.messages++;
    g_hash_table_remove(record->accepted, &sequence);
    return true;
}

static int by_id(const void *a, const void *b) { return memcmp((*(const Accepted *const *)a)->id.b, (*(const Accepted *const *)b)->id.b, 16); }

static bool in_week(const Accepted *accepted, const Dropped *week) { return tc_uuid_time(accepted->id.b) / WEEK_US == week->start / WEEK_US; }

/* What a week was dropped with must be what the record accepted in it: as many, and the same digest over theirs. */
static bool dropped_fits(Record *record, const Dropped *week, GPtrArray *missing)
{
    g_autoptr(GChecksum) over = g_checksum_new(G_CHECKSUM_SHA256);
    guint rows = 0;
    for (guint i = 0; i < missing->len; i++) {
        const Accepted *accepted = missing->pdata[i];
        if (accepted == NULL || !in_week(accepted, week))
            continue;
        g_checksum_update(over, accepted->digest.b, sizeof accepted->digest.b);
        missing->pdata[i] = NULL;
        rows++;
    }
    g_autofree char *detail = g_strdup_printf("rows %u digest %s", rows, g_checksum_get_string(over));
    return strcmp(detail, week->detail) == 0 || wrong(record, "the week of %s was dropped with other messages than the record accepted in it", week->day);
}

/* Accepted messages that are not there, unless their week was dropped on record. */
static bool none_missing(Record *record)
{
    char text[TC_UUID_TEXT_LEN + 1];
    GHashTableIter iter;
    gpointer value;
    g_autoptr(GPtrArray) missing = g_ptr_array_new();
    g_hash_table_iter_init(&iter, record->accepted);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        g_ptr_array_add(missing, value);
    g_ptr_array_sort(missing, by_id);
    for (guint i = 0; i < record->dropped->len; i++)
        if (!dropped_fits(record, &g_array_index(record->dropped, Dropped, i), missing))
            return false;
    for (guint i = 0; i < missing->len; i++) {
        const Accepted *accepted = missing->pdata[i];
        if (accepted == NULL)
            continue;
        tc_uuid_format(accepted->id.b, text);
        return wrong(record, "message %s, accepted in row %" G_GUINT64_FORMAT ", is missing", text, accepted->sequence);
    }
    return true;
}

/* Told at the end: what the log itself lacks explains more. */
bool record_mismatch(Record *record, const char *problem)
{
    g_free(record->mismatch);
    record->mismatch = g_strdup(problem);
    return true;
}

bool record_end(Record *record)
{
    GHashTableIter iter;
    gpointer value;
    if (record->leaves->len > 0)
        return wrong(record, "rows after %" G_GUINT64_FORMAT " belong to no batch", record->sequence - record->leaves->len / 32);
    g_hash_table_iter_init(&iter, record->receipts);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        if (!((HeldReceipt *)value)->found)
            return wrong(record, "row %" G_GUINT64_FORMAT ", for which %s has a receipt, is missing: the end of the record was cut off",
                         ((HeldReceipt *)value)->sequence, ((HeldReceipt *)value)->whose);
    g_hash_table_iter_init(&iter, record->heads);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        if (!((HeldHead *)value)->found)
            return wrong(record, "batch %" G_GUINT64_FORMAT ", which %s was shown, is missing: the end of the record was cut off",
                         ((HeldHead *)value)->head.batch, ((HeldHead *)value)->whose);
    if (record->problem != NULL || !none_missing(record))
        return false;
    return record->mismatch == NULL || wrong(record, "%s", record->mismatch);
}
