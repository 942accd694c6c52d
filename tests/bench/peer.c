/* bench-peer: one side of a load test, straight over the protocol.
 *
 *   bench-peer send PASSPORT RECIPIENT COUNT WINDOW SIZE   seals COUNT messages, then keeps WINDOW of them without a receipt
 *   bench-peer receive PASSPORT COUNT                      takes and confirms deliveries until COUNT messages came
 *
 * Prints "ready" when it could begin, waits for a line on standard input, and ends with one line of JSON. */
#include "tests/bench/load.h"

#include <stdio.h>
#include <stdlib.h>

#define HELD_WAITS_US (20 * G_TIME_SPAN_MILLISECOND) /* as adapters/sdk/submit.c */

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void wait_for_start(void)
{
    char line[16];
    puts("ready");
    fflush(stdout);
    if (!fgets(line, sizeof line, stdin))
        station_fail("nobody said go");
}

typedef struct Sender {
    Station *station;
    Prepared *load;
    GHashTable *by_digest; /* TcDigest -> Prepared, envelopes only */
    size_t count, window, sent, answered, refused;
    uint64_t confirmed;
    int64_t *latency;
} Sender;

static guint digest_hash(gconstpointer digest)
{
    guint value;
    memcpy(&value, digest, sizeof value);
    return value;
}

static gboolean digest_equal(gconstpointer a, gconstpointer b) { return memcmp(a, b, 32) == 0; }

/* Fills the window, up to 128 messages (256 items) a submission. */
static void sender_fill(Sender *s)
{
    while (s->sent < s->count && s->sent - s->answered < s->window) {
        Tc__Item *items[256];
        TcDigest digests[256];
        size_t n = 0;
        int64_t now = g_get_monotonic_time();
        while (n < 256 && s->sent < s->count && s->sent - s->answered < s->window) {
            Prepared *p = &s->load[s->sent++];
            p->sent_at = now;
            items[n] = &p->envelope;
            digests[n++] = p->envelope_digest;
            items[n] = &p->wrap;
            digests[n++] = p->wrap_digest;
        }
        station_submit(s->station, items, digests, n);
    }
}

static void sender_receipts(Sender *s, const Tc__Receipts *receipts)
{
    int64_t now = g_get_monotonic_time();
    for (size_t i = 0; i < receipts->n_receipts; i++) {
        const Tc__Receipt *receipt = receipts->receipts[i];
        if (receipt->outcome == TC__OUTCOME__CODE__REFUSED) {
            s->refused++;
            fprintf(stderr, "bench: refused %u %s\n", receipt->code, receipt->field ? receipt->field : "");
        }
        Prepared *p = g_hash_table_lookup(s->by_digest, receipt->digest.data);
        if (p)
            s->latency[s->answered++] = now - p->sent_at;
    }
}

static void take_deliveries(Station *station, const Tc__Deliver *deliver, size_t *messages)
{
    for (size_t i = 0; i < deliver->n_deliveries; i++) {
        const Tc__Delivery *delivery = deliver->deliveries[i];
        if (delivery->number != station->held + 1)
            station_fail("delivery %" G_GUINT64_FORMAT " after %" G_GUINT64_FORMAT, delivery->number, station->held);
        station->held = delivery->number;
        if (delivery->type == TC__DELIVERY_TYPE__CODE__MESSAGE)
            (*messages)++;
    }
}

/* Takes one frame; confirms what came once 64 deliveries are waiting, or the first of them has waited as long as the SDK lets it. */
static bool turn(Station *station, Sender *sender, uint64_t *confirmed, size_t *messages, int timeout_ms)
{
    static int64_t confirm_at; /* when anything is waiting */
    bool waiting = station->held > *confirmed;
    int left_ms = (int)MAX((confirm_at - g_get_monotonic_time() + 999) / 1000, 0);
    Tc__Frame *frame = station_receive(station, waiting ? MIN(left_ms, timeout_ms) : timeout_ms);
    if (frame && frame->receipts && sender)
        sender_receipts(sender, frame->receipts);
    if (frame && frame->deliver)
        take_deliveries(station, frame->deliver, messages);
    if (!waiting && station->held > *confirmed)
        confirm_at = g_get_monotonic_time() + HELD_WAITS_US;
    if (station->held > *confirmed && (station->held - *confirmed >= 64 || g_get_monotonic_time() >= confirm_at)) {
        *confirmed = station->held;
        station_hold(station);
    }
    bool any = frame != NULL;
    if (frame)
        tc__frame__free_unpacked(frame, NULL);
    return any;
}

