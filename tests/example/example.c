/* A whole adapter in sixty lines: names a worker for every release it is told of, and says what becomes of its answers.
 * Usage: example PASSPORT WORKER NAME PHONE. It needs nothing of Throughcare but <throughcare/throughcare.h> and the library. */
#include <throughcare/throughcare.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>

typedef struct Example { TcClient *client; const char *worker, *name, *phone; } Example;

static TcClient *running; /* for the signal handler */

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
    return ok || strncmp(error.code, "spool", 5) != 0; /* only what time mends shall come again */
}

/* True: dealt with. False would bring the same event again in a second, before anything newer. */
static bool example_event(void *ctx, const TcEvent *event)
{
    const char *kind = json_string_value(json_object_get(event->json, "kind"));
    if (event->type == TC_EVENT_MESSAGE && kind != NULL && strcmp(kind, "release_notification") == 0)
        return example_answer(ctx, event->message);
    json_dumpf(event->json, stdout, JSON_COMPACT);
    return puts("") >= 0 && fflush(stdout) == 0;
}

static void example_stop(int number)
{
    (void)number;
    tc_client_stop(running);
}

int main(int argc, char **argv)
{
    TcError error = { .text = "usage: example PASSPORT WORKER NAME PHONE" };
    Example example = { 0 };
    TcCallbacks callbacks = { .event = example_event };
    running = example.client = argc == 5 ? tc_client_open(argv[1], "example 1", &callbacks, &example, &error) : NULL;
    if (running == NULL)
        return fprintf(stderr, "%s\n", error.text), 1;
    example.worker = argv[2], example.name = argv[3], example.phone = argv[4];
    signal(SIGTERM, example_stop);
    tc_client_run(running);
    tc_client_close(running);
    return 0;
}
