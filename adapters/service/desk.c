#include "adapters/service/desk.h"

#include <glib.h>
#include <string.h>

static const char *text(const json_t *question, const char *name)
{
    const char *value = json_string_value(json_object_get(question, name));
    return value != NULL ? value : "";
}

static json_t *bad(const TcError *error)
{
    return json_pack("{s:b, s:{s:s, s:s, s:s}}", "ok", 0, "error", "code", error->code, "field", error->field, "text", error->text);
}

static json_t *good(json_t *result) { return json_pack("{s:b, s:o}", "ok", 1, "result", result != NULL ? result : json_null()); }

/* A new reference, or NULL and *error. */
typedef json_t *(*DeskAct)(TcClient *client, const json_t *question, TcError *error);

static json_t *act_inbox(TcClient *client, const json_t *q, TcError *error) { return tc_client_inbox(client, json_object_get(q, "filter"), error); }
static json_t *act_matches(TcClient *client, const json_t *q, TcError *error) { return tc_client_matches(client, text(q, "id"), error); }
static json_t *act_figures(TcClient *client, const json_t *q, TcError *error) { return tc_client_figures(client, json_integer_value(json_object_get(q, "from")), json_integer_value(json_object_get(q, "until")), error); }
static json_t *act_disclosures(TcClient *client, const json_t *q, TcError *error) { return tc_client_disclosures(client, text(q, "id"), error); }
static json_t *act_conversation(TcClient *client, const json_t *q, TcError *error) { return tc_client_conversation(client, text(q, "id"), error); }
static json_t *act_show(TcClient *client, const json_t *q, TcError *error) { return tc_client_message(client, text(q, "id"), error); }
static json_t *act_status(TcClient *client, const json_t *q, TcError *error) { (void)q, (void)error; return tc_client_status(client); }
static json_t *act_directory(TcClient *client, const json_t *q, TcError *error) { (void)q, (void)error; return tc_client_directory(client); }
static json_t *act_receipts(TcClient *client, const json_t *q, TcError *error) { (void)q, (void)error; return tc_client_receipts(client); }

static json_t *act_opened(TcClient *client, const json_t *q, TcError *error)
{
    return tc_client_opened(client, text(q, "id"), text(q, "worker"), error) ? json_true() : NULL;
}

static json_t *act_recall(TcClient *client, const json_t *q, TcError *error)
{
    return tc_client_recall(client, text(q, "id"), json_string_value(json_object_get(q, "worker")), error) ? json_true() : NULL;
}

static json_t *act_send(TcClient *client, const json_t *q, TcError *error)
{
    char id[37] = "";
    const char *key = json_string_value(json_object_get(q, "key"));
    return tc_client_send(client, json_object_get(q, "message"), key, id, error) ? json_string(id) : NULL;
}

static json_t *act_check(TcClient *client, const json_t *q, TcError *error)
{
    return tc_client_check(client, json_object_get(q, "message"), error) ? json_true() : NULL;
}

static json_t *act_dose(TcClient *client, const json_t *q, TcError *error)
{
    json_t *message = tc_client_message(client, text(q, "id"), error), *conversation = NULL, *page = NULL;
    if (message != NULL)
        conversation = tc_client_conversation(client, json_string_value(json_object_get(message, "conversation")), error);
    if (conversation != NULL) {
        char *words = tc_dose_page(message, conversation, tc_client_now(client), error);
        page = words != NULL ? json_string(words) : NULL;
        free(words);
    }
    json_decref(message);
    json_decref(conversation);
    return page;
}

static const struct { const char *name; DeskAct act; } acts[] = {
    { "inbox", act_inbox }, { "conversation", act_conversation }, { "disclosures", act_disclosures }, { "matches", act_matches }, { "figures", act_figures }, { "show", act_show }, { "opened", act_opened }, { "send", act_send },
    { "check", act_check }, { "recall", act_recall }, { "status", act_status }, { "directory", act_directory }, { "receipts", act_receipts },
    { "dose", act_dose },
};

typedef struct Trace { DeskAnswer answer; void *ctx; } Trace;

static void on_trace(void *ctx, json_t *rows, const TcError *error)
{
    g_autofree Trace *trace = ctx;
    trace->answer(trace->ctx, rows != NULL ? good(rows) : bad(error));
}

void desk_ask(TcClient *client, const json_t *question, DeskAnswer answer, void *ctx)
{
    TcError error = { .code = "malformed", .text = "One JSON object a line, with \"do\": see throughcare-service(1)." };
    const char *what = text(question, "do");
    bool answerable = strcmp(what, "answerable") == 0;
    if (answerable || strcmp(what, "trace") == 0) {
        Trace *trace = g_new(Trace, 1);
        *trace = (Trace){ answer, ctx };
        (answerable ? tc_client_answerable : tc_client_trace)(client, text(question, "id"), on_trace, trace);
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(acts); i++) {
        if (strcmp(what, acts[i].name) != 0)
            continue;
        json_t *result = acts[i].act(client, question, &error);
        answer(ctx, result != NULL ? good(result) : bad(&error));
        return;
    }
    answer(ctx, bad(&error));
}
