/* An adapter's own notes, in the same spool as what they speak of. */
#include "adapters/sdk/client.h"
#include "adapters/sdk/error.h"

#include <string.h>

bool tc_client_note_set(TcClient *client, const char *name, const char *value, TcError *error)
{
    if (name == NULL || name[0] == '\0')
        return error_set(error, "missing_field", "name", "A note needs a name.");
    if (value == NULL)
        spool_do(client->spool, SQL_NOTE_REMOVE, "t", name);
    else
        spool_do(client->spool, SQL_NOTE_SET, "tt", name, value);
    return spool_ok(client->spool, error);
}

char *tc_client_note_get(TcClient *client, const char *name)
{
    char *value = NULL;
    sqlite3_stmt *row = spool_ask(client->spool, SQL_NOTE_GET, "t", name);
    if (spool_next(client->spool, row)) {
        value = strdup((const char *)sqlite3_column_text(row, 0));
        spool_done(row);
    }
    return value;
}
