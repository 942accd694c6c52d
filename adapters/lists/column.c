#include "adapters/lists/column.h"

#include "adapters/lists/codes.h"
#include "proto/check.h"
#include "proto/date.h"
#include "proto/json.h"
#include "proto/limits.h"
#include "throughcare.pb-c.h"

#include <string.h>

HeadingColumn *column_heading(const Column *columns, size_t count)
{
    HeadingColumn *heading = g_new(HeadingColumn, count);
    for (size_t i = 0; i < count; i++)
        heading[i] = (HeadingColumn){ columns[i].name, columns[i].need != NEED_OPTIONAL };
    return heading;
}

static const ProtobufCEnumDescriptor *code_list(const char *name)
{
    static const struct { const char *name; const ProtobufCEnumDescriptor *list; } lists[] = {
        { "language", &tc__language__code__descriptor },       { "certainty", &tc__certainty__code__descriptor },
        { "route", &tc__route__code__descriptor },             { "yes_no", &tc__yes_no__code__descriptor },
        { "area_certainty", &tc__area_certainty__code__descriptor },
        { "withdrawal_reason", &tc__withdrawal_reason__code__descriptor },
        { "meeting_outcome", &tc__meeting_outcome__code__descriptor },
        { "legal_basis", &tc__legal_basis__code__descriptor }, { "product", &tc__product__code__descriptor },
        { "frequency", &tc__frequency__code__descriptor },     { "phase", &tc__phase__code__descriptor },
        { "naloxone", &tc__naloxone__code__descriptor },       { "destination", &tc__destination__code__descriptor },
        { "channel_owner", &tc__channel_owner__code__descriptor },
        { "self_harm", &tc__self_harm__code__descriptor },     { "children", &tc__children__code__descriptor },
        { "urgency", &tc__urgency__code__descriptor },         { "pathway", &tc__pathway__code__descriptor },
        { "capability", &tc__capability__code__descriptor },   { "service_kind", &tc__service_kind__code__descriptor },
        { "decline_reason", &tc__decline_reason__code__descriptor },
        { "appointment_type", &tc__appointment_type__code__descriptor },
        { "meeting_place", &tc__meeting_place__code__descriptor },
        { "attendance_outcome", &tc__attendance_outcome__code__descriptor },
        { "discharge_reason", &tc__discharge_reason__code__descriptor },
        { "transfer_scope", &tc__transfer_scope__code__descriptor },
        { "drop_out_trigger", &tc__drop_out_trigger__code__descriptor },
        { "risk_tier", &tc__risk_tier__code__descriptor },
        { "sharing_reason", &tc__sharing_reason__code__descriptor },
        { "consent_state", &tc__consent_state__code__descriptor }, { "ethnicity", &tc__ethnicity__code__descriptor },
        { "religion", &tc__religion__code__descriptor },       { "orientation", &tc__orientation__code__descriptor },
        { "attempt_channel", &tc__attempt_channel__code__descriptor },
        { "attempt_result", &tc__attempt_result__code__descriptor },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        if (strcmp(name, lists[i].name) == 0)
            return lists[i].list;
    g_assert_not_reached();
}

static char *code_names(const ProtobufCEnumDescriptor *list)
{
    GString *names = g_string_new("takes one of: ");
    for (unsigned i = 0; i < list->n_values; i++) {
        g_autofree char *name = g_ascii_strdown(list->values[i].name, -1);
        if (strcmp(name, "none") != 0)
            g_string_append_printf(names, "%s%s", g_str_has_suffix(names->str, ": ") ? "" : ", ", name);
    }
    return g_string_free(names, FALSE);
}

static char *read_code(const Column *column, char *cell, char **why)
{
    const ProtobufCEnumDescriptor *list = code_list(column->list);
    int code;
    for (char *c = cell; *c != '\0'; c++)
        *c = *c == ' ' || *c == '-' ? '_' : g_ascii_tolower(*c);
    if (tc_json_code_of(list, cell, &code))
        return g_strdup(cell);
    *why = code_names(list);
    return NULL;
}

static char *read_listed(const Column *column, char *cell, char **why)
{
    const char *label = codes_label(column->list, cell);
    if (label != NULL)
        return g_strdup(label);
    *why = g_strdup("is not a code or name of this column's list: see the manual page");
    return NULL;
}

/* 13/11/2026 -> 2026-11-13. Two-digit years and other orders are not guessed. */
static char *read_day(const Column *column, char *cell, char **why)
{
    g_autofree char *day = NULL;
    (void)column;
    if (strlen(cell) == TC_DATE_LEN && cell[2] == '/' && cell[5] == '/')
        day = g_strdup_printf("%.4s-%.2s-%.2s", cell + 6, cell + 3, cell);
    const char *text = day != NULL ? day : cell;
    if (tc_date_valid(text, strlen(text)) && strcmp(text, "1890") > 0 && strcmp(text, "2200") < 0)
        return g_strdup(text);
    *why = g_strdup("takes a date that exists, as 2026-11-13 or 13/11/2026");
    return NULL;
}

/* "2026-11-13 16:05" in London, or an RFC 3339 time; gives RFC 3339. An hour that a clock change leaves out is refused. */
static char *read_time(const Column *column, char *cell, char **why)
{
    gint64 micros;
    if (tc_date_parse_time(cell, &micros))
        return g_strdup(cell);
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/London");
    g_auto(GStrv) halves = g_strsplit_set(cell, " T", 2);
    g_autofree char *day = g_strv_length(halves) == 2 ? read_day(column, halves[0], why) : NULL;
    g_autofree char *text = day == NULL ? NULL : g_strdup_printf("%sT%s%s", day, halves[1], strlen(halves[1]) == 5 ? ":00" : "");
    bool shaped = text != NULL && g_regex_match_simple("^..........T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]$", text, 0, 0);
    g_autoptr(GDateTime) time = shaped && zone != NULL ? g_date_time_new_from_iso8601(text, zone) : NULL;
    g_autofree char *again = time == NULL ? NULL : g_date_time_format(time, "%Y-%m-%dT%H:%M");
    g_clear_pointer(why, g_free);
    if (again != NULL && strncmp(again, text, strlen(again)) == 0 && g_date_time_to_unix(time) >= 0) /* the protocol knows no time before 1970 */
        return tc_date_format_time(g_date_time_to_unix(time) * G_USEC_PER_SEC);
    *why = g_strdup("takes a day and a time, as 2026-11-13 16:05 or 13/11/2026 16:05");
    return NULL;
}

/* Codes with commas between them. */
static char *read_codes(const Column *column, char *cell, char **why)
{
    g_autoptr(GString) all = g_string_new(NULL);
    g_auto(GStrv) each = g_strsplit(cell, ",", -1);
    for (size_t i = 0; each[i] != NULL; i++) {
        g_autofree char *code = read_code(column, g_strstrip(each[i]), why);
        if (code == NULL)
            return NULL;
        g_string_append_printf(all, "%s%s", i > 0 ? "," : "", code);
    }
    return g_strdup(all->str);
}

static char *read_form(TcForm form, const char *cell, const char *reason, char **why)
{
    if (tc_limits_form_holds(form, cell, strlen(cell)))
        return g_strdup(cell);
    *why = g_strdup(reason);
    return NULL;
}

static char *read_mg(const Column *column, char *cell, char **why)
{
    (void)column;
    return read_form(TC_FORM_DECIMAL, cell, "takes milligrams in digits, as 40 or 0.4, without a unit; never millilitres", why);
}

static char *read_name(const Column *column, char *cell, char **why)
{
    (void)column;
    return read_form(TC_FORM_NAME, cell, "takes a code: letters, digits, full stop, hyphen and underscore", why);
}

/* Names with commas between them. */
static char *read_names(const Column *column, char *cell, char **why)
{
    g_autoptr(GString) all = g_string_new(NULL);
    g_auto(GStrv) each = g_strsplit(cell, ",", -1);
    for (size_t i = 0; each[i] != NULL; i++) {
        g_autofree char *name = read_name(column, g_strstrip(each[i]), why);
        if (name == NULL)
            return NULL;
        g_string_append_printf(all, "%s%s", i > 0 ? "," : "", name);
    }
    return g_strdup(all->str);
}

static char *read_line(const Column *column, char *cell, char **why)
{
    (void)column;
    return read_form(TC_FORM_LINE, cell, "takes one line of text without control characters", why);
}

static char *read_text(const Column *column, char *cell, char **why)
{
    (void)column;
    for (const char *c = cell; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' && strchr("\t\r\n", *c) == NULL) {
            *why = g_strdup("holds a control character");
            return NULL;
        }
    }
    return g_strdup(cell);
}

