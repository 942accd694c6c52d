#include "adapters/worklist/form_problem.h"

#include "adapters/station/words.h"
#include "adapters/worklist/field.h"
#include "adapters/worklist/library.h"
#include "adapters/worklist/say.h"
#include "proto/date.h"
#include "proto/errors.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

enum { ERRORS_MAX = 12 };

void form_problem_add(json_t *errors, const char *name, const char *text)
{
    json_array_append_new(errors, json_pack("{s:s, s:s}", "name", name, "text", text));
}

/* For the summary, which stands far from the field: "Date of birth: this is needed", "How soon? Choose one". */
static char *with_label(const char *label, const char *text)
{
    g_autofree char *first = g_utf8_substring(text, 0, 1), *low = g_utf8_strdown(first, -1);
    return g_str_has_suffix(label, "?") ? g_strdup_printf("%s %s", label, text) : g_strdup_printf("%s: %s%s", label, low, g_utf8_next_char(text));
}

void form_problem_at(json_t *errors, const Field *field, const char *text)
{
    g_autofree char *line = with_label(_(field->label), text);
    json_array_append_new(errors, json_pack("{s:s, s:s, s:s}", "name", field->path, "text", text, "line", line));
}

const char *form_problem_needed(const Field *field) { return field_type(field) == FIELD_CHOICE ? _("Choose one") : field_type(field) == FIELD_COUNT ? _("Write how many, or tick that it is not known") : _("This is needed"); }

/* ---- What the SDK says ---- */

/* The library speaks to who writes a program: { its code, how the field's path ends, what a person is told instead }. */
static const struct { const char *code, *tail, *words; } plain[] = {
    { "bad_text", ".nhs_number", N_("This NHS number is not right: check its ten digits.") },
    { "bad_text", ".mg", N_("Write only the number of milligrams, such as 30.") },
    { "bad_text", ".named_worker", N_("Write the reference alone, without spaces or accents, such as w-017.") },
    { "bad_text", ".signed_off_by", N_("Write the reference alone, without spaces or accents, such as w-017.") },
};

/* The table's own sentence, which no part of the library has put better; and a part of the message of which nothing was typed. */
static bool is_plainly_missing(const TcError *error)
{
    return strcmp(error->code, "wrong_parts") == 0 || (strcmp(error->code, "missing_field") == 0 && g_str_has_prefix(error->text, tc_errors_find(TC_CODE_MISSING_FIELD)->sentence));
}

/* "(0 to 7)" at the end of what the library says of a number. NULL: it says none. */
static char *range_said(const Field *field, const TcError *error)
{
    FieldType type = field_type(field);
    const char *open = strrchr(error->text, '(');
    unsigned least, most;
    if ((type != FIELD_NUMBER && type != FIELD_COUNT) || open == NULL || sscanf(open, "(%u to %u)", &least, &most) != 2)
        return NULL;
    return g_strdup_printf(_("Write a number from %u to %u"), least, most);
}

static char *problem_said(const Worklist *worklist, const Field *field, const TcError *error)
{
    if (is_plainly_missing(error))
        return g_strdup(form_problem_needed(field));
    for (size_t i = 0; i < G_N_ELEMENTS(plain); i++)
        if (strcmp(error->code, plain[i].code) == 0 && g_str_has_suffix(error->field, plain[i].tail))
            return g_strdup(_(plain[i].words));
    g_autofree char *range = range_said(field, error);
    return range != NULL ? g_steal_pointer(&range) : library_said(worklist, error->text);
}

/* The field on the page of which the SDK speaks: it names it, or what it stands in, by the path. NULL: none. */
static const Field *field_meant(const FormSaying *saying, const char *kind, const TcError *error)
{
    size_t at = 0;
    for (const Field *field = form_field(saying->form, &at); *error->field != '\0' && field != NULL; field = form_field(saying->form, &at))
        if (field->path != NULL && field->label != NULL && strcmp(form_field_kind(saying->form, field), kind) == 0 && g_str_has_prefix(form_field_path(field), error->field))
            return field;
    return NULL;
}

/* What is not on the page is told at the top, by the protocol's name for it where nothing else names it. */
static void add_error_elsewhere(const Worklist *worklist, json_t *errors, const TcError *error)
{
    const char *dot = strrchr(error->field, '.');
    g_autofree char *name = g_strdup(dot != NULL ? dot + 1 : error->field), *problem = library_said(worklist, error->text);
    name[strcspn(name, "[")] = '\0';
    g_autofree char *label = say_sentence(words_of(name)), *line = *name != '\0' && is_plainly_missing(error) ? with_label(label, _("This is needed")) : g_strdup(problem);
    form_problem_add(errors, "form", line);
}

