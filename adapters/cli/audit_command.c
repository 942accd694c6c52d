/* throughcare audit: is the record whole, and does it still contain what somebody holds a receipt for? */
#include "adapters/cli/command.h"
#include "adapters/cli/source.h"

#include <sodium.h>
#include <string.h>

typedef struct Options { char *conninfo, *export, *directory, *authority, *held; } Options;

static bool on_row(void *ctx, const TcAuditRow *row, const TcDigest *hash) { return record_row(ctx, row, hash); }
static bool on_head(void *ctx, const TcHead *head, const uint8_t signature[64]) { return record_head(ctx, head, signature); }
static bool on_message(void *ctx, const TcId *id, uint64_t sequence, const TcDigest *digest, const void *header, size_t len)
{
    return record_message(ctx, id, sequence, digest, header, len);
}

static bool on_mismatch(void *ctx, const char *problem) { return record_mismatch(ctx, problem); }

static TcDirectory *trusted(const Options *options)
{
    TcDigest authority;
    char *data;
    gsize len;
    size_t got = 0;
    g_autofree char *problem = NULL;
    if (options->directory == NULL || options->authority == NULL || !g_file_get_contents(options->directory, &data, &len, NULL) ||
        sodium_hex2bin(authority.b, 32, options->authority, strlen(options->authority), NULL, &got, NULL) != 0 || got != 32) {
        command_fail(_("--directory FILE (a signed directory) and --authority KEY (64 hexadecimal digits) are needed: they say whose signature counts."));
        return NULL;
    }
    g_autoptr(GBytes) bytes = g_bytes_new_take(data, len);
    TcDirectory *directory = tc_directory_open(bytes, &authority, &problem);
    if (directory == NULL)
        command_fail("%s: %s", options->directory, problem);
    return directory;
}

static bool hold_file(Record *record, const char *path)
{
    json_t *held = json_load_file(path, 0, NULL);
    bool good = held != NULL && record_hold(record, held);
    if (held == NULL)
        command_fail(_("%s is not JSON of receipts and heads."), path);
    json_decref(held);
    return good;
}

static bool hold_all(Record *record, const char *path)
{
    g_autoptr(GDir) folder = path != NULL ? g_dir_open(path, 0, NULL) : NULL;
    const char *name;
    bool good = true;
    if (path == NULL)
        return true;
    if (folder == NULL)
        return hold_file(record, path);
    while (good && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        good = !g_str_has_suffix(name, ".json") || hold_file(record, file);
    }
    return good;
}

static int report(Record *record, bool good)
{
    RecordCounts c = record_counts(record);
    const char *problem = record_problem(record);
    if (!good && *problem == '\0')
        return CODE_UNREACHABLE; /* it could not be read: said already */
    if (command_print_json(json_pack("{s:b, s:s, s:I, s:I, s:I, s:I, s:I}", "whole", good, "problem", problem, "rows", (json_int_t)c.rows, "batches",
                                     (json_int_t)c.batches, "messages", (json_int_t)c.messages, "heads_held", (json_int_t)c.heads_held, "receipts_held",
                                     (json_int_t)c.receipts_held)))
        return good ? CODE_OK : CODE_PROBLEM;
    if (!good)
        return command_fail(_("THE RECORD IS NOT WHOLE: %s."), problem);
    printf(_("The record is whole: %llu rows in %llu signed batches, %llu messages; %llu receipts and %llu heads held by others fit.\n"),
           (unsigned long long)c.rows, (unsigned long long)c.batches, (unsigned long long)c.messages, (unsigned long long)c.receipts_held,
           (unsigned long long)c.heads_held);
    return CODE_OK;
}

static int check(const Options *options)
{
    TcDirectory *directory = trusted(options);
    if (directory == NULL)
        return CODE_USAGE;
    Record *record = record_new(directory);
    Sink sink = { on_row, on_head, on_message, on_mismatch, record };
    bool good = hold_all(record, options->held) &&
                (options->export != NULL ? source_export(options->export, &sink) : source_database(options->conninfo != NULL ? options->conninfo : "", &sink)) &&
                record_end(record);
    int code = report(record, good);
    record_free(record);
    tc_directory_unref(directory);
    return code;
}

static int verify(int argc, char **argv, const char *usage, const char *summary, int words)
{
    static Options o; /* words live as long as the process */
    const GOptionEntry entries[] = {
        { "conninfo", 0, 0, G_OPTION_ARG_STRING, &o.conninfo, N_("The database, in libpq's words (else PG* variables)"), "WORDS" },
        { "export", 0, 0, G_OPTION_ARG_FILENAME, &o.export, N_("An exported file instead of the database"), "FILE" },
        { "directory", 0, 0, G_OPTION_ARG_FILENAME, &o.directory, N_("A signed directory: whose heads count"), "FILE" },
        { "authority", 0, 0, G_OPTION_ARG_STRING, &o.authority, N_("The authority's public key"), "HEX" },
        { "held", 0, 0, G_OPTION_ARG_FILENAME, &o.held, N_("Receipts and heads that services hold: a file, or a folder of *.json"), "PATH" },
        { 0 },
    };
    command_parse(&argc, &argv, usage, summary, entries, words, words);
    if (words == 1)
        o.held = argv[1];
    return check(&o);
}

static int export(int argc, char **argv)
{
    g_autofree char *conninfo = NULL;
    const GOptionEntry entries[] = { { "conninfo", 0, 0, G_OPTION_ARG_STRING, &conninfo, N_("The database, in libpq's words (else PG* variables)"), "WORDS" }, { 0 } };
    command_parse(&argc, &argv, "FILE|-", _("Writes the whole record as lines of JSON, to be verified anywhere. It holds no content, but the outer envelope's facts."), entries, 1, 1);
    FILE *out = strcmp(argv[1], "-") == 0 ? stdout : fopen(argv[1], "w");
    if (out == NULL)
        return command_fail(_("%s cannot be written."), argv[1]);
    Sink sink = source_writer(out);
    bool good = source_database(conninfo != NULL ? conninfo : "", &sink) && fflush(out) == 0;
    if (out != stdout)
        good = fclose(out) == 0 && good;
    return good ? CODE_OK : CODE_UNREACHABLE;
}

static int receipts(int argc, char **argv)
{
    int code;
    command_parse(&argc, &argv, "", _("Prints the receipts and signed heads that this service holds, for audit verify --held."), NULL, 0, 0);
    json_t *held = command_ask(json_pack("{s:s}", "do", "receipts"), &code);
    command_json = true;
    if (held != NULL)
        command_print_json(held);
    return code;
}

static int verify_command(int argc, char **argv)
{
    return verify(argc, argv, "", _("Computes the whole record again and says whether it is what it was. Names the first record that does not fit."), 0);
}

static int prove_command(int argc, char **argv)
{
    return verify(argc, argv, "RECEIPTS", _("Shows that the record still contains what a service's receipts say (from audit receipts), or that it does not."), 1);
}

int audit_command(int argc, char **argv)
{
    static const Command acts[] = {
        { "verify", "", N_("computes the whole record again, from the database or an export, and names the first row that does not fit"), verify_command },
        { "export", "", N_("writes the whole record, to be verified anywhere"), export },
        { "receipts", "", N_("prints the receipts and signed heads that a service holds"), receipts },
        { "prove", "", N_("shows that the record still contains what those receipts say"), prove_command },
    };
    return command_among("audit", acts, G_N_ELEMENTS(acts), argc, argv);
}
