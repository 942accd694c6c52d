#include "adapters/worklist/form.h"

#include "adapters/station/words.h"
#include "adapters/worklist/client.h"
#include "adapters/worklist/field.h"
#include "adapters/worklist/rules.h"
#include "adapters/worklist/say.h"

#include <glib/gi18n.h>
#include <string.h>

static const Form forms[] = {
#define FORM(name_, ...) { #name_, __VA_ARGS__ },
#define FIELD(...)
#include "adapters/worklist/forms.def"
#undef FORM
#undef FIELD
};

static const Field fields[] = {
#define FORM(...)
#define FIELD(form_, ...) { #form_, __VA_ARGS__ },
#include "adapters/worklist/forms.def"
#undef FORM
#undef FIELD
};

static const struct { const char *group, *words; } groups[] = {
    { "release", N_("The release") }, { "referral", N_("Referral and appointments") }, { "medication", N_("Medication") }, { "contact", N_("Reaching them") },
    { "transfer", N_("Handing over care") }, { "consent", N_("Consent and safety") }, { "correct", N_("Who it is, and mistakes") },
};

/* ---- The tables ---- */

const Form *form_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++)
        if (strcmp(forms[i].name, name) == 0)
            return &forms[i];
    return NULL;
}

const Field *form_field(const Form *form, size_t *at)
{
    while (*at < G_N_ELEMENTS(fields)) {
        const Field *field = &fields[(*at)++];
        if (strcmp(field->form, form->name) == 0)
            return field;
    }
    return NULL;
}

const char *form_field_kind(const Form *form, const Field *field)
{
    if (field->path[0] != '+')
        return form->kind;
    g_autofree char *kind = g_strndup(field->path + 1, strcspn(field->path + 1, "/"));
    return g_intern_string(kind); /* one of a few, all in forms.def */
}

const char *form_field_path(const Field *field) { return field->path[0] == '+' ? strchr(field->path, '/') + 1 : field->path; }

const Field *form_field_of(const Form *form, const char *kind, const char *path)
{
    size_t at = 0;
    for (const Field *field = form_field(form, &at); field != NULL; field = form_field(form, &at))
        if (field->path != NULL && strcmp(form_field_kind(form, field), kind) == 0 && strcmp(form_field_path(field), path) == 0)
            return field;
    return NULL;
}

/* ---- What fits ---- */

static bool is_in(const char *list, const char *word)
{
    g_auto(GStrv) each = g_strsplit(list != NULL ? list : "", ",", -1);
    return g_strv_contains((const char *const *)each, word);
}

static bool begins(const Form *form, const Case *it) { return it == NULL || form->use == FORM_BEGINS || form->use == FORM_ABOUT; }

static RulesSide side_of(const Worklist *worklist, const Form *form, const Case *it)
{
    const char *recipient = it != NULL ? case_text(it->request, "recipient") : "";
    if (begins(form, it))
        return RULES_BEGINS;
    if (it->ours)
        return RULES_STARTER;
    return *recipient == '\0' || strcmp(recipient, worklist->service) == 0 ? RULES_ADDRESSEE : RULES_TOLD;
}

bool form_may_go_to(const Worklist *worklist, const Form *form, const Case *it, const json_t *service)
{
    return strcmp(case_text(service, "id"), worklist->service) != 0 && rules_may_send(form->kind, worklist->kind, side_of(worklist, form, it), case_text(service, "kind"));
}

static bool may_go_somewhere(const Worklist *worklist, const Form *form, const Case *it)
{
    const char *other = it != NULL && !begins(form, it) ? it->facts.other : "";
    size_t i;
    json_t *service;
    json_array_foreach (json_object_get(worklist->directory, "services"), i, service)
        if ((*other == '\0' || strcmp(case_text(service, "id"), other) == 0) && form_may_go_to(worklist, form, it, service))
            return true;
    return false;
}

