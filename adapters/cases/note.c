#include "adapters/cases/note.h"

#include <stdlib.h>
#include <string.h>

enum { NOTE_KEY_LEN = 32 };

char *note_key(const char *reference, const char *kind)
{
    g_autofree char *text = g_strdup_printf("%s\n%s", kind, reference);
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    return g_strndup(digest, NOTE_KEY_LEN);
}

static json_t *note_get(TcClient *client, const char *prefix, const char *name)
{
    g_autofree char *full = g_strconcat(prefix, name, NULL);
    char *text = tc_client_note_get(client, full);
    json_t *json = text == NULL ? NULL : json_loads(text, JSON_DECODE_ANY, NULL);
    free(text);
    return json;
}

/* json NULL: the note goes. Takes json. */
static bool note_set(TcClient *client, const char *prefix, const char *name, json_t *json, TcError *error)
{
    g_autofree char *full = g_strconcat(prefix, name, NULL);
    char *text = json == NULL ? NULL : json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
    bool done = tc_client_note_set(client, full, text, error);
    free(text);
    json_decref(json);
    return done;
}

static char *note_text(const json_t *json, const char *member) { return g_strdup(json_string_value(json_object_get(json, member))); }

static void note_put(json_t *json, const char *member, const char *text)
{
    if (text != NULL)
        json_object_set_new(json, member, json_string(text));
}

CaseNote *note_case(TcClient *client, const char *key)
{
    CaseNote *note = g_new0(CaseNote, 1);
    json_t *json = note_get(client, "case.", key);
    note->conversation = note_text(json, "conversation");
    note->newest = note_text(json, "newest");
    note->digest = note_text(json, "digest");
    note->pending = note_text(json, "pending");
    note->version = (guint)json_integer_value(json_object_get(json, "version"));
    json_decref(json);
    return note;
}

bool note_case_save(TcClient *client, const char *key, const CaseNote *note, TcError *error)
{
    json_t *json = json_pack("{s:i}", "version", (int)note->version);
    note_put(json, "conversation", note->conversation);
    note_put(json, "newest", note->newest);
    note_put(json, "digest", note->digest);
    note_put(json, "pending", note->pending);
    return note_set(client, "case.", key, json, error);
}

void note_case_free(CaseNote *note)
{
    if (note == NULL)
        return;
    g_free(note->conversation);
    g_free(note->newest);
    g_free(note->digest);
    g_free(note->pending);
    g_free(note);
}

char *note_done(TcClient *client, const char *digest)
{
    json_t *json = note_get(client, "done.", digest);
    char *message = g_strdup(json_string_value(json));
    json_decref(json);
    return message;
}

bool note_done_set(TcClient *client, const char *digest, const char *message, TcError *error)
{
    return note_set(client, "done.", digest, message == NULL ? NULL : json_string(message), error);
}

bool note_row_set(TcClient *client, const char *message, const RowNote *row, TcError *error)
{
    json_t *json = json_pack("{s:i}", "line", (int)row->line);
    note_put(json, "list", row->list);
    note_put(json, "digest", row->digest);
    note_put(json, "key", row->key);
    return note_set(client, "row.", message, json, error);
}

RowNote *note_row(TcClient *client, const char *message)
{
    json_t *json = message == NULL ? NULL : note_get(client, "row.", message);
    if (json == NULL)
        return NULL;
    RowNote *row = g_new0(RowNote, 1);
    row->list = note_text(json, "list");
    row->digest = note_text(json, "digest");
    row->key = note_text(json, "key");
    row->line = (guint)json_integer_value(json_object_get(json, "line"));
    json_decref(json);
    return row;
}

void note_row_free(RowNote *row)
{
    if (row == NULL)
        return;
    g_free(row->list);
    g_free(row->digest);
    g_free(row->key);
    g_free(row);
}
