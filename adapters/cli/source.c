#include "adapters/cli/source.h"

#include "adapters/cli/authority.h"
#include "adapters/cli/command.h"
#include "proto/uuid.h"

#include <libpq-fe.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FETCH "1000"

/* ---- progress ---- */

static void progress(uint64_t rows)
{
    static int64_t said;
    int64_t now = g_get_monotonic_time();
    if (said == 0)
        said = now;
    if (now - said < 2 * G_USEC_PER_SEC || !isatty(STDERR_FILENO))
        return;
    said = now;
    fprintf(stderr, "\r%" G_GUINT64_FORMAT " rows …", rows);
}

/* ---- the database ---- */

static bool run(PGconn *conn, const char *sql)
{
    PGresult *result = PQexec(conn, sql);
    ExecStatusType status = PQresultStatus(result);
    PQclear(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        return true;
    command_fail("%s", PQerrorMessage(conn));
    return false;
}

static const char *field(const PGresult *r, int row, int column) { return PQgetvalue(r, row, column); }

static TcId id_of(const char *text)
{
    TcId id = { { 0 } };
    if (*text && !tc_uuid_parse(text, id.b))
        memset(&id, 0, sizeof id);
    return id;
}

static size_t bytes_of(const char *hex, uint8_t *out, size_t size)
{
    size_t got = 0;
    if (sodium_hex2bin(out, size, hex, strlen(hex), NULL, &got, NULL) != 0)
        return 0;
    return got;
}

static TcDigest digest_of(const char *hex)
{
    TcDigest digest = { { 0 } };
    bytes_of(hex, digest.b, sizeof digest.b);
    return digest;
}

static bool take_row(const Sink *sink, const PGresult *r, int i)
{
    TcAuditRow row = { .sequence = g_ascii_strtoull(field(r, i, 0), NULL, 10), .at = g_ascii_strtoll(field(r, i, 1), NULL, 10),
                       .event = (uint32_t)atoi(field(r, i, 2)), .service = field(r, i, 3), .conversation = id_of(field(r, i, 4)),
                       .message = id_of(field(r, i, 5)), .digest = digest_of(field(r, i, 6)), .detail = field(r, i, 7), .previous = digest_of(field(r, i, 8)) };
    TcDigest hash = digest_of(field(r, i, 9));
    return sink->row(sink->ctx, &row, &hash);
}

static bool take_head(const Sink *sink, const PGresult *r, int i)
{
    uint8_t signature[64] = { 0 };
    TcHead head = { .batch = g_ascii_strtoull(field(r, i, 0), NULL, 10), .last_sequence = g_ascii_strtoull(field(r, i, 1), NULL, 10),
                    .at = g_ascii_strtoll(field(r, i, 2), NULL, 10), .root = digest_of(field(r, i, 3)), .previous = digest_of(field(r, i, 4)),
                    .last_hash = digest_of(field(r, i, 5)) };
    bytes_of(field(r, i, 6), signature, sizeof signature);
    return sink->head(sink->ctx, &head, signature);
}

static bool take_message(const Sink *sink, const PGresult *r, int i)
{
    TcId id = id_of(field(r, i, 0));
    TcDigest digest = digest_of(field(r, i, 2));
    size_t len = strlen(field(r, i, 3)) / 2;
    g_autofree uint8_t *header = g_malloc(len + 1);
    len = bytes_of(field(r, i, 3), header, len);
    return sink->message(sink->ctx, &id, g_ascii_strtoull(field(r, i, 1), NULL, 10), &digest, header, len);
}

/* Rows up to and with a sequence, from the cursor; some are left over from the fetch before. */
typedef struct Rows { PGconn *conn; PGresult *page; int next; uint64_t count; } Rows;

static bool rows_upto(Rows *rows, const Sink *sink, uint64_t last)
{
    for (;;) {
        if (rows->page == NULL || rows->next >= PQntuples(rows->page)) {
            PQclear(rows->page);
            rows->page = PQexec(rows->conn, "FETCH " FETCH " FROM audit_rows");
            rows->next = 0;
            if (PQresultStatus(rows->page) != PGRES_TUPLES_OK || PQntuples(rows->page) == 0)
                return true;
        }
        if (g_ascii_strtoull(field(rows->page, rows->next, 0), NULL, 10) > last)
            return true;
        if (!take_row(sink, rows->page, rows->next++))
            return false;
        progress(++rows->count);
    }
}

static bool each_page(PGconn *conn, const char *fetch, const Sink *sink, bool (*take)(const Sink *, const PGresult *, int), Rows *rows)
{
    for (;;) {
        PGresult *page = PQexec(conn, fetch);
        int count = PQntuples(page);
        bool good = PQresultStatus(page) == PGRES_TUPLES_OK;
        for (int i = 0; good && i < count; i++) {
            good = rows == NULL || rows_upto(rows, sink, g_ascii_strtoull(field(page, i, 1), NULL, 10));
            good = good && take(sink, page, i);
        }
        PQclear(page);
        if (!good || count == 0)
            return good;
    }
}

/* What the database finds of itself: coordination that is not what was recorded. */
static bool take_mismatches(PGconn *conn, const Sink *sink)
{
    PGresult *result = PQexec(conn, "SELECT problem FROM throughcare.coordination_mismatch LIMIT 1");
    bool good = PQresultStatus(result) == PGRES_TUPLES_OK || (command_fail("%s", PQerrorMessage(conn)), false);
    if (good && PQntuples(result) > 0 && sink->mismatch != NULL)
        good = sink->mismatch(sink->ctx, field(result, 0, 0));
    PQclear(result);
    return good;
}

bool source_database(const char *conninfo, const Sink *sink)
{
    PGconn *conn = PQconnectdb(conninfo);
    Rows rows = { .conn = conn };
    bool good = PQstatus(conn) == CONNECTION_OK || (command_fail("%s", PQerrorMessage(conn)), false);
    good = good && run(conn, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") &&
           run(conn, "DECLARE audit_rows CURSOR FOR SELECT sequence, at, event, service, coalesce(conversation::text, ''), coalesce(message::text, ''), "
                     "coalesce(encode(digest, 'hex'), ''), detail, encode(prev_hash, 'hex'), encode(hash, 'hex') FROM throughcare.audit_export ORDER BY sequence") &&
           run(conn, "DECLARE heads CURSOR FOR SELECT no, last_sequence, at, encode(root, 'hex'), encode(prev_hash, 'hex'), encode(last_hash, 'hex'), "
                     "encode(signature, 'hex') FROM throughcare.batch_export WHERE no > 0 ORDER BY no") &&
           run(conn, "DECLARE messages CURSOR FOR SELECT id, sequence, encode(digest, 'hex'), encode(header, 'hex') FROM throughcare.message_export");
    good = good && each_page(conn, "FETCH " FETCH " FROM heads", sink, take_head, &rows) && rows_upto(&rows, sink, G_MAXUINT64) &&
           each_page(conn, "FETCH " FETCH " FROM messages", sink, take_message, NULL) && take_mismatches(conn, sink);
    PQclear(rows.page);
    PQfinish(conn);
    return good;
}

/* ---- an export ---- */

static bool line_row(const Sink *sink, const json_t *j)
{
    TcAuditRow row = { .sequence = (uint64_t)json_integer_value(json_object_get(j, "sequence")), .at = json_integer_value(json_object_get(j, "at")),
                       .event = (uint32_t)json_integer_value(json_object_get(j, "event")), .service = command_text(j, "service"),
                       .conversation = id_of(command_text(j, "conversation")), .message = id_of(command_text(j, "message")),
                       .digest = digest_of(command_text(j, "digest")), .detail = command_text(j, "detail"), .previous = digest_of(command_text(j, "previous")) };
    TcDigest hash = digest_of(command_text(j, "hash"));
    return sink->row(sink->ctx, &row, &hash);
}

static bool line_head(const Sink *sink, const json_t *j)
{
    uint8_t signature[64] = { 0 };
    TcHead head = { .batch = (uint64_t)json_integer_value(json_object_get(j, "no")), .last_sequence = (uint64_t)json_integer_value(json_object_get(j, "last_sequence")),
                    .at = json_integer_value(json_object_get(j, "at")), .root = digest_of(command_text(j, "root")),
                    .previous = digest_of(command_text(j, "previous")), .last_hash = digest_of(command_text(j, "last_hash")) };
    bytes_of(command_text(j, "signature"), signature, sizeof signature);
    return sink->head(sink->ctx, &head, signature);
}

static bool line_message(const Sink *sink, const json_t *j)
{
    TcId id = id_of(command_text(j, "id"));
    TcDigest digest = digest_of(command_text(j, "digest"));
    return sink->message(sink->ctx, &id, (uint64_t)json_integer_value(json_object_get(j, "sequence")), &digest, NULL, 0);
}

static bool take_line(const Sink *sink, const json_t *line)
{
    const json_t *row = json_object_get(line, "row"), *batch = json_object_get(line, "batch"), *message = json_object_get(line, "message");
    return row != NULL ? line_row(sink, row) : batch != NULL ? line_head(sink, batch) : message != NULL ? line_message(sink, message) : true;
}

bool source_export(const char *path, const Sink *sink)
{
    FILE *in = fopen(path, "r");
    char *line = NULL;
    size_t size = 0;
    ssize_t len;
    uint64_t number = 0;
    bool good = in != NULL || (command_fail(_("%s cannot be read."), path), false);
    while (good && (len = getline(&line, &size, in)) > 0) {
        json_t *json = json_loadb(line, (size_t)len, JSON_REJECT_DUPLICATES, NULL);
        number++;
        if (json == NULL || (number == 1 && strcmp(command_text(json, "export"), "throughcare-audit") != 0))
            good = (command_fail(_("%s:%" G_GUINT64_FORMAT ": this is not a line of an export."), path, number), false);
        good = good && take_line(sink, json);
        json_decref(json);
        progress(number);
    }
    free(line);
    if (in != NULL)
        fclose(in);
    return good;
}

/* ---- writing one ---- */

static bool put(FILE *out, json_t *line)
{
    bool good = json_dumpf(line, out, JSON_COMPACT) == 0 && fputc('\n', out) != EOF;
    json_decref(line);
    return good;
}

static bool write_row(void *out, const TcAuditRow *row, const TcDigest *hash)
{
    char conversation[TC_UUID_TEXT_LEN + 1], message[TC_UUID_TEXT_LEN + 1];
    static const TcDigest none;
    tc_uuid_format(row->conversation.b, conversation);
    tc_uuid_format(row->message.b, message);
    g_autofree char *digest = authority_hex(row->digest.b, 32), *previous = authority_hex(row->previous.b, 32), *own = authority_hex(hash->b, 32);
    return put(out, json_pack("{s:{s:I, s:I, s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s}}", "row", "sequence", (json_int_t)row->sequence, "at", (json_int_t)row->at,
                              "event", (int)row->event, "service", row->service, "conversation", tc_id_is_none(&row->conversation) ? "" : conversation,
                              "message", tc_id_is_none(&row->message) ? "" : message, "digest", tc_digest_equal(&row->digest, &none) ? "" : digest,
                              "detail", row->detail, "previous", previous, "hash", own));
}

static bool write_head(void *out, const TcHead *head, const uint8_t signature[64])
{
    g_autofree char *root = authority_hex(head->root.b, 32), *previous = authority_hex(head->previous.b, 32), *last = authority_hex(head->last_hash.b, 32);
    g_autofree char *sign = authority_hex(signature, 64);
    return put(out, json_pack("{s:{s:I, s:I, s:I, s:s, s:s, s:s, s:s}}", "batch", "no", (json_int_t)head->batch, "last_sequence", (json_int_t)head->last_sequence,
                              "at", (json_int_t)head->at, "root", root, "previous", previous, "last_hash", last, "signature", sign));
}

static bool write_message(void *out, const TcId *id, uint64_t sequence, const TcDigest *digest, const void *header, size_t len)
{
    char text[TC_UUID_TEXT_LEN + 1];
    (void)header, (void)len;
    tc_uuid_format(id->b, text);
    g_autofree char *hex = authority_hex(digest->b, 32);
    return put(out, json_pack("{s:{s:s, s:I, s:s}}", "message", "id", text, "sequence", (json_int_t)sequence, "digest", hex));
}

Sink source_writer(FILE *out)
{
    fputs("{\"export\":\"throughcare-audit\",\"version\":1}\n", out);
    return (Sink){ write_row, write_head, write_message, NULL, out };
}
