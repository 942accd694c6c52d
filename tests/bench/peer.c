/* bench-peer: one side of a load test, straight over the protocol.
 *
 *   bench-peer send RECIPIENT COUNT WINDOW SIZE PASSPORT...  each station seals COUNT messages, then keeps WINDOW of them without a receipt;
 *                                                            COUNT may be a time, as 300s
 *   bench-peer receive PASSPORT COUNT                        takes and confirms deliveries until COUNT messages came
 *
 * Many senders are as many stations with a connection, a session and signatures of their own, served by one loop: what is measured is the
 * broker with its database, and not as many client processes on the same cores.
 *
 * Prints "ready" when it could begin, waits for a line on standard input, and ends with one line of JSON. */
#include "tests/bench/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <zmq.h>

#define POOL_MOST 50000
#define EARLY_US (20 * G_TIME_SPAN_SECOND)
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

/* A station's own queue, and what it has confirmed of it. */
typedef struct Side { Station *station; uint64_t confirmed; int64_t confirm_at; size_t messages; } Side;

typedef struct Sender {
    Side side;
    Prepared *load;
    size_t pool;           /* of them: sealed once, and again under new ids after that */
    GHashTable *by_digest; /* TcDigest -> Prepared, envelopes only */
    size_t count, window, sent, answered, refused;
    size_t early;          /* answered in the first EARLY_US */
    int64_t begun, until;  /* until: 0, or when it stops whatever count is */
    GArray *latency;       /* int64_t */
} Sender;

static guint digest_hash(gconstpointer digest)
{
    guint value;
    memcpy(&value, digest, sizeof value);
    return value;
}

static gboolean digest_equal(gconstpointer a, gconstpointer b) { return memcmp(a, b, 32) == 0; }

static Prepared *next_message(Sender *s)
{
    Prepared *p = &s->load[s->sent % s->pool];
    if (s->sent++ >= s->pool) {
        g_hash_table_remove(s->by_digest, p->envelope_digest.b);
        load_renew(p);
        g_hash_table_insert(s->by_digest, p->envelope_digest.b, p);
    }
    return p;
}

/* Fills the window, up to 128 messages (256 items) a submission. */
static void sender_fill(Sender *s)
{
    if (s->until && g_get_monotonic_time() >= s->until)
        s->count = MIN(s->count, s->sent);
    while (s->sent < s->count && s->sent - s->answered < s->window) {
        Tc__Item *items[256];
        TcDigest digests[256];
        size_t n = 0;
        int64_t now = g_get_monotonic_time();
        while (n < 256 && s->sent < s->count && s->sent - s->answered < s->window) {
            Prepared *p = next_message(s);
            p->sent_at = now;
            items[n] = &p->envelope;
            digests[n++] = p->envelope_digest;
            items[n] = &p->wrap;
            digests[n++] = p->wrap_digest;
        }
        station_submit(s->side.station, items, digests, n);
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
        if (!p)
            continue;
        int64_t took = now - p->sent_at;
        g_array_append_val(s->latency, took);
        s->answered++;
        s->early += now - s->begun <= EARLY_US;
    }
}

static void take_deliveries(Side *side, const Tc__Deliver *deliver)
{
    Station *station = side->station;
    if (station->held == side->confirmed)
        side->confirm_at = g_get_monotonic_time() + HELD_WAITS_US;
    for (size_t i = 0; i < deliver->n_deliveries; i++) {
        const Tc__Delivery *delivery = deliver->deliveries[i];
        if (delivery->number != station->held + 1)
            station_fail("delivery %" G_GUINT64_FORMAT " after %" G_GUINT64_FORMAT, delivery->number, station->held);
        station->held = delivery->number;
        if (delivery->type == TC__DELIVERY_TYPE__CODE__MESSAGE)
            side->messages++;
    }
}

/* Confirms what came once 64 deliveries are waiting, or the first of them has waited as long as the SDK lets it. Gives when that will be. */
static int64_t confirm(Side *side)
{
    uint64_t waiting = side->station->held - side->confirmed;
    if (waiting == 0)
        return INT64_MAX;
    if (waiting < 64 && g_get_monotonic_time() < side->confirm_at)
        return side->confirm_at;
    side->confirmed = side->station->held;
    station_hold(side->station);
    return INT64_MAX;
}

/* Takes one frame that has come; false: there is none. */
static bool take(Side *side, Sender *sender)
{
    Tc__Frame *frame = station_receive(side->station, 0);
    if (!frame)
        return false;
    if (frame->receipts && sender)
        sender_receipts(sender, frame->receipts);
    if (frame->deliver)
        take_deliveries(side, frame->deliver);
    tc__frame__free_unpacked(frame, NULL);
    return true;
}

static int wait_ms(int64_t until) { return (int)CLAMP((until - g_get_monotonic_time() + 999) / 1000, 0, 1000); }

static void sender_prepare(Sender *s, const char *recipient, size_t size)
{
    int64_t begun = g_get_monotonic_time();
    s->pool = MIN(s->count, POOL_MOST);
    s->load = g_new0(Prepared, s->pool);
    s->latency = g_array_new(FALSE, FALSE, sizeof(int64_t));
    s->by_digest = g_hash_table_new(digest_hash, digest_equal);
    for (size_t i = 0; i < s->pool; i++) {
        load_prepare(s->side.station, recipient, size, &s->load[i]);
        g_hash_table_insert(s->by_digest, s->load[i].envelope_digest.b, &s->load[i]);
    }
    fprintf(stderr, "bench: sealed %zu messages at %.0f a second\n", s->pool,
            (double)s->pool * 1e6 / (double)(g_get_monotonic_time() - begun));
}

