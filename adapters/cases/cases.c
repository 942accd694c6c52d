#include "adapters/cases/cases.h"

#include "adapters/cases/note.h"
#include "adapters/cases/person.h"
#include "adapters/cases/story.h"
#include "adapters/lists/failure.h"
#include "adapters/lists/figures.h"

#include <string.h>

#define CASE_CAME_IN "came in" /* in place of a kind: the conversation that a case came in with */

/* One row at work. */
typedef struct Work {
    Cases *cases;
    const Row *row;
    const Act *act;
    const char *label;
    char *digest;
    const char **column;
    char **why;
} Work;

static const char *case_name(const Work *work) { return act_value(work->row, work->cases->adapter->reference); }

static ListRow case_refuse(Work *work, const char *column, char *why)
{
    *work->column = column;
    *work->why = why;
    return LIST_ROW_REFUSED;
}

static ListRow case_failed(Work *work, const TcError *error)
{
    ListRow result = failure_of(work->row->table, error, work->column, work->why);
    if (result == LIST_ROW_REFUSED && (*work->column)[0] == '\0')
        *work->column = act_column_of(work->act, work->row, error->field);
    return result;
}

/* ---- The message ---- */

/* Who the client is, as what the case came in with has it. */
static void case_like(Work *work, json_t *message, const char *request)
{
    static const char *const same[] = { "person", "contacts", "staff_risk" };
    TcError ignored; /* what does not open here says nothing of the client: the message is refused for lacking it */
    json_t *opened = tc_client_message(work->cases->client, request, &ignored);
    const json_t *from = json_object_get(json_object_get(opened, "parts"), "minimum");
    if (json_object_get(from, "person") != NULL)
        build_set(message, "parts.minimum.person.surname", ""); /* makes the way there */
    json_t *minimum = json_object_get(json_object_get(message, "parts"), "minimum");
    for (size_t i = 0; i < G_N_ELEMENTS(same); i++)
        if (minimum != NULL && json_object_get(from, same[i]) != NULL)
            json_object_set_new(minimum, same[i], json_deep_copy(json_object_get(from, same[i])));
    if (minimum != NULL)
        build_set(message, "parts.minimum.person.local_id", case_name(work));
    json_decref(opened);
}

static json_t *case_conversation(Work *work, const char *id, Story *story)
{
    TcError ignored; /* what is not there has no story */
    json_t *rows = tc_client_conversation(work->cases->client, id, &ignored);
    story_read(story, rows);
    return rows;
}

/* New for a client who came in with another conversation: it arises from that one. */
static void case_about(Work *work, json_t *message)
{
    Story story;
    g_autofree char *key = note_key(case_name(work), CASE_CAME_IN);
    g_autoptr(CaseNote) came_in = note_case(work->cases->client, key);
    if (came_in->conversation == NULL)
        return;
    json_t *rows = case_conversation(work, came_in->conversation, &story);
    json_object_set_new(message, "about", json_string(came_in->conversation));
    if (act_value(work->row, "surname")[0] == '\0' && story.request != NULL)
        case_like(work, message, json_string_value(json_object_get(story.request, "id")));
    json_decref(rows);
}

/* A case's reference alone says who nobody is: what follows in a conversation need not say it again. */
static void case_drop_nobody(json_t *message)
{
    json_t *parts = json_object_get(message, "parts"), *minimum = json_object_get(parts, "minimum");
    if (json_object_get(json_object_get(minimum, "person"), "surname") != NULL)
        return;
    json_object_del(minimum, "person");
    if (minimum != NULL && json_object_size(minimum) == 0)
        json_object_del(parts, "minimum");
    if (parts != NULL && json_object_size(parts) == 0)
        json_object_del(message, "parts");
}

static json_t *case_message(Work *work)
{
    json_t *message = act_message(work->act, work->row);
    person_finish(message, work->row);
    if (work->cases->adapter->finish != NULL)
        work->cases->adapter->finish(message, work->row, work->cases->area);
    case_drop_nobody(message);
    return message;
}

static bool case_noted(Work *work, const char *id, const char *key, TcError *error)
{
    const RowNote note = { (char *)work->label, work->digest, (char *)key, work->row->line };
    return note_row_set(work->cases->client, id, &note, error);
}

/* ---- What starts a conversation ---- */

