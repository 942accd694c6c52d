#include "adapters/sdk/view.h"

#include "adapters/sdk/alerts.h"
#include "adapters/sdk/aside.h"
#include "adapters/sdk/changes.h"
#include "adapters/sdk/error.h"
#include "adapters/sdk/look.h"
#include "adapters/sdk/open.h"
#include "adapters/sdk/receipt.h"
#include "adapters/sdk/state.h"
#include "adapters/sdk/wrap.h"
#include "broker/clock.h"
#include "broker/codes.h"
#include "proto/json.h"

enum { VIEW_INBOX_DEFAULT = 200 };

static const char *const view_outbox[] = {
    [OUTBOX_WAITING] = "waiting", [OUTBOX_ACCEPTED] = "accepted", [OUTBOX_REFUSED] = "refused", [OUTBOX_EXPIRED] = "expired",
    [OUTBOX_TAKEN_BACK] = "taken_back",
};

/* ---- One message ---- */

static json_t *view_error(const Letter *letter)
{
    TcError error;
    error_code(&error, letter->code, letter->field);
    json_t *json = json_pack("{s:s,s:s,s:s}", "code", error.code, "field", error.field, "text", error.text);
    if (letter->standing != NULL)
        json_object_set_new(json, "standing", json_string(letter->standing));
    return json;
}

static json_t *view_sealed(const Letter *letter)
{
    json_t *sealed = json_array();
    for (size_t i = 0; i < letter->header->n_parts; i++)
        json_array_append_new(sealed, json_string(open_part_name((int)letter->header->parts[i]->part)));
    return sealed;
}

json_t *view_message_row(const TcClient *client, const Letter *letter)
{
    (void)client;
    json_t *row = tc_json_from_message(&letter->header->base);
    json_object_del(row, "parts");
    json_object_del(row, "content_digest");
    json_object_del(row, "tokens_digest");
    json_object_set_new(row, "row", json_string("message"));
    json_object_set_new(row, "direction", json_string(letter->ours ? "out" : "in"));
    if (letter->ours && !letter->here)
        json_object_set_new(row, "another_station", json_true());
    json_object_set_new(row, "at", look_of_time(letter->at));
    json_object_set_new(row, "sealed", view_sealed(letter));
    if (letter->sequence != 0)
        json_object_set_new(row, "sequence", json_integer(letter->sequence));
    if (letter->ours)
        json_object_set_new(row, "delivery_state", json_string(view_outbox[letter->outbox]));
    else
        json_object_set_new(row, "opened", json_boolean(letter->opened_at != 0));
    if (!letter->good)
        json_object_set_new(row, "signature", json_string("bad_signature"));
    if (letter->ours && letter->outbox == OUTBOX_REFUSED)
        json_object_set_new(row, "error", view_error(letter));
    if (letter->opened_at != 0) {
        json_object_set_new(row, "opened_at", look_of_time(letter->opened_at));
        json_object_set_new(row, "opened_by", json_string(letter->opened_by));
    }
    return row;
}

static const Letter *view_find(const GPtrArray *letters, const TcId *id)
{
    for (guint i = 0; i < letters->len; i++)
        if (tc_id_equal(&((const Letter *)letters->pdata[i])->id, id))
            return letters->pdata[i];
    return NULL;
}

static void view_add_standing(const TcClient *client, json_t *row, const Standing *standing, const Letter *letter)
{
    bool waiting = state_waits_here(client, standing, letter);
    json_object_set_new(row, "state", json_string(standing->name));
    json_object_set_new(row, "waiting", json_boolean(waiting));
    if (letter == standing->request)
        json_object_set_new(row, "versions", json_integer(standing->versions));
    int64_t due = waiting ? state_due(standing, letter) : 0, by = state_answer_by(standing, letter);
    if (due != 0)
        json_object_set_new(row, "due_at", look_of_time(due));
    if (by != 0)
        json_object_set_new(row, "answer_by", look_of_time(by));
}

/* ---- The inbox ---- */

static bool view_kind_fits(const Letter *letter, const json_t *filter)
{
    const char *kind = look_text(filter, "kind");
    g_autofree char *name = tc_json_code_name(&tc__kind__code__descriptor, letter->rules.kind);
    return kind == NULL || g_strcmp0(kind, name) == 0;
}

static bool view_day_fits(const Letter *letter, const char *day)
{
    return letter->rules.kind == KIND_RELEASE_NOTIFICATION && clock_same_day(clock_release_at(&letter->rules), clock_day(day));
}

static bool view_wanted(const TcClient *client, const Standing *standing, const GPtrArray *letters, const Letter *letter, const json_t *filter)
{
    const char *day = look_text(filter, "release_date");
    if (letter->ours != json_is_true(look(filter, "sent")) || letter->rules.kind == KIND_RECALL || state_is_superseded(letters, letter) || !view_kind_fits(letter, filter))
        return false;
    if (json_is_true(look(filter, "waiting")) && !state_waits_here(client, standing, letter))
        return false;
    return day == NULL || view_day_fits(letter, day);
}

