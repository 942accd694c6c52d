/* What came, what it says, and the conversation it belongs to. */
#include "adapters/cli/command.h"
#include "adapters/station/words.h"

#include <stdio.h>
#include <string.h>

static void print_row(const json_t *row)
{
    g_autofree char *at = command_time(json_object_get(row, "at")), *due = command_time(json_object_get(row, "due_at"));
    printf("%s  %s\n", command_text(row, "id"), words_of(command_text(row, "kind")));
    const char *state = words_of(command_text(row, "state")); /* none: what it belongs to is not known here */
    bool ours = strcmp(command_text(row, "direction"), "out") == 0;
    const char *end = json_is_true(json_object_get(row, "another_station")) ? _("; sent at another station of this service")
                      : ours || json_is_true(json_object_get(row, "opened")) ? "" : _("; not opened yet");
    printf(ours ? _("    to %s, %s%s%s%s\n") : _("    from %s, %s%s%s%s\n"), command_text(row, ours ? "recipient" : "sender"), at, *state ? "; " : "", state, end);
    if (*command_text(row, "release.expected_date"))
        printf(_("    release expected %s, certainty %s, route: %s\n"), command_text(row, "release.expected_date"),
               words_of(command_text(row, "release.certainty")), words_of(command_text(row, "release.route")));
    if (json_is_true(json_object_get(row, "waiting")))
        printf(_("    WAITING FOR YOUR ANSWER%s%s\n"), *due ? _(" by ") : "", due);
}

int inbox_command(int argc, char **argv)
{
    gboolean today = FALSE, waiting = FALSE, sent = FALSE;
    g_autofree char *kind = NULL;
    int code;
    size_t i;
    json_t *row;
    const GOptionEntry entries[] = {
        { "today", 0, 0, G_OPTION_ARG_NONE, &today, N_("Only who comes out today"), NULL },
        { "waiting", 0, 0, G_OPTION_ARG_NONE, &waiting, N_("Only what waits for an answer from here"), NULL },
        { "kind", 0, 0, G_OPTION_ARG_STRING, &kind, N_("Only messages of this kind"), "KIND" },
        { "sent", 0, 0, G_OPTION_ARG_NONE, &sent, N_("What this service sent instead, from whichever station"), NULL },
        { 0 },
    };
    command_parse(&argc, &argv, "", _("Shows what came for this service, newest first."), entries, 0, 0);
    json_t *filter = json_object();
    if (kind != NULL)
        json_object_set_new(filter, "kind", json_string(kind));
    if (waiting)
        json_object_set_new(filter, "waiting", json_true());
    if (sent)
        json_object_set_new(filter, "sent", json_true());
    if (today) {
        g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/London");
        g_autoptr(GDateTime) now = g_date_time_new_now(zone);
        g_autofree char *day = g_date_time_format(now, "%Y-%m-%d");
        json_object_set_new(filter, "release_date", json_string(day));
    }
    json_auto_t *rows = command_ask(json_pack("{s:s, s:o}", "do", "inbox", "filter", filter), &code);
    if (rows == NULL)
        return code;
    if (command_print_json(json_incref(rows)))
        return CODE_OK;
    json_array_foreach (rows, i, row)
        print_row(row);
    if (json_array_size(rows) == 0)
        puts(_("Nothing."));
    return CODE_OK;
}

/* ---- show ---- */

static bool is_bidi(gunichar c) { return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069); }

/* What somebody elsewhere wrote: its further lines stand below its own name, never where this program's lines begin, and nothing in it
 * speaks to the terminal or turns what stands beside it around. */
static void print_text(const char *text, int indent)
{
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (c == '\n')
            printf("\n%*s", indent, "");
        else if (c == '\t' || !(g_unichar_iscntrl(c) || is_bidi(c)))
            fwrite(at, 1, (size_t)(g_utf8_next_char(at) - at), stdout);
        else
            fputs(c == '\r' ? "" : "?", stdout);
    }
    putchar('\n');
}

static void print_string(const char *name, const json_t *value, int depth)
{
    const char *text = json_string_value(value);
    bool coded = strchr(text, ' ') == NULL && strchr(text, '_') != NULL;
    size_t bare = strlen(name) - (g_str_has_suffix(name, "_at") ? strlen("_at") : 0);
    g_autofree char *label = g_strndup(name, bare), *time = name[bare] != '\0' ? command_time(value) : g_strdup("");
    printf("%*s%s: ", depth * 2, "", words_of(label));
    print_text(*time != '\0' ? time : coded ? words_in(name, text) : text, depth * 2 + 2);
}

static void print_value(const char *name, const json_t *value, int depth)
{
    size_t i;
    json_t *each;
    const char *key;
    if (json_is_object(value)) {
        printf("%*s%s:\n", depth * 2, "", words_of(name));
        json_object_foreach ((json_t *)value, key, each)
            print_value(key, each, depth + 1);
    } else if (json_is_array(value)) {
        json_array_foreach (value, i, each)
            print_value(name, each, depth);
    } else if (json_is_string(value)) {
        print_string(name, value, depth);
    } else {
        g_autofree char *text = json_dumps(value, JSON_ENCODE_ANY);
        printf("%*s%s: %s\n", depth * 2, "", words_of(name), text);
    }
}

