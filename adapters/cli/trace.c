/* The whole story of a conversation: what this service knows, and what the broker has on record. */
#include "adapters/cli/command.h"
#include "adapters/station/words.h"

#include <stdio.h>
#include <string.h>

/* What a message says in its header: its reply, outcome, step …; the first of them that it has. */
static const char *said(const json_t *row)
{
    static const char *const places[] = { "release_answer.reply", "dose_answer.reply", "meeting.outcome", "referral.pathway", "referral_answer.reply",
        "appointment.change", "attendance.outcome", "treatment.step", "transfer_offer.scope", "transfer_answer.reply", "drop_out.trigger",
        "attempt.result", "movement.step", "prescribing.step", "court_order.step", "safeguarding.subject", "merge.verdict" };
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
        if (*command_text(row, places[i]))
            return command_text(row, places[i]);
    return "";
}

static const char *said_why(const json_t *row)
{
    static const char *const places[] = { "release_answer.reason", "referral_answer.reason", "transfer_answer.reason", "treatment.reason", "merge.reason" };
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
        if (*command_text(row, places[i]))
            return command_text(row, places[i]);
    return "";
}

static void tell_message(const json_t *row, const char *at)
{
    const char *reply = said(row), *reason = said_why(row);
    const char *to = command_text(row, "recipient");
    printf(_("%s  %s to %s: %s%s%s%s%s\n"), at, command_text(row, "sender"), *to ? to : _("whoever fits"), words_of(command_text(row, "kind")),
           *reply ? ", " : "", *reply ? words_of(reply) : "", *reason ? ": " : "", *reason ? words_of(reason) : "");
    if (json_object_get(row, "sequence") != NULL)
        printf(_("%27s safe: number %lld in the record\n"), "", (long long)json_integer_value(json_object_get(row, "sequence")));
    if (*command_text(row, "opened_by")) {
        g_autofree char *opened = command_time(json_object_get(row, "opened_at"));
        printf(_("%27s opened here by %s, %s\n"), "", command_text(row, "opened_by"), opened);
    }
}

static void tell_evidence(const json_t *row, const char *at)
{
    const char *step = command_text(row, "step"), *worker = command_text(row, "worker"), *policy = command_text(row, "policy");
    if (strcmp(step, "asked") == 0)
        printf(_("%s  %s: is asked now, %s\n"), at, command_text(row, "by"), words_of_asked(command_text(row, "why")));
    else if (strcmp(step, "consent_changed") == 0)
        printf(_("%s  %s: what the client agrees to has changed: %s\n"), at, command_text(row, "by"), words_of(command_text(row, "consent.state")));
    else
        printf(_("%s  %s: %s%s%s%s%s\n"), at, command_text(row, "by"), words_of(step), *worker ? ", " : "", worker, *policy ? _("; clock: ") : "",
               *policy ? words_of_clock(policy) : "");
}

static void tell_row(const json_t *row)
{
    const char *what = command_text(row, "row");
    g_autofree char *at = command_time(json_object_get(row, "at"));
    if (strcmp(what, "message") == 0)
        tell_message(row, at);
    else if (strcmp(what, "evidence") == 0)
        tell_evidence(row, at);
    else if (strcmp(what, "notice") == 0 && (strcmp(command_text(row, "role"), "none") == 0 || !*command_text(row, "role")))
        printf(_("%s  reminded here, %s\n"), at, words_of_clock(command_text(row, "policy")));
    else if (strcmp(what, "notice") == 0)
        printf(_("%s  told here as %s: %s has not answered\n"), at, words_of(command_text(row, "role")), command_text(row, "waiting_for"));
    else if (strcmp(what, "refused") == 0)
        printf(_("%s  refused: %s\n"), at, command_text(row, "error.text"));
}

static void tell_record(const json_t *rows)
{
    size_t i;
    json_t *row;
    puts(_("\nThe broker's record:"));
    json_array_foreach (rows, i, row) {
        g_autofree char *at = command_time(json_object_get(row, "at"));
        const char *event = command_text(row, "event"), *detail = command_text(row, "detail");
        printf("%8lld  %s  %-18s  %s%s%s\n", (long long)json_integer_value(json_object_get(row, "sequence")), at, words_of(event),
               command_text(row, "service"), *detail ? ", " : "",
               strcmp(event, "asked") == 0 ? words_of_asked(detail) : g_str_has_prefix(event, "clock_") || strchr(detail, '/') != NULL ? words_of_clock(detail) : detail);
    }
}

int trace_command(int argc, char **argv)
{
    gboolean local = FALSE;
    int code, ignored;
    size_t i;
    json_t *row;
    const GOptionEntry entries[] = { { "local", 0, 0, G_OPTION_ARG_NONE, &local, N_("Only what this service knows: no broker is asked"), NULL }, { 0 } };
    command_parse(&argc, &argv, "CONVERSATION", _("Tells the whole story of a conversation, with its evidence."), entries, 1, 1);
    json_auto_t *rows = command_ask(json_pack("{s:s, s:s}", "do", "conversation", "id", argv[1]), &code);
    if (rows == NULL)
        return code;
    json_auto_t *record = local ? NULL : command_ask(json_pack("{s:s, s:s}", "do", "trace", "id", argv[1]), &ignored);
    if (command_print_json(json_pack("{s:O, s:O*}", "conversation", rows, "record", record)))
        return CODE_OK;
    json_array_foreach (rows, i, row)
        tell_row(row);
    if (record != NULL)
        tell_record(record);
    return CODE_OK;
}
