/* A whole adapter in sixty lines: names a worker for every release it is told of, and says what becomes of its answers.
 * Usage: example PASSPORT WORKER NAME PHONE. It needs nothing of Throughcare but <throughcare/throughcare.h> and the library. */
#include <throughcare/throughcare.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>

typedef struct Example { TcClient *client; const char *worker, *name, *phone; } Example;

static TcClient *stopped_by_signal;

static const char *text(const json_t *json, const char *name)
{
    const char *found = json_string_value(json_object_get(json, name));
    return found == NULL ? "" : found;
}

/* The key makes it one answer, however often we are asked, killed or started again. */
static bool example_answer(Example *example, const char *message)
{
    char key[64];
    TcError error;
    json_t *answer = json_pack("{s:s, s:s, s:{s:s, s:s}, s:{s:{s:{s:s, s:s}}}}", "kind", "release_answer", "in_reply_to", message,
                               "release_answer", "reply", "will", "named_worker", example->worker,
                               "parts", "minimum", "worker", "name", example->name, "phone", example->phone);
    snprintf(key, sizeof key, "answer %s", message);
    bool ok = tc_client_opened(example->client, message, example->worker, &error)
              && tc_client_send(example->client, answer, key, NULL, &error);
    if (!ok)
        fprintf(stderr, "%s %s: %s\n", error.code, error.field, error.text);
    json_decref(answer);
    return ok;
}

/* True: dealt with. False would bring the same event again in a second, before anything newer. */
static bool example_event(void *ctx, const TcEvent *event)
{
    if (event->type == TC_EVENT_MESSAGE && strcmp(text(event->json, "kind"), "release_notification") == 0)
        return example_answer(ctx, event->message);
    printf("%s %s %s\n", event->message == NULL ? "-" : event->message, text(event->json, "row"), text(event->json, "step"));
    fflush(stdout);
    return true;
}

static void example_stop(int number)
{
    (void)number;
    tc_client_stop(stopped_by_signal);
}

int main(int argc, char **argv)
{
    TcError error;
    Example example = { 0 };
    TcCallbacks callbacks = { .event = example_event };
    if (argc != 5 || (example.client = tc_client_open(argv[1], "example 1", &callbacks, &example, &error)) == NULL)
        return fprintf(stderr, "%s\n", argc != 5 ? "usage: example PASSPORT WORKER NAME PHONE" : error.text), 1;
    example.worker = argv[2], example.name = argv[3], example.phone = argv[4];
    stopped_by_signal = example.client;
    signal(SIGTERM, example_stop);
    tc_client_run(example.client);
    tc_client_close(example.client);
    return 0;
}