static void view_add_changes(const TcClient *client, json_t *row, const GPtrArray *letters, const Letter *letter)
{
    const Letter *before = view_find(letters, &letter->rules.supersedes);
    if (before == NULL || tc_id_is_none(&letter->rules.supersedes))
        return;
    json_t *old = view_message_row(client, before);
    json_object_set_new(row, "changes", changes_between(old, row));
    json_decref(old);
}

/* Appends the conversation's messages that are wanted, newest first, up to the limit. */
static void view_inbox_of(TcClient *client, const TcId *conversation, const json_t *filter, size_t limit, json_t *inbox)
{
    g_autoptr(GPtrArray) letters = letter_conversation(client, conversation);
    Standing standing = state_of(letters);
    for (guint i = letters->len; i-- > 0 && json_array_size(inbox) < limit;) {
        const Letter *letter = letters->pdata[i];
        if (!view_wanted(client, &standing, letters, letter, filter))
            continue;
        json_t *row = view_message_row(client, letter);
        view_add_changes(client, row, letters, letter);
        view_add_standing(client, row, &standing, letter);
        json_array_append_new(inbox, row);
    }
}

static bool view_filter_good(const json_t *filter, TcError *error)
{
    int code;
    const char *kind = look_text(filter, "kind"), *day = look_text(filter, "release_date");
    if (kind != NULL && !tc_json_code_of(&tc__kind__code__descriptor, kind, &code))
        return error_code(error, TC_CODE_UNKNOWN_CODE, "kind");
    return day == NULL || clock_day(day) != 0 || error_code(error, TC_CODE_BAD_DATE, "release_date");
}

json_t *tc_client_inbox(TcClient *client, const json_t *filter, TcError *error)
{
    if (!view_filter_good(filter, error))
        return NULL;
    const json_t *given = look(filter, "limit");
    size_t limit = json_is_integer(given) && json_integer_value(given) > 0 ? (size_t)json_integer_value(given) : VIEW_INBOX_DEFAULT;
    json_t *inbox = json_array();
    g_autoptr(GArray) conversations = letter_conversations(client);
    for (guint i = 0; i < conversations->len && json_array_size(inbox) < limit; i++)
        view_inbox_of(client, &g_array_index(conversations, TcId, i), filter, limit, inbox);
    if (spool_ok(client->spool, error))
        return inbox;
    json_decref(inbox);
    return NULL;
}

/* ---- A conversation ---- */

static void view_messages(const TcClient *client, const GPtrArray *letters, bool related, json_t *rows)
{
    Standing standing = state_of(letters);
    for (guint i = 0; i < letters->len; i++) {
        const Letter *letter = letters->pdata[i];
        json_t *row = view_message_row(client, letter);
        view_add_changes(client, row, letters, letter);
        view_add_standing(client, row, &standing, letter);
        if (related)
            json_object_set_new(row, "related", json_true());
        json_array_append_new(rows, row);
    }
}

static void view_events(TcClient *client, const TcId *conversation, json_t *rows)
{
    sqlite3_stmt *event = spool_ask(client->spool, SQL_EVENT_CONVERSATION, "u", conversation);
    while (spool_next(client->spool, event)) {
        json_t *row = json_loads((const char *)sqlite3_column_text(event, 1), 0, NULL);
        json_object_set_new(row, "number", json_integer(sqlite3_column_int64(event, 0)));
        json_array_append_new(rows, row);
    }
}

/* What is known here of the release that a dose request arose from: a remand voids the dose. */
static void view_related(TcClient *client, const GPtrArray *letters, json_t *rows)
{
    Standing standing = state_of(letters);
    const Tc__Header *header = standing.request == NULL ? NULL : standing.request->header;
    const Tc__DoseRequestHeader *request = header == NULL ? NULL : header->dose_request;
    TcId about;
    if (header != NULL && header->has_about)
        memcpy(about.b, header->about.data, sizeof about);
    else if (request != NULL && request->has_about)
        memcpy(about.b, request->about.data, sizeof about);
    else
        return;
    g_autoptr(GPtrArray) others = letter_conversation(client, &about);
    view_messages(client, others, true, rows);
}

static int view_by_time(gconstpointer a, gconstpointer b)
{
    int64_t first = look_time(*(json_t *const *)a, "at"), second = look_time(*(json_t *const *)b, "at");
    return first < second ? -1 : first > second;
}

json_t *view_sorted(json_t *rows)
{
    size_t i;
    json_t *row, *sorted = json_array();
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    json_array_foreach (rows, i, row)
        g_ptr_array_add(list, row);
    g_ptr_array_sort(list, view_by_time); /* a merge sort: what stands at one time keeps its order */
    for (guint at = 0; at < list->len; at++)
        json_array_append(sorted, list->pdata[at]);
    json_decref(rows);
    return sorted;
}