static void print_changes(const json_t *message)
{
    size_t i;
    json_t *change;
    json_array_foreach (json_object_get(message, "changes"), i, change) {
        g_autofree char *from = json_dumps(json_object_get(change, "from"), JSON_ENCODE_ANY), *to = json_dumps(json_object_get(change, "to"), JSON_ENCODE_ANY);
        printf(_("  changed: %s, from %s to %s\n"), command_text(change, "field"), from != NULL ? from : _("nothing"), to != NULL ? to : _("nothing"));
    }
}

static void print_alerts(const json_t *message)
{
    size_t i, j;
    json_t *alert, *fact;
    json_array_foreach (json_object_get(message, "alerts"), i, alert) {
        printf(_("  ALERT: %s ("), command_text(alert, "text"));
        json_array_foreach (json_object_get(alert, "facts"), j, fact)
            printf("%s%s", j > 0 ? "; " : "", json_string_value(fact));
        puts(")");
    }
}

static void print_message(const json_t *message)
{
    static const char *const groups[] = { "urgency", "event_at", "due_at", "statutory", "legal_basis", "sharing_reason", "consent", "worker", "release", "release_answer", "meeting", "dose_request", "dose_answer", "movement", "prescribing", "court_order", "death",
        "referral", "referral_answer", "appointment", "attendance", "treatment", "progress", "transfer_offer", "transfer_answer", "drop_out", "attempt", "lost",
        "safeguarding", "merge", "parts", "closed" };
    g_autofree char *at = command_time(json_object_get(message, "at"));
    printf(_("%s from %s to %s, %s\n"), words_of(command_text(message, "kind")), command_text(message, "sender"), command_text(message, "recipient"), at);
    if (json_is_true(json_object_get(message, "another_station")))
        puts(_("  sent at another station of this service"));
    printf(_("  signature: %s\n"), words_of(command_text(message, "signature")));
    print_alerts(message);
    print_changes(message);
    for (size_t i = 0; i < G_N_ELEMENTS(groups); i++) {
        const json_t *group = json_object_get(message, groups[i]);
        if (group != NULL && (!json_is_object(group) || json_object_size(group) > 0))
            print_value(groups[i], group, 1);
    }
}

static int print_dose(const char *id)
{
    int code;
    json_t *page = command_ask(json_pack("{s:s, s:s}", "do", "dose", "id", id), &code);
    if (page == NULL)
        return code;
    fputs(json_string_value(page), stdout);
    json_decref(page);
    return CODE_OK;
}

static int show_conversation(json_t *rows)
{
    size_t i;
    json_t *row;
    if (command_print_json(json_incref(rows)))
        return CODE_OK;
    json_array_foreach (rows, i, row)
        if (strcmp(command_text(row, "row"), "message") == 0)
            print_row(row);
    return CODE_OK;
}

int show_command(int argc, char **argv)
{
    g_autofree char *worker = NULL;
    gboolean print = FALSE, conversation = FALSE;
    int code;
    const GOptionEntry entries[] = {
        { "worker", 0, 0, G_OPTION_ARG_STRING, &worker, N_("You: the sender learns that it was opened"), "REF" },
        { "print", 0, 0, G_OPTION_ARG_NONE, &print, N_("A dose answer as one page to print"), NULL },
        { "conversation", 0, 0, G_OPTION_ARG_NONE, &conversation, N_("ID is a conversation: all its messages"), NULL },
        { 0 },
    };
    command_parse(&argc, &argv, "MESSAGE", _("Opens a message in memory and shows it."), entries, 1, 1);
    if (conversation) {
        json_auto_t *rows = command_ask(json_pack("{s:s, s:s}", "do", "conversation", "id", argv[1]), &code);
        return rows != NULL ? show_conversation(rows) : code;
    }
    if (worker != NULL) {
        json_t *opened = command_ask(json_pack("{s:s, s:s, s:s}", "do", "opened", "id", argv[1], "worker", worker), &code);
        if (opened == NULL)
            return code;
        json_decref(opened);
    }
    if (print)
        return print_dose(argv[1]);
    json_auto_t *message = command_ask(json_pack("{s:s, s:s}", "do", "show", "id", argv[1]), &code);
    if (message == NULL)
        return code;
    if (!command_print_json(json_incref(message)))
        print_message(message);
    return CODE_OK;
}

/* ---- directory ---- */

int directory_command(int argc, char **argv)
{
    int code;
    size_t i;
    json_t *service;
    command_parse(&argc, &argv, "", _("Shows the signed directory that this service's adapter verified."), NULL, 0, 0);
    json_auto_t *directory = command_ask(json_pack("{s:s}", "do", "directory"), &code);
    if (directory == NULL)
        return code;
    if (command_print_json(json_incref(directory)))
        return CODE_OK;
    g_autofree char *until = command_time(json_object_get(directory, "expires_at"));
    printf(_("%s, serial %lld, %s %s\n"), command_text(directory, "name"), (long long)json_integer_value(json_object_get(directory, "serial")),
           json_is_true(json_object_get(directory, "expired")) ? _("EXPIRED") : _("good until"), until);
    json_array_foreach (json_object_get(directory, "services"), i, service)
        printf("  %-28s %-16s %-14s %s\n", command_text(service, "id"), words_of(command_text(service, "kind")), command_text(service, "area"), command_text(service, "name"));
    return CODE_OK;
}