/* Under the key of the version that was begun. digest: of the row that it is made from, or is known to have been made from. */
static bool case_send_begun(Work *work, CaseNote *note, const char *key, const char *digest, TcError *error)
{
    char id[37];
    g_autofree char *sent_as = g_strdup_printf("case.%s.%u", key, note->version);
    json_t *message = case_message(work);
    if (note->conversation != NULL) {
        json_object_set_new(message, "conversation", json_string(note->conversation));
        json_object_set_new(message, "supersedes", json_string(note->newest));
    } else {
        case_about(work, message);
    }
    bool sent = tc_client_send(work->cases->client, message, sent_as, id, error);
    json_decref(message);
    if (!sent || !figures_send(work->cases->client, work->row, key, error))
        return false;
    g_free(note->newest);
    note->newest = g_strdup(id);
    if (note->conversation == NULL)
        note->conversation = g_strdup(id);
    g_autofree char *now = g_strdup(digest);
    g_free(note->digest);
    note->digest = g_steal_pointer(&now);
    g_clear_pointer(&note->pending, g_free);
    work->cases->changed(work->cases->ctx, note->conversation);
    return case_noted(work, id, key, error) && note_case_save(work->cases->client, key, note, error);
}

static bool case_begin(Work *work, CaseNote *note, const char *key, TcError *error)
{
    if (g_strcmp0(note->pending, work->digest) == 0)
        return true;
    g_free(note->pending);
    note->pending = g_strdup(work->digest);
    note->version++;
    return note_case_save(work->cases->client, key, note, error);
}

/* The version that was begun will not be: its number stays used. */
static void case_give_up(Work *work, CaseNote *note, const char *key)
{
    TcError ignored; /* a note that stays behind costs one version that says nothing new */
    g_clear_pointer(&note->pending, g_free);
    (void)note_case_save(work->cases->client, key, note, &ignored);
}

static ListRow case_version(Work *work, CaseNote *note, const char *key)
{
    TcError error = { .code = "" };
    bool other = note->pending != NULL && strcmp(note->pending, work->digest) != 0; /* begun by a row that has changed since */
    g_autofree char *begun = g_strdup(note->pending);
    bool good = (!other || case_send_begun(work, note, key, begun, &error)) && case_begin(work, note, key, &error)
                && case_send_begun(work, note, key, work->digest, &error);
    if (good)
        return LIST_ROW_SENT;
    ListRow result = case_failed(work, &error);
    if (result == LIST_ROW_REFUSED)
        case_give_up(work, note, key);
    return result;
}

static ListRow case_starts(Work *work)
{
    const char *name = case_name(work), *column = work->cases->adapter->reference;
    if (name[0] == '\0')
        return case_refuse(work, column, g_strdup("is needed to start something: your own reference for the client's case"));
    g_autofree char *key = note_key(name, work->act->kind);
    g_autoptr(CaseNote) note = note_case(work->cases->client, key);
    if (g_strcmp0(note->digest, work->digest) == 0 && note->pending == NULL)
        return LIST_ROW_SAME;
    if (note->newest != NULL) {
        Story story;
        json_t *rows = case_conversation(work, note->conversation, &story);
        bool open = story_takes_versions(&story);
        g_autofree char *state = g_strdelimit(g_strdup(story.state), "_", ' ');
        json_decref(rows);
        if (!open)
            return case_refuse(work, column, g_strdup_printf("what was sent for this case is over (%s): start anew under another reference", state));
    }
    return case_version(work, note, key);
}

/* ---- What follows in one ---- */

/* The conversation that the row names by its reference in cases.csv, or by the case; NULL: none. */
static char *case_target(Work *work, const char *name)
{
    const char *reference = act_value(work->row, "reference");
    const ActTable *acts = &work->cases->adapter->acts;
    if (reference[0] != '\0')
        return g_strdup(reference);
    g_autofree char *came_in = note_key(case_name(work), CASE_CAME_IN);
    g_autoptr(CaseNote) note = note_case(work->cases->client, came_in);
    for (size_t i = 0; note->conversation == NULL && i < acts->count; i++) {
        if (strcmp(acts->acts[i].name, name) != 0)
            continue;
        g_autofree char *key = note_key(case_name(work), acts->acts[i].on);
        note_case_free(note);
        note = note_case(work->cases->client, key);
    }
    return g_steal_pointer(&note->conversation);
}

static bool case_came_in(Work *work, const char *conversation, TcError *error)
{
    if (case_name(work)[0] == '\0' || act_value(work->row, "reference")[0] == '\0')
        return true;
    g_autofree char *key = note_key(case_name(work), CASE_CAME_IN);
    CaseNote note = { .conversation = (char *)conversation };
    return note_case_save(work->cases->client, key, &note, error);
}

