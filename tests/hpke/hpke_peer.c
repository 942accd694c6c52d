/* The C side of the HPKE interoperability test: answers one line on standard output for each line on standard input.
 *
 * All values are hexadecimal, "-" for empty. Requests and answers:
 *   key                                              PUBLIC SECRET
 *   seal PUBLIC INFO AAD PLAIN                       ENC SEALED
 *   open SECRET ENC INFO AAD SEALED                  PLAIN, or "refused"
 *   wrap AUTHORITY MESSAGE PART CONTENT READER KEY   ENC WRAPPED
 *   unwrap AUTHORITY MESSAGE PART CONTENT READER SECRET ENC WRAPPED   KEY, or "refused"
 * Made for tests only: it trusts its input and prints secrets. */
#include "proto/hpke.h"
#include "proto/part.h"
#include "tests/unit/hex.h"

#include <sodium.h>
#include <stdio.h>

typedef struct Words {
    GByteArray *at[9]; /* the arguments, decoded */
    size_t count;
} Words;

static void print_hex(const uint8_t *bytes, size_t len, const char *end)
{
    g_autofree char *text = hex_text(bytes, len);
    printf("%s%s", len == 0 ? "-" : text, end);
}

static void answer_key(void)
{
    uint8_t public_key[TC_HPKE_KEY_LEN], secret_key[TC_HPKE_KEY_LEN];
    tc_hpke_keypair(public_key, secret_key);
    print_hex(public_key, sizeof public_key, " ");
    print_hex(secret_key, sizeof secret_key, "\n");
}

static void answer_seal(const Words *w)
{
    uint8_t enc[TC_HPKE_ENC_LEN];
    g_autofree uint8_t *sealed = g_malloc(w->at[3]->len + TC_HPKE_TAG_LEN);
    g_assert(tc_hpke_seal(w->at[0]->data, w->at[1]->data, w->at[1]->len, w->at[2]->data, w->at[2]->len,
                          w->at[3]->data, w->at[3]->len, enc, sealed));
    print_hex(enc, sizeof enc, " ");
    print_hex(sealed, w->at[3]->len + TC_HPKE_TAG_LEN, "\n");
}

static void answer_open(const Words *w)
{
    g_autofree uint8_t *plain = g_malloc(w->at[4]->len + 1);
    if (tc_hpke_open(w->at[0]->data, w->at[1]->data, w->at[2]->data, w->at[2]->len, w->at[3]->data, w->at[3]->len,
                     w->at[4]->data, w->at[4]->len, plain))
        print_hex(plain, w->at[4]->len - TC_HPKE_TAG_LEN, "\n");
    else
        puts("refused");
}

static TcPart words_part(const Words *w)
{
    TcPart part = { .number = w->at[2]->data[0] };
    memcpy(part.authority.b, w->at[0]->data, sizeof part.authority.b);
    memcpy(part.message.b, w->at[1]->data, sizeof part.message.b);
    return part;
}

static void answer_wrap(const Words *w)
{
    TcPart part = words_part(w);
    uint8_t enc[TC_HPKE_ENC_LEN], wrapped[TC_PART_WRAPPED_LEN];
    g_assert(tc_part_wrap(&part, w->at[5]->data, (const TcDigest *)w->at[3]->data, (const TcDigest *)w->at[4]->data,
                          enc, wrapped));
    print_hex(enc, sizeof enc, " ");
    print_hex(wrapped, sizeof wrapped, "\n");
}

static void answer_unwrap(const Words *w)
{
    TcPart part = words_part(w);
    uint8_t key[TC_PART_KEY_LEN];
    if (tc_part_unwrap(&part, (const TcDigest *)w->at[3]->data, (const TcDigest *)w->at[4]->data, w->at[5]->data,
                       w->at[6]->data, w->at[7]->data, key))
        print_hex(key, sizeof key, "\n");
    else
        puts("refused");
}

static void answer(const char *verb, const Words *w)
{
    if (strcmp(verb, "key") == 0)
        answer_key();
    else if (strcmp(verb, "seal") == 0 && w->count == 4)
        answer_seal(w);
    else if (strcmp(verb, "open") == 0 && w->count == 5)
        answer_open(w);
    else if (strcmp(verb, "wrap") == 0 && w->count == 6)
        answer_wrap(w);
    else if (strcmp(verb, "unwrap") == 0 && w->count == 8)
        answer_unwrap(w);
    else
        g_error("unknown request %s", verb);
}

int main(void)
{
    g_autofree char *line = NULL;
    size_t size = 0;
    g_assert(sodium_init() >= 0);
    while (getline(&line, &size, stdin) > 0) {
        g_auto(GStrv) parts = g_strsplit(g_strchomp(line), " ", -1);
        Words words = { 0 };
        for (char **word = parts + 1; *word != NULL && words.count < G_N_ELEMENTS(words.at); word++)
            words.at[words.count++] = hex_bytes(strcmp(*word, "-") == 0 ? "" : *word);
        answer(parts[0], &words);
        for (size_t i = 0; i < words.count; i++)
            g_byte_array_unref(words.at[i]);
        fflush(stdout);
    }
    return 0;
}
