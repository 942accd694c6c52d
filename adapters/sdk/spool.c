#include "adapters/sdk/spool.h"

#include "adapters/sdk/error.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

GResource *spool_get_resource(void); /* generated */

static const char *const spool_names[SQL_COUNT] = {
#define X(value, name) [value] = name,
    SPOOL_SQL(X)
#undef X
};
static const char *const spool_steps[] = {
#define X(name) name,
    SPOOL_SCHEMA(X)
#undef X
    NULL,
};

struct Spool {
    sqlite3 *db;
    sqlite3_stmt *statements[SQL_COUNT];
    int failed;          /* the first failure since the last question; SQLITE_OK when none */
    bool in_transaction; /* a failure then stays until its end, whoever asks in between */
    bool gathering;      /* transactions are parts of a greater one … */
    int lost;            /* … which SQLite has ended because of this; SQLITE_OK: it stands */
};

static void spool_note_failure(Spool *spool, int result)
{
    if (spool->failed == SQLITE_OK && result != SQLITE_OK && result != SQLITE_ROW && result != SQLITE_DONE)
        spool->failed = result & 0xff; /* the primary code: extended ones are switched off again by none of us */
    if (spool->gathering && spool->lost == SQLITE_OK && spool->failed != SQLITE_OK && sqlite3_get_autocommit(spool->db))
        spool->lost = spool->failed;
}

static bool spool_error(int failed, TcError *error)
{
    switch (failed) {
    case SQLITE_FULL:
        return error_set(error, "spool_full", NULL, "The disk under the spool is full, so nothing more is taken. Make room; nothing is lost.");
    case SQLITE_NOMEM:
        return error_set(error, "spool", NULL, "There is no memory left, so nothing was done. Give the program more; nothing is lost.");
    case SQLITE_BUSY:
        return error_set(error, "spool", NULL, "Another program uses this spool. Stop it first.");
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return error_set(error, "spool", NULL, "The spool file is damaged. Restore it, or start with a new one and tell the operator.");
    default:
        return error_set(error, "spool", NULL, "The spool cannot be read or written (%s). Look at its disk.", sqlite3_errstr(failed));
    }
}

bool spool_ok(Spool *spool, TcError *error)
{
    int failed = spool->failed;
    if (!spool->in_transaction)
        spool->failed = SQLITE_OK;
    return failed == SQLITE_OK || spool_error(failed, error);
}

static void spool_execute(Spool *spool, const char *text)
{
    if (spool->failed == SQLITE_OK)
        spool_note_failure(spool, sqlite3_exec(spool->db, text, NULL, NULL, NULL));
}

static int spool_bind_one(sqlite3_stmt *statement, int column, char letter, va_list *args)
{
    const void *bytes;
    const TcId *id;
    switch (letter) {
    case 'i': return sqlite3_bind_int64(statement, column, va_arg(*args, int64_t));
    case 't': return sqlite3_bind_text(statement, column, va_arg(*args, const char *), -1, SQLITE_TRANSIENT);
    case 'd': return sqlite3_bind_blob(statement, column, va_arg(*args, const TcDigest *), sizeof(TcDigest), SQLITE_TRANSIENT);
    case 'u':
        id = va_arg(*args, const TcId *);
        return id == NULL || tc_id_is_none(id) ? sqlite3_bind_null(statement, column)
                                               : sqlite3_bind_blob(statement, column, id, sizeof *id, SQLITE_TRANSIENT);
    case 'b':
        bytes = va_arg(*args, const void *);
        return sqlite3_bind_blob64(statement, column, bytes, va_arg(*args, size_t), SQLITE_TRANSIENT);
    default: g_assert_not_reached();
    }
}