static ListRow case_reply(Work *work, const char *conversation)
{
    char id[37];
    TcError error = { .code = "" };
    g_autofree char *sent_as = g_strconcat("act.", work->digest, NULL), *done = note_done(work->cases->client, work->digest);
    if (done != NULL)
        return LIST_ROW_SAME;
    json_t *message = case_message(work);
    json_object_set_new(message, "conversation", json_string(conversation));
    json_object_set_new(message, "in_reply_to", json_string(conversation));
    bool good = tc_client_send(work->cases->client, message, sent_as, id, &error);
    json_decref(message);
    good = good && case_noted(work, id, NULL, &error) && case_came_in(work, conversation, &error)
           && note_done_set(work->cases->client, work->digest, id, &error);
    if (!good)
        return case_failed(work, &error);
    work->cases->changed(work->cases->ctx, conversation);
    return LIST_ROW_SENT;
}

static ListRow case_follows(Work *work, const char *name)
{
    Story story;
    const char *column = act_value(work->row, "reference")[0] != '\0' ? "reference" : work->cases->adapter->reference;
    g_autofree char *conversation = case_target(work, name);
    json_t *rows = conversation == NULL ? NULL : case_conversation(work, conversation, &story);
    const char *kind = rows == NULL ? NULL : json_string_value(json_object_get(story.request, "kind"));
    g_autofree char *on = g_strdup(kind);
    json_decref(rows);
    if (on == NULL)
        return case_refuse(work, column, g_strdup("nothing is known here that this could follow: see reference in cases.csv"));
    work->act = act_find(&work->cases->adapter->acts, name, on);
    if (work->act == NULL)
        return case_refuse(work, "act", g_strdup_printf("does not go with a %s", g_strdelimit(on, "_", ' ')));
    return case_reply(work, conversation);
}

/* ---- A row ---- */

static const char *case_act(const CaseAdapter *adapter, const Row *row)
{
    const char *name = act_value(row, "act");
    return name[0] != '\0' ? name : adapter->acts.acts[0].name;
}

char *cases_key(const CaseAdapter *adapter, const Row *row)
{
    const char *name = act_value(row, adapter->reference), *act = case_act(adapter, row);
    const Act *found = act_find(&adapter->acts, act, "");
    if (found != NULL && found->place == ACT_STARTS)
        return g_strdup_printf("%s\n%s", found->kind, name);
    return row_digest_but(row, row->table->count); /* acts follow each other: each row is its own */
}

ListRow cases_row(Cases *cases, const Row *row, const char *label, const char **column, char **why)
{
    const char *name = case_act(cases->adapter, row);
    Work work = { cases, row, act_find(&cases->adapter->acts, name, ""), label, NULL, column, why };
    *column = "";
    *why = NULL;
    if (cases->adapter->wanted != NULL && !cases->adapter->wanted(row))
        return LIST_ROW_SAME;
    if (work.act == NULL) {
        g_autofree char *names = act_names(&cases->adapter->acts);
        return case_refuse(&work, "act", g_strdup_printf("takes one of: %s", names));
    }
    g_autofree char *digest = work.digest = row_digest_but(row, row->table->count);
    return work.act->place == ACT_STARTS ? case_starts(&work) : case_follows(&work, name);
}

/* Where nothing of it stands, the next row of the case begins a new conversation. */
static bool case_version_taken_back(Cases *cases, const char *key, const char *message, TcError *error)
{
    Story story;
    TcError ignored;
    g_autoptr(CaseNote) note = note_case(cases->client, key);
    if (g_strcmp0(note->newest, message) != 0)
        return true;
    json_t *rows = tc_client_conversation(cases->client, note->conversation, &ignored);
    story_read(&story, rows);
    g_free(note->newest);
    note->newest = g_strdup(json_string_value(json_object_get(story.request, "id")));
    if (note->newest == NULL)
        g_clear_pointer(&note->conversation, g_free);
    g_clear_pointer(&note->digest, g_free);
    json_decref(rows);
    return note_case_save(cases->client, key, note, error);
}

bool cases_take_back(Cases *cases, const char *message)
{
    TcError error;
    g_autoptr(RowNote) row = note_row(cases->client, message);
    if (row == NULL)
        return true;
    return row->key != NULL ? case_version_taken_back(cases, row->key, message, &error)
                            : note_done_set(cases->client, row->digest, NULL, &error);
}