static bool may_recall_any(const Case *it)
{
    size_t i;
    json_t *row;
    json_array_foreach (it->rows, i, row)
        if (case_may_recall(it, row))
            return true;
    return false;
}

static bool use_fits(const Form *form, const Case *it)
{
    bool reply = rules_replies(form->kind, it->kind);
    switch (form->use) {
    case FORM_ABOUT: return true;
    case FORM_REPLIES: return reply && !it->ours;
    case FORM_REPORTS: return reply && it->ours;
    case FORM_EITHER: return reply;
    case FORM_AMENDS: return it->ours && strcmp(form->kind, it->kind) == 0;
    case FORM_CORRECTS: return reply && case_may_recall(it, case_last(it, form->kind));
    case FORM_RECALLS: return may_recall_any(it);
    default: return false;
    }
}

bool form_may(const Worklist *worklist, const Form *form, const Case *it)
{
    if (it == NULL)
        return form->use == FORM_BEGINS && may_go_somewhere(worklist, form, NULL);
    if (!case_about_somebody(it) || !use_fits(form, it))
        return false;
    return form->use == FORM_RECALLS || ((form->events == NULL || rules_takes(it->kind, it->state, form->events)) && may_go_somewhere(worklist, form, it));
}

/* Answers that a newer one replaces, what that is called, and in which state alone (NULL: any). A dose is corrected, by a form of its own. */
static const struct { const char *form, *title, *state; } changes[] = {
    { "answer", N_("Change who meets them"), NULL }, { "accept", N_("Change the answer"), NULL }, { "transfer", N_("Change the answer"), NULL },
    { "appointment", N_("Move or cancel the appointment"), "booked" },
};

/* The row of changes; its size: none. */
static size_t change_of(const Form *form, const Case *it)
{
    size_t row = 0;
    while (row < G_N_ELEMENTS(changes) && strcmp(changes[row].form, form->name) != 0)
        row++;
    return row < G_N_ELEMENTS(changes) && (changes[row].state == NULL || strcmp(changes[row].state, it->state) == 0) ? row : G_N_ELEMENTS(changes);
}

const json_t *form_stands(const Form *form, const Case *it)
{
    bool stands = it != NULL && it->waiting == NULL && change_of(form, it) < G_N_ELEMENTS(changes);
    const json_t *last = stands ? case_last(it, form->kind) : NULL;
    return case_may_recall(it, last) ? last : NULL;
}

const char *form_title(const Form *form, const Case *it) { return _(form_stands(form, it) != NULL ? changes[change_of(form, it)].title : form->title); }

/* An answer is next only where one waits; the side that asked is not pressed to do the other's part. */
static bool is_next(const Form *form, const Case *it, int64_t now)
{
    if (it == NULL || !is_in(form->first, it->state) || (it->ours && form->use != FORM_AMENDS))
        return false;
    if (strcmp(form->kind, "attendance") == 0 && it->facts.appointment_at > now)
        return false;
    return !rules_answers(form->kind) || it->waiting != NULL;
}

json_t *form_list(const Worklist *worklist, const Case *it)
{
    json_t *list = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++)
        if (form_may(worklist, &forms[i], it))
            json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:b, s:b}", "name", forms[i].name, "title", form_title(&forms[i], it), "group", forms[i].group, "first", is_next(&forms[i], it, tc_client_now(worklist->client)), "changes",
                                                   form_stands(&forms[i], it) != NULL));
    return list;
}

/* It stands in plain sight, not under the heading of its group. */
static bool is_plain(const json_t *form) { return json_is_true(json_object_get(form, "first")) || json_is_true(json_object_get(form, "changes")); }