/* The text of a file in sql/; ends in NUL. */
static GBytes *spool_text(const char *name)
{
    g_autofree char *path = g_strconcat("/throughcare/sdk/", name, ".sql", NULL);
    GBytes *text = g_resource_lookup_data(spool_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    if (text == NULL)
        g_error("the statement %s is missing from this build", name);
    return text;
}

static void spool_prepare(Spool *spool, Sql sql)
{
    g_autoptr(GBytes) text = spool_text(spool_names[sql]);
    spool_note_failure(spool, sqlite3_prepare_v3(spool->db, g_bytes_get_data(text, NULL), -1, SQLITE_PREPARE_PERSISTENT,
                                                 &spool->statements[sql], NULL));
}

static sqlite3_stmt *spool_bind(Spool *spool, Sql sql, const char *format, va_list *args)
{
    sqlite3_stmt **statement = &spool->statements[sql];
    if (*statement == NULL)
        spool_prepare(spool, sql);
    if (spool->failed != SQLITE_OK)
        return NULL;
    sqlite3_reset(*statement);
    for (int i = 0; format[i] != '\0'; i++)
        spool_note_failure(spool, spool_bind_one(*statement, i + 1, format[i], args));
    return spool->failed == SQLITE_OK ? *statement : NULL;
}

bool spool_next(Spool *spool, sqlite3_stmt *row)
{
    if (row == NULL)
        return false;
    int result = sqlite3_step(row);
    if (result == SQLITE_ROW)
        return true;
    spool_note_failure(spool, result);
    sqlite3_reset(row);
    return false;
}

void spool_done(sqlite3_stmt *row)
{
    sqlite3_reset(row);
}

void spool_do(Spool *spool, Sql sql, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    sqlite3_stmt *row = spool_bind(spool, sql, format, &args);
    va_end(args);
    while (spool_next(spool, row))
        ;
}

sqlite3_stmt *spool_ask(Spool *spool, Sql sql, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    sqlite3_stmt *row = spool_bind(spool, sql, format, &args);
    va_end(args);
    return row;
}

int64_t spool_number(Spool *spool, int64_t otherwise, Sql sql, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    sqlite3_stmt *row = spool_bind(spool, sql, format, &args);
    va_end(args);
    if (!spool_next(spool, row))
        return otherwise;
    int64_t number = sqlite3_column_type(row, 0) == SQLITE_NULL ? otherwise : sqlite3_column_int64(row, 0);
    spool_done(row);
    return number;
}

int spool_changed(const Spool *spool) { return sqlite3_changes(spool->db); }
int64_t spool_inserted(const Spool *spool) { return sqlite3_last_insert_rowid(spool->db); }
sqlite3 *spool_handle(Spool *spool) { return spool->db; }

TcId spool_id(sqlite3_stmt *row, int column)
{
    TcId id = { 0 };
    if (sqlite3_column_bytes(row, column) == sizeof id)
        memcpy(id.b, sqlite3_column_blob(row, column), sizeof id);
    return id;
}

GBytes *spool_bytes(sqlite3_stmt *row, int column)
{
    if (sqlite3_column_type(row, column) == SQLITE_NULL)
        return NULL;
    const void *bytes = sqlite3_column_blob(row, column);
    return g_bytes_new(bytes, (gsize)sqlite3_column_bytes(row, column));
}

void spool_begin(Spool *spool)
{
    g_assert(!spool->in_transaction);
    spool->failed = SQLITE_OK;
    spool->in_transaction = true;
    spool_execute(spool, spool->gathering ? "SAVEPOINT act" : "BEGIN IMMEDIATE");
}

/* SQLite ends the transaction itself after some failures. */
void spool_rollback(Spool *spool)
{
    for (int i = 0; i < SQL_COUNT; i++)
        sqlite3_reset(spool->statements[i]);
    if (!sqlite3_get_autocommit(spool->db))
        sqlite3_exec(spool->db, spool->gathering ? "ROLLBACK TO act; RELEASE act" : "ROLLBACK", NULL, NULL, NULL);
    spool->failed = SQLITE_OK;
    spool->in_transaction = false;
}

bool spool_commit(Spool *spool, TcError *error)
{
    spool_execute(spool, spool->gathering ? "RELEASE act" : "COMMIT");
    int failed = spool->failed;
    if (failed == SQLITE_OK) {
        spool->in_transaction = false;
        return true;
    }
    spool_rollback(spool);
    return spool_error(failed, error);
}

void spool_gather(Spool *spool)
{
    g_assert(!spool->in_transaction && !spool->gathering);
    spool->gathering = true;
    spool->lost = sqlite3_exec(spool->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) & 0xff;
}

bool spool_keep(Spool *spool, TcError *error)
{
    g_assert(!spool->in_transaction && spool->gathering);
    spool->gathering = false;
    if (spool->lost == SQLITE_OK)
        spool->lost = sqlite3_exec(spool->db, "COMMIT", NULL, NULL, NULL) & 0xff;
    if (spool->lost == SQLITE_OK)
        return true;
    spool_rollback(spool);
    return spool_error(spool->lost, error);
}

bool spool_gathers(const Spool *spool) { return spool->gathering; }

const ProtobufCMessage *spool_unpack(Spool *spool, TcArena *arena, const ProtobufCMessageDescriptor *type, const void *data, size_t len,
                                     TcUnknown unknown)
{
    TcProblem problem;
    const ProtobufCMessage *message = tc_unpack(arena, type, data, len, unknown, &problem);
    if (message == NULL && problem.code == TC_CODE_TOO_LARGE)
        spool_note_failure(spool, SQLITE_NOMEM);
    return message;
}

int64_t spool_size(const Spool *spool)
{
    int64_t pages = 0;
    sqlite3_stmt *row = NULL;
    const char *text = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";
    if (sqlite3_prepare_v2(spool->db, text, -1, &row, NULL) == SQLITE_OK && sqlite3_step(row) == SQLITE_ROW)
        pages = sqlite3_column_int64(row, 0);
    sqlite3_finalize(row);
    return pages;
}

static int spool_version(Spool *spool)
{
    int version = -1;
    sqlite3_stmt *row = NULL;
    int result = sqlite3_prepare_v2(spool->db, "PRAGMA user_version", -1, &row, NULL);
    if (result == SQLITE_OK && (result = sqlite3_step(row)) == SQLITE_ROW)
        version = sqlite3_column_int(row, 0);
    spool_note_failure(spool, result);
    sqlite3_finalize(row);
    return version;
}

/* Each step and its number are committed together. */
static bool spool_migrate(Spool *spool, TcError *error)
{
    int version = spool_version(spool), newest = 0;
    while (spool_steps[newest] != NULL)
        newest++;
    if (version > newest)
        return error_set(error, "spool", NULL, "The spool was made by a newer version of the software. Update this one.");
    for (; spool->failed == SQLITE_OK && version < newest; version++) {
        char number[64];
        g_snprintf(number, sizeof number, "PRAGMA user_version = %d", version + 1);
        g_autoptr(GBytes) step = spool_text(spool_steps[version]);
        spool_begin(spool);
        spool_execute(spool, g_bytes_get_data(step, NULL));
        spool_execute(spool, number);
        if (!spool_commit(spool, error))
            return false;
    }
    return spool_ok(spool, error);
}

/* What a spool belongs to is fixed by its first opening. */
static bool spool_claim(Spool *spool, const char *name, const void *value, size_t len, TcError *error)
{
    sqlite3_stmt *row = spool_ask(spool, SQL_MARK_GET, "t", name);
    if (spool_next(spool, row)) {
        bool same = (size_t)sqlite3_column_bytes(row, 0) == len && memcmp(sqlite3_column_blob(row, 0), value, len) == 0;
        spool_done(row);
        return same || error_set(error, "spool", "spool", "The spool belongs to another %s. Give this passport a spool of its own.", name);
    }
    spool_do(spool, SQL_MARK_SET, "tb", name, value, len);
    return spool_ok(spool, error);
}

/* SQLite would make the file as the umask has it; others must never see it. */
static bool spool_touch(const char *path, TcError *error)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return error_set(error, "spool", "spool", "Cannot open the spool: %s. Look at its folder.", g_strerror(errno));
    close(fd);
    return true;
}

static bool spool_start(Spool *spool, const char *path, TcError *error)
{
    if (!spool_touch(path, error))
        return false;
    spool_note_failure(spool, sqlite3_open_v2(path, &spool->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL));
    spool_execute(spool, "PRAGMA locking_mode = EXCLUSIVE");
    spool_execute(spool, "PRAGMA journal_mode = WAL");
    spool_execute(spool, "PRAGMA synchronous = FULL");
    spool_execute(spool, "PRAGMA secure_delete = ON");
    spool_execute(spool, "BEGIN IMMEDIATE; COMMIT"); /* takes the lock, which stays */
    return spool_ok(spool, error) && spool_migrate(spool, error);
}

Spool *spool_open(const char *path, const char *service, const TcDigest *authority, TcError *error)
{
    g_autoptr(Spool) spool = g_new0(Spool, 1);
    if (spool_start(spool, path, error) && spool_claim(spool, "service", service, strlen(service), error)
        && spool_claim(spool, "authority", authority, sizeof *authority, error))
        return g_steal_pointer(&spool);
    return NULL;
}

void spool_close(Spool *spool)
{
    if (spool == NULL)
        return;
    for (int i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(spool->statements[i]);
    sqlite3_close(spool->db);
    g_free(spool);
}
