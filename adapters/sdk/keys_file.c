/* The key file as text, read and written. GKeyFile is not used here, because it leaves copies of every value in freed memory:
 * the text lies in locked memory and values are decoded from where they stand. Every field stands exactly once; a name that is not
 * known is an error, so that a typing mistake cannot pass for an old version. */
#include "adapters/sdk/keys.h"

#include "adapters/sdk/error.h"
#include "proto/hpke.h"
#include "proto/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef enum FieldForm { FIELD_NAME, FIELD_HEX, FIELD_TIME } FieldForm;

typedef struct Field {
    const char *section, *name;
    FieldForm form;
    size_t offset;
} Field;

static const Field fields[] = {
    { "keys", "service", FIELD_NAME, offsetof(TcKeys, service) },
    { "keys", "station", FIELD_NAME, offsetof(TcKeys, station) },
    { "curve", "public", FIELD_HEX, offsetof(TcKeys, curve_public) },
    { "curve", "secret", FIELD_HEX, offsetof(TcKeys, curve_secret) },
    { "signing", "public", FIELD_HEX, offsetof(TcKeys, signing_public) },
    { "signing", "seed", FIELD_HEX, offsetof(TcKeys, signing_seed) },
    { "storage", "key", FIELD_HEX, offsetof(TcKeys, storage) },
};
/* Offsets within one KeysSealing. */
static const Field sealing_fields[] = {
    { "sealing", "public", FIELD_HEX, offsetof(KeysSealing, public_key) },
    { "sealing", "secret", FIELD_HEX, offsetof(KeysSealing, secret) },
    { "sealing", "made_at", FIELD_TIME, offsetof(KeysSealing, made_at) },
};

typedef struct Reader {
    TcKeys *keys;
    TcError *error;
    unsigned line;
    char section[32];
    bool sealing;  /* in a [sealing N] section */
    unsigned seen, sealing_seen; /* bits by place in the tables */
} Reader;

typedef struct Slice { const char *text; size_t len; } Slice;

static bool keys_file_bad(const Reader *reader, const char *what)
{
    return error_set(reader->error, "keys", reader->section, "Line %u of the key file: %s. Restore the file from its export.",
                     reader->line, what);
}

static Slice keys_file_strip(Slice slice)
{
    while (slice.len > 0 && g_ascii_isspace(slice.text[0]))
        slice.text++, slice.len--;
    while (slice.len > 0 && g_ascii_isspace(slice.text[slice.len - 1]))
        slice.len--;
    return slice;
}

static bool keys_file_is(Slice slice, const char *text)
{
    return slice.len == strlen(text) && memcmp(slice.text, text, slice.len) == 0;
}

static bool keys_file_name(Slice value, char *to)
{
    if (value.len == 0 || value.len > KEYS_NAME_MAX || !tc_limits_form_holds(TC_FORM_NAME, value.text, value.len))
        return false;
    memcpy(to, value.text, value.len);
    return true;
}

static bool keys_file_time(Slice value, int64_t *to)
{
    if (value.len == 0 || value.len > 17)
        return false;
    for (size_t i = 0; i < value.len; i++) {
        if (!g_ascii_isdigit(value.text[i]))
            return false;
        *to = *to * 10 + (value.text[i] - '0');
    }
    return true;
}

static bool keys_file_value(const Field *field, Slice value, uint8_t *base)
{
    size_t len;
    void *to = base + field->offset;
    switch (field->form) {
    case FIELD_NAME: return keys_file_name(value, to);
    case FIELD_TIME: return keys_file_time(value, to);
    default: return value.len == 64 && sodium_hex2bin(to, 32, value.text, value.len, NULL, &len, NULL) == 0 && len == 32;
    }
}

static bool keys_file_entry(Reader *reader, Slice name, Slice value)
{
    const Field *table = reader->sealing ? sealing_fields : fields;
    size_t count = reader->sealing ? G_N_ELEMENTS(sealing_fields) : G_N_ELEMENTS(fields);
    unsigned *seen = reader->sealing ? &reader->sealing_seen : &reader->seen;
    uint8_t *base = reader->sealing ? (uint8_t *)&reader->keys->sealing[reader->keys->sealing_count - 1] : (uint8_t *)reader->keys;
    for (size_t i = 0; i < count; i++) {
        if (!keys_file_is(name, table[i].name) || (!reader->sealing && strcmp(reader->section, table[i].section) != 0))
            continue;
        if ((*seen & 1u << i) != 0)
            return keys_file_bad(reader, "the field is there twice");
        *seen |= 1u << i;
        return keys_file_value(&table[i], value, base) || keys_file_bad(reader, "the value does not have the form it must have");
    }
    return keys_file_bad(reader, "the field is not known");
}

