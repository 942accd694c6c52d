/* A station driven by lines of JSON: { "do": "send", … } on standard input, results and events on standard output, one a line.
 *
 * It does what an adapter does and decides nothing, so that tests in Python can act as one and kill it at any moment. Events are
 * acknowledged unless "hold" says otherwise. Ends at the end of its input. */
#include "throughcare/keys.h"

#include <glib-unix.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Station {
    TcClient *client;
    GMainLoop *loop;
    GString *input;
    bool hold;
} Station;

/* Takes json. */
static void station_say(json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT);
    printf("%s\n", text);
    fflush(stdout);
    free(text);
    json_decref(json);
}

static bool station_event(void *ctx, const TcEvent *event)
{
    static const char *const types[] = { "message", "evidence", "notice", "recalled", "refused", "accepted", "expired", "keys", "sent" };
    const Station *station = ctx;
    json_t *json = json_pack("{s:s,s:I,s:O,s:b}", "event", types[event->type], "number", (json_int_t)event->number, "json", event->json,
                             "held", station->hold);
    if (event->message != NULL)
        json_object_set_new(json, "message", json_string(event->message));
    station_say(json);
    return !station->hold;
}

static void station_state(void *ctx, TcState state, const char *why)
{
    static const char *const states[] = { "connecting", "connected", "database_away", "refused" };
    (void)ctx;
    station_say(json_pack("{s:s,s:s}", "state", states[state], "why", why));
}

static void station_log(void *ctx, int level, const char *line)
{
    (void)ctx;
    station_say(json_pack("{s:s,s:i}", "log", line, "level", level));
}

/* ---- Acts: each gives its result, or NULL and error ---- */

static const char *station_text(const json_t *act, const char *name)
{
    return json_string_value(json_object_get(act, name));
}

static json_t *station_done(bool ok)
{
    return ok ? json_true() : NULL;
}

static json_t *station_send(Station *station, const json_t *act, TcError *error)
{
    char id[37];
    return tc_client_send(station->client, json_object_get(act, "message"), station_text(act, "key"), id, error) ? json_string(id) : NULL;
}

static json_t *station_check(Station *station, const json_t *act, TcError *error)
{
    return station_done(tc_client_check(station->client, json_object_get(act, "message"), error));
}

static json_t *station_recall(Station *station, const json_t *act, TcError *error)
{
    return station_done(tc_client_recall(station->client, station_text(act, "id"), station_text(act, "worker"), error));
}

static json_t *station_message(Station *station, const json_t *act, TcError *error)
{
    return tc_client_message(station->client, station_text(act, "id"), error);
}

static json_t *station_opened(Station *station, const json_t *act, TcError *error)
{
    return station_done(tc_client_opened(station->client, station_text(act, "id"), station_text(act, "worker"), error));
}

static json_t *station_told(Station *station, const json_t *act, TcError *error)
{
    return station_done(tc_client_told(station->client, (uint64_t)json_integer_value(json_object_get(act, "number")),
                                       station_text(act, "worker"), json_is_true(json_object_get(act, "told")), error));
}

static json_t *station_inbox(Station *station, const json_t *act, TcError *error)
{
    return tc_client_inbox(station->client, json_object_get(act, "filter"), error);
}

static json_t *station_conversation(Station *station, const json_t *act, TcError *error)
{
    return tc_client_conversation(station->client, station_text(act, "id"), error);
}

static json_t *station_status(Station *station, const json_t *act, TcError *error)
{
    (void)act;
    (void)error;
    return tc_client_status(station->client);
}

static json_t *station_receipts(Station *station, const json_t *act, TcError *error)
{
    (void)act;
    (void)error;
    return tc_client_receipts(station->client);
}

static json_t *station_page(Station *station, const json_t *act, TcError *error)
{
    json_t *message = tc_client_message(station->client, station_text(act, "id"), error);
    json_t *conversation = message == NULL ? NULL : tc_client_conversation(station->client, station_text(message, "conversation"), error);
    char *page = conversation == NULL ? NULL : tc_dose_page(message, conversation, g_get_real_time(), error);
    json_t *text = page == NULL ? NULL : json_string(page);
    free(page);
    json_decref(conversation);
    json_decref(message);
    return text;
}

