#include "tests/bench/station.h"

#include "proto/digests.h"
#include "proto/merkle.h"
#include "proto/sign.h"

#include <glib.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <zmq.h>

void station_fail(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("bench: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

static GKeyFile *key_file(const char *path)
{
    GKeyFile *file = g_key_file_new();
    g_autoptr(GError) error = NULL;
    if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &error))
        station_fail("%s: %s", path, error->message);
    return file;
}

static char *text_of(GKeyFile *file, const char *group, const char *name)
{
    char *value = g_key_file_get_string(file, group, name, NULL);
    if (!value)
        station_fail("[%s] %s is missing", group, name);
    return value;
}

static void hex_of(GKeyFile *file, const char *group, const char *name, uint8_t *out, size_t len)
{
    g_autofree char *hex = text_of(file, group, name);
    size_t got = 0;
    if (sodium_hex2bin(out, len, hex, strlen(hex), NULL, &got, NULL) != 0 || got != len)
        station_fail("[%s] %s is not %zu bytes in hexadecimal", group, name, len);
}

static void read_keys(Station *station, const char *path)
{
    g_autoptr(GKeyFile) file = key_file(path);
    uint8_t seed[32], public_key[32];
    hex_of(file, "curve", "public", station->curve_public, 32);
    hex_of(file, "curve", "secret", station->curve_secret, 32);
    hex_of(file, "signing", "seed", seed, sizeof seed);
    tc_sign_keypair_from_seed(seed, public_key, station->signing_secret);
    sodium_memzero(seed, sizeof seed);
}

static void read_directory(Station *station, const char *path)
{
    char *bytes, *problem = NULL;
    gsize len;
    if (!g_file_get_contents(path, &bytes, &len, NULL))
        station_fail("cannot read %s", path);
    g_autoptr(GBytes) signed_bytes = g_bytes_new_take(bytes, len);
    station->directory = tc_directory_open(signed_bytes, &station->authority, &problem);
    if (!station->directory)
        station_fail("%s: %s", path, problem);
}

static char *beside(const char *passport, const char *path)
{
    g_autofree char *folder = g_path_get_dirname(passport);
    return g_path_is_absolute(path) ? g_strdup(path) : g_build_filename(folder, path, NULL);
}

Station *station_new(const char *passport)
{
    Station *station = g_new0(Station, 1);
    g_autoptr(GKeyFile) file = key_file(passport);
    if (sodium_init() < 0)
        station_fail("libsodium does not start");
    station->service = text_of(file, "passport", "service");
    station->id = text_of(file, "passport", "station");
    hex_of(file, "passport", "authority", station->authority.b, 32);
    hex_of(file, "passport", "broker_curve", station->broker_curve.b, 32);
    g_autofree char *brokers = text_of(file, "passport", "brokers");
    g_auto(GStrv) each = g_strsplit(brokers, ";", 2);
    station->endpoint = g_strconcat("tcp://", each[0], NULL);
    g_autofree char *keys = text_of(file, "passport", "keys");
    g_autofree char *keys_path = beside(passport, keys);
    read_keys(station, keys_path);
    g_autofree char *directory = text_of(file, "passport", "directory");
    g_autofree char *directory_path = beside(passport, directory);
    read_directory(station, directory_path);
    return station;
}

void station_free(Station *station)
{
    if (station->socket)
        zmq_close(station->socket);
    if (station->zmq)
        zmq_ctx_term(station->zmq);
    tc_directory_unref(station->directory);
    sodium_memzero(station->signing_secret, sizeof station->signing_secret);
    sodium_memzero(station->curve_secret, sizeof station->curve_secret);
    g_free(station->service);
    g_free(station->id);
    g_free(station->endpoint);
    g_free(station);
}

static void open_socket(Station *station)
{
    static void *shared; /* all stations of a process */
    int linger = 0, none = 0;
    station->zmq = shared = shared ? shared : zmq_ctx_new();
    station->socket = zmq_socket(station->zmq, ZMQ_DEALER);
    zmq_setsockopt(station->socket, ZMQ_LINGER, &linger, sizeof linger);
    zmq_setsockopt(station->socket, ZMQ_SNDHWM, &none, sizeof none);
    zmq_setsockopt(station->socket, ZMQ_RCVHWM, &none, sizeof none);
    zmq_setsockopt(station->socket, ZMQ_CURVE_SERVERKEY, station->broker_curve.b, 32);
    zmq_setsockopt(station->socket, ZMQ_CURVE_PUBLICKEY, station->curve_public, 32);
    zmq_setsockopt(station->socket, ZMQ_CURVE_SECRETKEY, station->curve_secret, 32);
    if (zmq_connect(station->socket, station->endpoint) != 0)
        station_fail("cannot connect to %s: %s", station->endpoint, zmq_strerror(errno));
}