static bool keys_file_sealing_whole(const Reader *reader)
{
    return !reader->sealing || reader->sealing_seen == (1u << G_N_ELEMENTS(sealing_fields)) - 1
           || keys_file_bad(reader, "the sealing key before it is not whole");
}

static bool keys_file_section(Reader *reader, Slice name)
{
    if (!keys_file_sealing_whole(reader))
        return false;
    if (name.len == 0 || name.len >= sizeof reader->section || memchr(name.text, '\0', name.len) != NULL)
        return keys_file_bad(reader, "the section is not known");
    memcpy(reader->section, name.text, name.len);
    reader->section[name.len] = '\0';
    reader->sealing = g_str_has_prefix(reader->section, "sealing ");
    if (!reader->sealing)
        return true;
    if (reader->keys->sealing_count == TC_KEYS_SEALING_MAX)
        return keys_file_bad(reader, "there are too many sealing keys");
    reader->keys->sealing_count++;
    reader->sealing_seen = 0;
    return true;
}

static bool keys_file_line(Reader *reader, Slice line)
{
    line = keys_file_strip(line);
    if (line.len == 0 || line.text[0] == '#')
        return true;
    if (line.text[0] == '[' && line.text[line.len - 1] == ']')
        return keys_file_section(reader, (Slice){ line.text + 1, line.len - 2 });
    const char *equals = memchr(line.text, '=', line.len);
    if (equals == NULL)
        return keys_file_bad(reader, "it is neither a section nor a field");
    Slice name = { line.text, (size_t)(equals - line.text) };
    Slice value = { equals + 1, line.len - name.len - 1 };
    return keys_file_entry(reader, keys_file_strip(name), keys_file_strip(value));
}

/* Public keys are worked out again: a file put together from two is noticed before anybody is told a wrong key. */
static bool keys_file_pairs_hold(const Reader *reader)
{
    TcKeys *keys = reader->keys;
    uint8_t public_key[32];
    tc_hpke_public_of(keys->curve_secret, public_key);
    if (memcmp(public_key, keys->curve_public, 32) != 0)
        return error_set(reader->error, "keys", "curve", "The public key does not belong to the secret. Restore the file from its export.");
    tc_sign_keypair_from_seed(keys->signing_seed, public_key, keys->signing_secret);
    if (memcmp(public_key, keys->signing_public, 32) != 0)
        return error_set(reader->error, "keys", "signing", "The public key does not belong to the seed. Restore the file from its export.");
    for (size_t i = 0; i < keys->sealing_count; i++) {
        tc_hpke_public_of(keys->sealing[i].secret, public_key);
        if (memcmp(public_key, keys->sealing[i].public_key, 32) != 0)
            return error_set(reader->error, "keys", "sealing", "The public key of sealing key %zu does not belong to its secret. "
                             "Restore the file from its export.", i + 1);
    }
    return true;
}

static bool keys_file_whole(const Reader *reader)
{
    if (!keys_file_sealing_whole(reader))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        if ((reader->seen & 1u << i) == 0) {
            g_autofree char *field = g_strconcat(fields[i].section, ".", fields[i].name, NULL);
            return error_set(reader->error, "keys", field, "The key file lacks this field. Restore the file from its export.");
        }
    if (reader->keys->sealing_count == 0)
        return error_set(reader->error, "keys", "sealing", "The key file has no sealing key. Restore the file from its export.");
    return keys_file_pairs_hold(reader);
}

TcKeys *tc_keys_parse(const char *text, size_t len, TcError *error)
{
    g_autoptr(TcKeys) keys = keys_alloc();
    Reader reader = { .keys = keys, .error = error };
    for (Slice rest = { text, len }; rest.len > 0;) {
        const char *newline = memchr(rest.text, '\n', rest.len);
        size_t used = newline == NULL ? rest.len : (size_t)(newline - rest.text) + 1;
        reader.line++;
        if (!keys_file_line(&reader, (Slice){ rest.text, used }))
            return NULL;
        rest.text += used;
        rest.len -= used;
    }
    return keys_file_whole(&reader) ? g_steal_pointer(&keys) : NULL;
}

static bool keys_file_io(TcError *error, const char *what, const char *path)
{
    int number = errno;
    return error_set(error, "keys", NULL, "%s %s: %s.", what, path, g_strerror(number));
}