static void add_sdk_error(const FormSaying *saying, const char *kind, json_t *errors, const TcError *error)
{
    const Field *field = field_meant(saying, kind, error);
    if (strcmp(error->code, "wrong_parts") == 0 && (field == NULL || g_str_has_suffix(field->path, ".note"))) {
        form_problem_add(errors, "form", _("Who this is about cannot be read here yet. Try again when the name is on the client's page."));
        return;
    }
    if (field == NULL) {
        add_error_elsewhere(saying->worklist, errors, error);
        return;
    }
    g_autofree char *problem = problem_said(saying->worklist, field, error);
    form_problem_at(errors, field, problem);
}

/* Something that the field takes, so that the SDK goes on to what is missing after it; NULL: nothing is known. Never sent. */
static json_t *example_of(const FormSaying *saying, const Field *field)
{
    FieldType type = field_type(field);
    int64_t now = tc_client_now(saying->worklist->client);
    g_autofree char *today = say_date_of(now, 0), *tomorrow = tc_date_format_time(now + 24 * 3600 * (int64_t)G_USEC_PER_SEC);
    json_auto_t *options = type == FIELD_CHOICE || type == FIELD_MANY ? field_options(saying, field) : NULL;
    json_t *first = json_object_get(json_array_get(options, 0), "value");
    switch (type) {
    case FIELD_CHOICE: return json_incref(first);
    case FIELD_MANY: return first != NULL ? json_pack("[O]", first) : NULL;
    case FIELD_DAY: return json_string(today);
    case FIELD_TIME: return json_string(tomorrow);
    case FIELD_COUNT:
    case FIELD_NUMBER: return json_integer(1);
    case FIELD_TICK: return json_true();
    default: return json_string("1");
    }
}

static bool is_told(const json_t *errors, const Field *field)
{
    size_t i;
    json_t *error;
    json_array_foreach (errors, i, error)
        if (strcmp(case_text(error, "name"), field->path) == 0)
            return true;
    return false;
}

/* Puts examples where something needed was left out. False: what else is needed hangs on what would be chosen there, or something is wrong. */
static bool fill_needed(const FormSaying *saying, const char *kind, const json_t *errors, json_t *message)
{
    size_t at = 0, filled = 0;
    for (const Field *field = form_field(saying->form, &at); field != NULL; field = form_field(saying->form, &at)) {
        if (field->path == NULL || !is_told(errors, field) || strcmp(form_field_kind(saying->form, field), kind) != 0)
            continue;
        if (field_type(field) == FIELD_CHOICE || field_get(message, form_field_path(field)) != NULL)
            return false;
        field_put(message, form_field_path(field), example_of(saying, field));
        filled++;
    }
    return filled == json_array_size(errors);
}

void form_problem_check(const FormSaying *saying, const char *kind, const json_t *message, json_t *errors)
{
    TcError error;
    json_auto_t *copy = json_deep_copy(message);
    if (!fill_needed(saying, kind, errors, copy))
        return;
    while (json_array_size(errors) < ERRORS_MAX && !tc_client_check(saying->worklist->client, copy, &error)) {
        const Field *field = field_meant(saying, kind, &error);
        bool left_out = field != NULL && field_get(message, form_field_path(field)) == NULL;
        if ((field != NULL && is_told(errors, field)) || (json_array_size(errors) > 0 && !left_out))
            return;
        add_sdk_error(saying, kind, errors, &error);
        json_t *example = left_out ? example_of(saying, field) : NULL;
        if (example == NULL)
            return;
        field_put(copy, form_field_path(field), example);
    }
}

/* ---- On the page ---- */

json_t *form_problem_order(const FormSaying *saying, const json_t *errors)
{
    json_t *ordered = json_array(), *error;
    size_t i, at = 0;
    json_array_foreach (errors, i, error)
        if (strcmp(case_text(error, "name"), "form") == 0)
            json_array_append(ordered, error);
    for (const Field *field = form_field(saying->form, &at); field != NULL; field = form_field(saying->form, &at))
        json_array_foreach (errors, i, error)
            if (field->path != NULL && strcmp(case_text(error, "name"), field->path) == 0)
                json_array_append(ordered, error);
    return ordered;
}