/* What came is taken, and the window filled again. Gives when it wants another turn at the latest. */
static int64_t sender_turn(Sender *s, bool came)
{
    while (came && take(&s->side, s))
        sender_fill(s);
    sender_fill(s);
    return confirm(&s->side);
}

/* Until every message of every sender has its receipt. */
static void send_all(Sender *senders, zmq_pollitem_t *sockets, size_t count)
{
    int64_t last = g_get_monotonic_time();
    for (size_t left = count; left;) {
        int64_t again_at = INT64_MAX;
        for (size_t i = left = 0; i < count; i++) {
            again_at = MIN(again_at, sender_turn(&senders[i], sockets[i].revents != 0));
            left += senders[i].answered < senders[i].count;
        }
        if (g_get_monotonic_time() - last > 30 * G_USEC_PER_SEC)
            station_fail("nothing came for 30 s; %zu of %zu wait for receipts", left, count);
        if (left && zmq_poll(sockets, (int)count, wait_ms(again_at)) > 0)
            last = g_get_monotonic_time();
    }
}

static void print_senders(const Sender *senders, size_t count, double seconds, double sealing_seconds)
{
    size_t messages = 0, refused = 0, sealed = 0, early = 0;
    g_autoptr(GArray) latency = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (size_t i = 0; i < count; i++) {
        g_array_append_vals(latency, senders[i].latency->data, senders[i].latency->len);
        messages += senders[i].answered;
        refused += senders[i].refused;
        sealed += senders[i].pool;
        early += senders[i].early;
    }
    int64_t *all = (int64_t *)(void *)latency->data;
    qsort(all, messages, sizeof *all, compare);
    printf("{\"messages\": %zu, \"refused\": %zu, \"seconds\": %.4f, \"rate\": %.1f, \"p50_us\": %" G_GINT64_FORMAT
           ", \"p99_us\": %" G_GINT64_FORMAT ", \"sealing_rate\": %.1f, \"early_rate\": %.1f}\n",
           messages, refused, seconds, (double)messages / seconds, all[messages / 2], all[messages * 99 / 100], (double)sealed / sealing_seconds,
           (double)early * 1e6 / MIN(seconds * 1e6, EARLY_US));
    if (refused)
        station_fail("%zu messages were refused", refused);
}

/* COUNT, or a time: as many as can be sent in it. */
static void set_count(Sender *s, const char *count)
{
    char *end;
    s->count = strtoul(count, &end, 10);
    if (*end != 's')
        return;
    s->until = (int64_t)s->count * G_TIME_SPAN_SECOND;
    s->count = G_MAXINT;
}

static void start(Sender *senders, size_t count)
{
    int64_t now = g_get_monotonic_time();
    for (size_t i = 0; i < count; i++) {
        senders[i].begun = now;
        senders[i].until += senders[i].until ? now : 0;
    }
}

static int run_senders(char **passports, size_t stations, const char *recipient, const char *count, size_t window, size_t size)
{
    Sender *senders = g_new0(Sender, stations);
    zmq_pollitem_t *sockets = g_new0(zmq_pollitem_t, stations);
    int64_t begun = g_get_monotonic_time();
    for (size_t i = 0; i < stations; i++) {
        senders[i] = (Sender){ .side = { .station = station_new(passports[i]) }, .window = window };
        set_count(&senders[i], count);
        sender_prepare(&senders[i], recipient, size);
    }
    double sealing_seconds = (double)(g_get_monotonic_time() - begun) / 1e6;
    for (size_t i = 0; i < stations; i++) {
        station_connect(senders[i].side.station, 0);
        sockets[i] = (zmq_pollitem_t){ senders[i].side.station->socket, 0, ZMQ_POLLIN, 0 };
    }
    wait_for_start();
    start(senders, stations);
    begun = g_get_monotonic_time();
    send_all(senders, sockets, stations);
    print_senders(senders, stations, (double)(g_get_monotonic_time() - begun) / 1e6, sealing_seconds);
    return 0;
}

static int run_receiver(const char *passport, size_t count)
{
    Side side = { .station = station_new(passport) };
    station_connect(side.station, 0);
    zmq_pollitem_t socket = { side.station->socket, 0, ZMQ_POLLIN, 0 };
    wait_for_start();
    int64_t begun = 0, last = g_get_monotonic_time();
    while (side.messages < count || side.confirmed < side.station->held) {
        bool any = take(&side, NULL);
        int64_t again_at = confirm(&side), now = g_get_monotonic_time();
        last = any ? now : last;
        begun = begun ? begun : side.messages ? now : 0;
        if (now - last > 60 * G_USEC_PER_SEC)
            station_fail("nothing came for 60 s; %zu of %zu messages", side.messages, count);
        if (!any)
            zmq_poll(&socket, 1, wait_ms(again_at));
    }
    double seconds = (double)(g_get_monotonic_time() - begun) / 1e6;
    printf("{\"messages\": %zu, \"seconds\": %.4f, \"rate\": %.1f}\n", side.messages, seconds, (double)side.messages / seconds);
    fflush(stdout);
    g_usleep(200000); /* lets the last confirmation leave */
    station_free(side.station);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc >= 7 && strcmp(argv[1], "send") == 0)
        return run_senders(argv + 6, (size_t)argc - 6, argv[2], argv[3], strtoul(argv[4], NULL, 10), strtoul(argv[5], NULL, 10));
    if (argc == 4 && strcmp(argv[1], "receive") == 0)
        return run_receiver(argv[2], strtoul(argv[3], NULL, 10));
    fputs("usage: bench-peer send RECIPIENT COUNT WINDOW SIZE PASSPORT... | bench-peer receive PASSPORT COUNT\n", stderr);
    return 2;
}