static bool keys_file_mode_good(int fd, const char *path, TcError *error)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        return keys_file_io(error, "Cannot look at", path);
    if (!S_ISREG(info.st_mode) || info.st_size > KEYS_TEXT_MAX)
        return error_set(error, "keys", NULL, "%s is not a key file.", path);
    if ((info.st_mode & 077) != 0)
        return error_set(error, "keys", NULL, "Others may read %s. Run chmod 600 on it; if somebody may have read it, make new keys.", path);
    return true;
}

static TcKeys *keys_file_read(int fd, const char *path, TcError *error)
{
    char *text = sodium_malloc(KEYS_TEXT_MAX);
    size_t len = 0;
    ssize_t got = 0;
    if (text == NULL)
        g_error("no locked memory left for a key file");
    while (len < KEYS_TEXT_MAX && (got = read(fd, text + len, KEYS_TEXT_MAX - len)) > 0)
        len += (size_t)got;
    TcKeys *keys = NULL;
    if (got < 0)
        keys_file_io(error, "Cannot read", path);
    else
        keys = tc_keys_parse(text, len, error);
    sodium_free(text);
    return keys;
}

TcKeys *tc_keys_load(const char *path, TcError *error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        keys_file_io(error, "Cannot open", path);
        return NULL;
    }
    TcKeys *keys = keys_file_mode_good(fd, path, error) ? keys_file_read(fd, path, error) : NULL;
    close(fd);
    return keys;
}

G_GNUC_PRINTF(2, 3) static void keys_file_print(char *text, const char *format, ...)
{
    size_t used = strlen(text);
    va_list args;
    va_start(args, format);
    g_vsnprintf(text + used, KEYS_TEXT_MAX - used, format, args);
    va_end(args);
}

static void keys_file_print_hex(char *text, const char *name, const uint8_t key[32])
{
    size_t used = strlen(text);
    keys_file_print(text, "%s=", name);
    used += strlen(name) + 1;
    sodium_bin2hex(text + used, KEYS_TEXT_MAX - used, key, 32);
    keys_file_print(text, "\n");
}

char *keys_format(const TcKeys *keys)
{
    char *text = sodium_malloc(KEYS_TEXT_MAX);
    if (text == NULL)
        g_error("no locked memory left for a key file");
    memset(text, 0, KEYS_TEXT_MAX);
    keys_file_print(text, "[keys]\nservice=%s\nstation=%s\n\n[curve]\n", keys->service, keys->station);
    keys_file_print_hex(text, "public", keys->curve_public);
    keys_file_print_hex(text, "secret", keys->curve_secret);
    keys_file_print(text, "\n[signing]\n");
    keys_file_print_hex(text, "public", keys->signing_public);
    keys_file_print_hex(text, "seed", keys->signing_seed);
    for (size_t i = 0; i < keys->sealing_count; i++) {
        keys_file_print(text, "\n[sealing %zu]\n", i + 1);
        keys_file_print_hex(text, "public", keys->sealing[i].public_key);
        keys_file_print_hex(text, "secret", keys->sealing[i].secret);
        keys_file_print(text, "made_at=%" G_GINT64_FORMAT "\n", keys->sealing[i].made_at);
    }
    keys_file_print(text, "\n[storage]\n");
    keys_file_print_hex(text, "key", keys->storage);
    return text;
}

static bool keys_file_write(int fd, const char *text)
{
    size_t len = strlen(text);
    for (ssize_t put; len > 0; text += put, len -= (size_t)put)
        if ((put = write(fd, text, len)) < 0)
            return false;
    return fsync(fd) == 0;
}

/* The name appears only when the file is whole on disk. link() refuses an existing name; rename() replaces it. */
static bool keys_file_name_it(const char *from, const char *to, bool replace)
{
    g_autofree char *folder = g_path_get_dirname(to);
    if (replace ? rename(from, to) != 0 : link(from, to) != 0)
        return false;
    if (!replace)
        unlink(from);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

bool tc_keys_save(const TcKeys *keys, const char *path, bool replace, TcError *error)
{
    g_autofree char *temporary = g_strconcat(path, ".XXXXXX", NULL);
    int fd = g_mkstemp_full(temporary, O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0)
        return keys_file_io(error, "Cannot write beside", path);
    char *text = keys_format(keys);
    bool ok = keys_file_write(fd, text);
    sodium_free(text);
    ok = close(fd) == 0 && ok && keys_file_name_it(temporary, path, replace);
    if (ok)
        return true;
    keys_file_io(error, errno == EEXIST ? "Keys are there already:" : "Cannot write", path);
    unlink(temporary);
    return false;
}