static json_t *station_hold(Station *station, const json_t *act, TcError *error)
{
    (void)error;
    station->hold = json_is_true(json_object_get(act, "hold"));
    return json_true();
}

static void station_traced(void *ctx, json_t *rows, const TcError *error)
{
    (void)ctx;
    if (rows != NULL)
        station_say(json_pack("{s:o}", "trace", rows));
    else
        station_say(json_pack("{s:n,s:s}", "trace", "code", error->code));
}

static json_t *station_trace(Station *station, const json_t *act, TcError *error)
{
    (void)error;
    tc_client_trace(station->client, station_text(act, "id"), station_traced, NULL);
    return json_true();
}

static const struct {
    const char *name;
    json_t *(*act)(Station *station, const json_t *act, TcError *error);
} station_acts[] = {
    { "send", station_send }, { "check", station_check }, { "recall", station_recall }, { "message", station_message },
    { "opened", station_opened }, { "told", station_told }, { "inbox", station_inbox }, { "conversation", station_conversation },
    { "status", station_status }, { "receipts", station_receipts }, { "page", station_page }, { "hold", station_hold },
    { "trace", station_trace },
};

static void station_do(Station *station, const char *line)
{
    TcError error = { 0 };
    json_t *act = json_loads(line, JSON_ALLOW_NUL, NULL), *result = NULL;
    const char *name = station_text(act, "do");
    for (size_t i = 0; i < G_N_ELEMENTS(station_acts); i++)
        if (g_strcmp0(name, station_acts[i].name) == 0)
            result = station_acts[i].act(station, act, &error);
    if (result != NULL)
        station_say(json_pack("{s:o}", "ok", result));
    else
        station_say(json_pack("{s:{s:s,s:s,s:s}}", "error", "code", error.code, "field", error.field, "text", error.text));
    json_decref(act);
}

/* ---- The loop ---- */

static gboolean station_input(int fd, GIOCondition condition, void *data)
{
    char bytes[4096];
    Station *station = data;
    (void)condition;
    ssize_t got = read(fd, bytes, sizeof bytes);
    if (got <= 0) {
        g_main_loop_quit(station->loop);
        return G_SOURCE_REMOVE;
    }
    g_string_append_len(station->input, bytes, got);
    for (char *end; (end = memchr(station->input->str, '\n', station->input->len)) != NULL;) {
        *end = '\0';
        station_do(station, station->input->str);
        g_string_erase(station->input, 0, end + 1 - station->input->str);
    }
    return G_SOURCE_CONTINUE;
}

static gboolean station_dispatch(int fd, GIOCondition condition, void *data)
{
    (void)fd;
    (void)condition;
    tc_client_dispatch(((Station *)data)->client);
    return G_SOURCE_CONTINUE;
}

int main(int argc, char **argv)
{
    TcError error = { 0 };
    Station station = { 0 };
    TcCallbacks callbacks = { station_state, station_event, station_log };
    station.client = argc == 2 ? tc_client_open(argv[1], "test", &callbacks, &station, &error) : NULL;
    if (station.client == NULL) {
        station_say(json_pack("{s:{s:s,s:s,s:s}}", "error", "code", error.code, "field", error.field, "text", error.text));
        return 1;
    }
    station.loop = g_main_loop_new(NULL, FALSE);
    station.input = g_string_new(NULL);
    g_unix_fd_add(0, G_IO_IN | G_IO_HUP, station_input, &station);
    g_unix_fd_add(tc_client_fd(station.client), G_IO_IN, station_dispatch, &station);
    g_main_loop_run(station.loop);
    tc_client_close(station.client);
    g_main_loop_unref(station.loop);
    g_string_free(station.input, TRUE);
    return 0;
}