json_t *form_groups(const Worklist *worklist, const Case *it)
{
    json_auto_t *all = form_list(worklist, it);
    json_t *first = json_array(), *changed = json_array(), *rest = json_array(), *form;
    size_t i, j;
    json_array_foreach (all, j, form)
        if (is_plain(form))
            json_array_append(json_is_true(json_object_get(form, "first")) ? first : changed, form);
    for (i = 0; i < G_N_ELEMENTS(groups); i++) {
        json_t *these = json_array();
        json_array_foreach (all, j, form)
            if (strcmp(case_text(form, "group"), groups[i].group) == 0 && !is_plain(form))
                json_array_append(these, form);
        if (json_array_size(these) > 0)
            json_array_append_new(rest, json_pack("{s:s, s:O}", "words", _(groups[i].words), "forms", these));
        json_decref(these);
    }
    return json_pack("{s:o, s:o, s:o}", "first", first, "changes", changed, "groups", rest);
}

/* ---- The page ---- */

static const char *error_of(const json_t *errors, const char *name)
{
    size_t i;
    json_t *error;
    json_array_foreach (errors, i, error)
        if (strcmp(case_text(error, "name"), name) == 0)
            return case_text(error, "text");
    return "";
}

static json_t *new_section(json_t *sections, const Field *heading)
{
    json_t *section = json_pack("{s:s, s:b, s:b, s:[]}", "heading", heading != NULL ? _(heading->label) : "", "folded", heading != NULL && heading->area, "open", false, "fields");
    json_array_append_new(sections, section);
    return section;
}

/* Nothing that was typed, or that is wrong, is folded away. */
static void add_field(json_t *section, const FormSaying *saying, const Field *field, const GHashTable *typed, const json_t *errors)
{
    const char *error = error_of(errors, field->path);
    json_t *page = field_page(saying, field, typed);
    json_object_set_new(page, "error", json_string(error));
    json_array_append_new(json_object_get(section, "fields"), page);
    if (*error != '\0' || field_touched(saying, field, typed))
        json_object_set_new(section, "open", json_true());
}

json_t *form_sections(const FormSaying *saying, const GHashTable *typed, const json_t *errors)
{
    json_t *sections = json_array(), *section = NULL;
    size_t at = 0;
    for (const Field *field = form_field(saying->form, &at); field != NULL; field = form_field(saying->form, &at)) {
        if (field->path == NULL)
            section = new_section(sections, field);
        else if (field->label != NULL)
            add_field(section != NULL ? section : (section = new_section(sections, NULL)), saying, field, typed, errors);
    }
    return sections;
}

/* With the age, by which a wrong year is seen at once. */
static char *born_said(const FormSaying *saying, const json_t *born, const char *said)
{
    g_autofree char *today = say_date_of(tc_client_now(saying->worklist->client), 0), *age = say_age(json_string_value(born), today);
    return *age != '\0' ? g_strdup_printf("%s (%s)", said, age) : g_strdup(said);
}

json_t *form_answers(const FormSaying *saying, const GHashTable *typed, const json_t *message)
{
    json_t *list = json_array();
    size_t at = 0;
    for (const Field *field = form_field(saying->form, &at); field != NULL; field = form_field(saying->form, &at)) {
        g_autofree char *said = field->path != NULL && field->label != NULL && !form_surplus(message, field->path) ? field_said(saying, field, typed) : NULL;
        const json_t *born = said != NULL && strcmp(field->path, FORM_BORN) == 0 ? field_get(message, field->path) : NULL;
        g_autofree char *value = born != NULL ? born_said(saying, born, said) : g_strdup(said);
        if (value != NULL && *value != '\0')
            json_array_append_new(list, json_pack("{s:s, s:s}", "label", _(field->label), "value", value));
    }
    return list;
}

json_t *form_kept(const GHashTable *typed)
{
    GHashTableIter iter;
    gpointer name, value;
    json_t *list = json_array();
    g_hash_table_iter_init(&iter, (GHashTable *)typed);
    while (g_hash_table_iter_next(&iter, &name, &value))
        if (strcmp(name, "csrf") != 0 && strcmp(name, "step") != 0 && strcmp(name, "read") != 0) /* what is read is read anew */
            json_array_append_new(list, json_pack("{s:s, s:s}", "name", name, "value", value));
    return list;
}