static void sender_prepare(Sender *s, const char *recipient, size_t size)
{
    int64_t begun = g_get_monotonic_time();
    s->load = g_new0(Prepared, s->count);
    s->latency = g_new0(int64_t, s->count);
    s->by_digest = g_hash_table_new(digest_hash, digest_equal);
    for (size_t i = 0; i < s->count; i++) {
        load_prepare(s->station, recipient, size, &s->load[i]);
        g_hash_table_insert(s->by_digest, s->load[i].envelope_digest.b, &s->load[i]);
    }
    fprintf(stderr, "bench: sealed %zu messages at %.0f a second\n", s->count,
            (double)s->count * 1e6 / (double)(g_get_monotonic_time() - begun));
}

static int run_sender(const char *passport, const char *recipient, size_t count, size_t window, size_t size)
{
    Sender s = { .station = station_new(passport), .count = count, .window = window };
    size_t messages = 0;
    int64_t sealing = g_get_monotonic_time();
    sender_prepare(&s, recipient, size);
    sealing = g_get_monotonic_time() - sealing;
    station_connect(s.station, 0);
    wait_for_start();
    int64_t begun = g_get_monotonic_time(), last = begun;
    while (s.answered < s.count) {
        sender_fill(&s);
        if (turn(s.station, &s, &s.confirmed, &messages, 1000))
            last = g_get_monotonic_time();
        else if (g_get_monotonic_time() - last > 30 * G_USEC_PER_SEC)
            station_fail("no receipt for 30 s; %zu of %zu answered", s.answered, s.count);
    }
    double seconds = (double)(g_get_monotonic_time() - begun) / 1e6;
    qsort(s.latency, s.count, sizeof *s.latency, compare);
    printf("{\"messages\": %zu, \"refused\": %zu, \"seconds\": %.4f, \"rate\": %.1f, \"p50_us\": %" G_GINT64_FORMAT
           ", \"p99_us\": %" G_GINT64_FORMAT ", \"sealing_rate\": %.1f}\n",
           s.count, s.refused, seconds, (double)s.count / seconds, s.latency[s.count / 2], s.latency[s.count * 99 / 100],
           (double)s.count * 1e6 / (double)sealing);
    return s.refused ? 1 : 0;
}

static int run_receiver(const char *passport, size_t count)
{
    Station *station = station_new(passport);
    uint64_t confirmed = 0;
    size_t messages = 0;
    station_connect(station, 0);
    wait_for_start();
    int64_t begun = 0, last = g_get_monotonic_time();
    while (messages < count || confirmed < station->held) {
        bool any = turn(station, NULL, &confirmed, &messages, 1000);
        int64_t now = g_get_monotonic_time();
        if (messages && !begun)
            begun = now;
        if (any)
            last = now;
        else if (now - last > 60 * G_USEC_PER_SEC)
            station_fail("nothing came for 60 s; %zu of %zu messages", messages, count);
    }
    double seconds = (double)(g_get_monotonic_time() - begun) / 1e6;
    printf("{\"messages\": %zu, \"seconds\": %.4f, \"rate\": %.1f}\n", messages, seconds, (double)messages / seconds);
    fflush(stdout);
    g_usleep(200000); /* lets the last confirmation leave */
    station_free(station);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 7 && strcmp(argv[1], "send") == 0)
        return run_sender(argv[2], argv[3], strtoul(argv[4], NULL, 10), strtoul(argv[5], NULL, 10), strtoul(argv[6], NULL, 10));
    if (argc == 4 && strcmp(argv[1], "receive") == 0)
        return run_receiver(argv[2], strtoul(argv[3], NULL, 10));
    fputs("usage: bench-peer send PASSPORT RECIPIENT COUNT WINDOW SIZE | bench-peer receive PASSPORT COUNT\n", stderr);
    return 2;
}