json_t *tc_client_conversation(TcClient *client, const char *conversation, TcError *error)
{
    TcId id;
    if (conversation == NULL || !tc_uuid_parse(conversation, id.b)) {
        error_set(error, "not_found", "conversation", "This is not a conversation id. It looks like 019aa3f2-7c1e-7d20-8a54-1f6e0c9b2d31.");
        return NULL;
    }
    json_t *rows = json_array();
    g_autoptr(GPtrArray) letters = letter_conversation(client, &id);
    view_messages(client, letters, false, rows);
    view_events(client, &id, rows);
    view_related(client, letters, rows);
    if (!spool_ok(client->spool, error) || json_array_size(rows) == 0) {
        if (json_array_size(rows) == 0)
            error_set(error, "not_found", "conversation", "This station knows nothing of such a conversation. Check the id.");
        json_decref(rows);
        return NULL;
    }
    return view_sorted(rows);
}

json_t *tc_client_receipts(TcClient *client)
{
    return receipt_list(client);
}

/* ---- A message opened ---- */

static json_t *view_opened(TcClient *client, const Letter *letter, unsigned *missing)
{
    json_t *row = view_message_row(client, letter), *parts = json_object(), *closed = json_object();
    *missing = open_parts(client, letter, parts, closed);
    json_object_set_new(row, "signature", json_string(open_standing(client, letter)));
    json_object_set_new(row, "parts", parts);
    json_object_set_new(row, "closed", closed);
    return row;
}

static void view_add_opened_changes(TcClient *client, json_t *row, const GPtrArray *letters, const Letter *letter)
{
    unsigned missing;
    const Letter *before = view_find(letters, &letter->rules.supersedes);
    if (before == NULL || tc_id_is_none(&letter->rules.supersedes))
        return;
    json_t *old = view_opened(client, before, &missing);
    json_object_set_new(row, "changes", changes_between(old, row));
    json_decref(old);
}

/* Which strong facts of the person a dose answer and the request it answers disagree about. */
static void view_add_differences(TcClient *client, json_t *row, const GPtrArray *letters, const Letter *letter)
{
    static const char *const facts[] = { "date_of_birth", "nhs_number" };
    unsigned missing;
    const Letter *request = view_find(letters, &letter->rules.in_reply_to);
    if (letter->rules.kind != KIND_DOSE_ANSWER || request == NULL)
        return;
    json_t *asked = view_opened(client, request, &missing), *differs = json_array();
    const json_t *theirs = look(row, "parts.minimum.person"), *ours = look(asked, "parts.minimum.person");
    for (size_t i = 0; i < G_N_ELEMENTS(facts); i++) {
        const char *one = look_text(theirs, facts[i]), *other = look_text(ours, facts[i]);
        if (one != NULL && other != NULL && strcmp(one, other) != 0)
            json_array_append_new(differs, json_string(facts[i]));
    }
    json_object_set_new(row, "differs", differs);
    json_decref(asked);
}

static void view_add_alerts(TcClient *client, json_t *row, const GPtrArray *letters, const Letter *letter)
{
    json_t *conversation = json_array();
    if (letter->ours) {
        json_decref(conversation);
        return;
    }
    view_messages(client, letters, false, conversation);
    json_t *aside = aside_of(client, &letter->conversation);
    json_object_set_new(row, "alerts", alerts_of(row, conversation, aside, client_now(client)));
    json_decref(aside);
    json_decref(conversation);
}

/* A failure to ask is not the reader's trouble: it is asked again at the next opening. */
static void view_ask(TcClient *client, const Letter *letter, unsigned missing)
{
    spool_begin(client->spool);
    wrap_ask(client, letter, missing);
    spool_commit(client->spool, NULL);
}

json_t *tc_client_message(TcClient *client, const char *message, TcError *error)
{
    unsigned missing;
    g_autoptr(Letter) letter = letter_load_text(client, message, error);
    if (letter == NULL)
        return NULL;
    g_autoptr(GPtrArray) letters = letter_conversation(client, &letter->conversation);
    if (!spool_ok(client->spool, error))
        return NULL;
    const Letter *here = view_find(letters, &letter->id);
    json_t *row = view_opened(client, here, &missing);
    Standing standing = state_of(letters);
    view_add_opened_changes(client, row, letters, here);
    view_add_differences(client, row, letters, here);
    view_add_standing(client, row, &standing, here);
    view_add_alerts(client, row, letters, here);
    if (!spool_ok(client->spool, error)) {
        json_decref(row);
        return NULL;
    }
    if (missing != 0)
        view_ask(client, here, missing);
    return row;
}
