/* The spool: everything a station has in hand, in one SQLite file (WAL, synchronous FULL) that no other program may open meanwhile.
 *
 * What is committed here survives a power cut; what is not has not happened. Statements live in sql/, one a file, named by an
 * enum. A failure inside a transaction is kept until spool_commit, which then rolls everything back and says why: a full disk is
 * "spool_full", everything else "spool". So a transaction reads as a list of acts and one question at the end.
 * Blobs and texts of a row are borrowed until the next spool_next or spool_done of that statement. One thread. */
#ifndef SDK_SPOOL_H
#define SDK_SPOOL_H

#include "proto/types.h"
#include "proto/unpack.h"
#include "spool_sql.h"
#include "throughcare/throughcare.h"

#include <glib.h>
#include <sqlite3.h>

/* One value a statement: SQL_ITEM_ADD is sql/item_add.sql. */
typedef enum Sql {
#define X(value, name) value,
    SPOOL_SQL(X)
#undef X
    SQL_COUNT,
} Sql;

typedef struct Spool Spool;

/* Makes the file (mode 0600) or brings its schema up to date. Refuses one that belongs to another service, authority or a newer SDK. */
Spool *spool_open(const char *path, const char *service, const TcDigest *authority, TcError *error);
void spool_close(Spool *spool); /* takes NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Spool, spool_close)

void spool_begin(Spool *spool);
/* False: nothing of the transaction has happened. */
bool spool_commit(Spool *spool, TcError *error);
/* Gives up a transaction that a caller found reason to end. */
void spool_rollback(Spool *spool);
/* From now until spool_keep, transactions and single acts are parts of one that is committed there: a commit in between promises nothing yet.
 * False: none of them has happened, though each said that it had. */
void spool_gather(Spool *spool);
bool spool_keep(Spool *spool, TcError *error);
bool spool_gathers(const Spool *spool);
/* False with the reason, after a failed read or write; outside a transaction it is forgotten then. */
bool spool_ok(Spool *spool, TcError *error);

/* format: one letter an argument: i int64_t, t text or NULL, u const TcId * (none: NULL), d const TcDigest *, b bytes and their size_t. */
void spool_do(Spool *spool, Sql sql, const char *format, ...);
/* A statement to be read row by row with spool_next; one that is left before its end is ended with spool_done. */
sqlite3_stmt *spool_ask(Spool *spool, Sql sql, const char *format, ...);
bool spool_next(Spool *spool, sqlite3_stmt *row);
void spool_done(sqlite3_stmt *row);
/* Rows changed by the last spool_do; the row number it inserted. */
int spool_changed(const Spool *spool);
int64_t spool_inserted(const Spool *spool);

TcId spool_id(sqlite3_stmt *row, int column); /* NULL: none */
GBytes *spool_bytes(sqlite3_stmt *row, int column); /* a copy; NULL for NULL */
/* One whole number from a statement of one row, or otherwise. */
int64_t spool_number(Spool *spool, int64_t otherwise, Sql sql, const char *format, ...);

/* tc_unpack of what the transaction rests on: memory that runs out counts as a failure of the spool, so that nothing is kept half or left out.
 * Bytes that are not good are no failure: NULL, and spool_ok. */
const ProtobufCMessage *spool_unpack(Spool *spool, TcArena *arena, const ProtobufCMessageDescriptor *type, const void *data, size_t len,
                                     TcUnknown unknown);

/* Bytes on disk. */
int64_t spool_size(const Spool *spool);
/* For tests that fill the disk. */
sqlite3 *spool_handle(Spool *spool);

#endif