static void drop_spaces(char *cell)
{
    char *to = cell;
    for (const char *from = cell; *from != '\0'; from++)
        if (*from != ' ' && *from != '-')
            *to++ = *from;
    *to = '\0';
}

static char *read_nhs(const Column *column, char *cell, char **why)
{
    (void)column;
    drop_spaces(cell);
    return read_form(TC_FORM_NHS, cell, "takes ten digits, of which the last is the check digit of the others", why);
}

static char *read_prison(const Column *column, char *cell, char **why)
{
    static const char shape[] = "A0000AA";
    (void)column;
    drop_spaces(cell);
    bool fits = strlen(cell) == sizeof shape - 1;
    for (size_t i = 0; fits && shape[i] != '\0'; i++)
        fits = shape[i] == 'A' ? g_ascii_isalpha(cell[i]) : g_ascii_isdigit(cell[i]);
    if (fits)
        return g_ascii_strup(cell, -1);
    *why = g_strdup("takes a prison number of the form A1234BC");
    return NULL;
}

char *column_read(const Column *column, const char *cell, char **why)
{
    static char *(*const readers[])(const Column *, char *, char **) = {
        [FORM_LINE] = read_line, [FORM_TEXT] = read_text, [FORM_NAME] = read_name, [FORM_DAY] = read_day,
        [FORM_MG] = read_mg, [FORM_NHS] = read_nhs, [FORM_PRISON] = read_prison, [FORM_CODE] = read_code,
        [FORM_LISTED] = read_listed, [FORM_TIME] = read_time, [FORM_CODES] = read_codes, [FORM_NAMES] = read_names,
    };
    g_autofree char *text = g_strstrip(g_strdup(cell));
    *why = NULL;
    if (text[0] == '\0') {
        if (column->need != NEED_FILLED)
            return g_steal_pointer(&text);
        *why = g_strdup("is empty, and every row needs it");
        return NULL;
    }
    if (strlen(text) > column->most) {
        *why = g_strdup_printf("longer than %zu bytes", column->most);
        return NULL;
    }
    return readers[column->form](column, text, why);
}