void station_connect(Station *station, uint64_t held)
{
    open_socket(station);
    station->held = held;
    Tc__Hello hello = TC__HELLO__INIT;
    hello.version_min = hello.version_max = 1;
    hello.service = station->service;
    hello.station = station->id;
    hello.held = held;
    hello.credit = 256;
    hello.directory_serial = station->directory->serial;
    Tc__Frame frame = TC__FRAME__INIT;
    frame.hello = &hello;
    station_send(station, &frame);
    Tc__Frame *answer = station_receive(station, 10000);
    if (!answer || !answer->welcome)
        station_fail("%s: no welcome", station->service);
    memcpy(station->session.b, answer->welcome->session.data, 16);
    station->credit = answer->welcome->credit;
    tc__frame__free_unpacked(answer, NULL);
}

static void free_bytes(void *data, void *hint)
{
    (void)hint;
    g_free(data);
}

void station_send(Station *station, const Tc__Frame *frame)
{
    size_t len = tc__frame__get_packed_size(frame);
    uint8_t *bytes = g_malloc(len);
    tc__frame__pack(frame, bytes);
    zmq_msg_t message;
    zmq_msg_init_data(&message, bytes, len, free_bytes, NULL);
    if (zmq_msg_send(&message, station->socket, 0) < 0)
        station_fail("send: %s", zmq_strerror(errno));
}

Tc__Frame *station_receive(Station *station, int timeout_ms)
{
    zmq_pollitem_t item = { station->socket, 0, ZMQ_POLLIN, 0 };
    if (timeout_ms && zmq_poll(&item, 1, timeout_ms) <= 0)
        return NULL;
    zmq_msg_t message;
    zmq_msg_init(&message);
    if (zmq_msg_recv(&message, station->socket, ZMQ_DONTWAIT) < 0) {
        if (errno == EAGAIN)
            return NULL;
        station_fail("receive: %s", zmq_strerror(errno));
    }
    Tc__Frame *frame = tc__frame__unpack(NULL, zmq_msg_size(&message), zmq_msg_data(&message));
    zmq_msg_close(&message);
    if (!frame)
        station_fail("a frame from the broker does not parse");
    if (frame->fault && frame->fault->session_ends)
        station_fail("%s: the broker ended the session: fault %u", station->service, frame->fault->code);
    return frame;
}

void station_submit(Station *station, Tc__Item **items, const TcDigest *digests, size_t count)
{
    g_autoptr(TcMerkle) tree = tc_merkle_new(digests[0].b, count);
    TcDigest root, over;
    uint8_t signature[TC_SIGN_LEN];
    memcpy(root.b, tc_merkle_root(tree), 32);
    tc_digest_submission(&station->authority, &station->directory->broker, &station->session, &root, &over);
    tc_sign_digest(station->signing_secret, over.b, signature);
    Tc__Submit submit = TC__SUBMIT__INIT;
    submit.n_items = count;
    submit.items = items;
    submit.signature = (ProtobufCBinaryData){ sizeof signature, signature };
    Tc__Frame frame = TC__FRAME__INIT;
    frame.submit = &submit;
    station_send(station, &frame);
}

void station_hold(Station *station)
{
    Tc__Confirmation confirmation = TC__CONFIRMATION__INIT;
    confirmation.step = TC__STEP__CODE__HELD;
    confirmation.service = station->service;
    confirmation.station = station->id;
    confirmation.has_upto = 1;
    confirmation.upto = station->held;
    confirmation.at = g_get_real_time();
    uint8_t body[512];
    size_t len = tc__confirmation__pack(&confirmation, body);
    Tc__Item item = TC__ITEM__INIT, *items[1] = { &item };
    item.type = TC__ITEM_TYPE__CODE__CONFIRMATION;
    item.body = (ProtobufCBinaryData){ len, body };
    TcDigest digest;
    tc_digest_item(item.type, body, len, &digest);
    station_submit(station, items, &digest, 1);
}
