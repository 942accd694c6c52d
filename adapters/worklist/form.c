#include "adapters/worklist/form.h"

#include "adapters/worklist/field.h"
#include "adapters/worklist/request.h"

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

const Form *form_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++)
        if (strcmp(forms[i].name, name) == 0)
            return &forms[i];
    return NULL;
}

static bool is_of(const Form *form, const Field *field) { return strcmp(field->form, form->name) == 0; }

bool form_may(const Worklist *worklist, const Form *form, const Case *it)
{
    g_auto(GStrv) by = g_strsplit(form->by != NULL ? form->by : worklist->kind, ",", -1);
    if (!g_strv_contains((const char *const *)by, worklist->kind) || (form->on == NULL) != (it == NULL))
        return false;
    return it == NULL || (strcmp(form->on, it->kind) == 0 && (form->about || form->ours == it->ours));
}

json_t *form_list(const Worklist *worklist, const Case *it)
{
    json_t *list = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++)
        if (form_may(worklist, &forms[i], it))
            json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "name", forms[i].name, "title", _(forms[i].title), "first", json_array_size(list) == 0 && it != NULL && it->waiting != NULL));
    return list;
}

static const char *error_of(const json_t *errors, const char *name)
{
    size_t i;
    json_t *error;
    json_array_foreach (errors, i, error)
        if (strcmp(case_text(error, "name"), name) == 0)
            return case_text(error, "text");
    return "";
}

json_t *form_fields(const Worklist *worklist, const Form *form, const Account *account, const GHashTable *typed, const json_t *errors)
{
    json_t *list = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (!is_of(form, &fields[i]))
            continue;
        json_t *page = field_page(worklist, &fields[i], form, account, typed);
        json_object_set_new(page, "error", json_string(error_of(errors, fields[i].path)));
        json_array_append_new(list, page);
    }
    return list;
}

json_t *form_answers(const Worklist *worklist, const Form *form, const GHashTable *typed)
{
    json_t *list = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        g_autofree char *said = is_of(form, &fields[i]) ? field_said(worklist, &fields[i], typed) : NULL;
        if (said != NULL && *said != '\0')
            json_array_append_new(list, json_pack("{s:s, s:s}", "label", _(fields[i].label), "value", said));
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
        if (strcmp(name, "csrf") != 0 && strcmp(name, "step") != 0)
            json_array_append_new(list, json_pack("{s:s, s:s}", "name", name, "value", value));
    return list;
}

/* ---- The message ---- */

static void add_error(json_t *errors, const char *name, const char *text)
{
    json_array_append_new(errors, json_pack("{s:s, s:s}", "name", name, "text", text));
}

static void fill(const Form *form, const GHashTable *typed, json_t *message, json_t *errors)
{
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        const char *problem = NULL;
        if (!is_of(form, &fields[i]))
            continue;
        json_t *value = field_value(&fields[i], typed, &problem);
        if (value != NULL)
            field_put(message, fields[i].path, value);
        else if (problem != NULL)
            add_error(errors, fields[i].path, _(problem));
        else if (fields[i].needed)
            add_error(errors, fields[i].path, field_type(&fields[i]) == FIELD_CHOICE ? _("Choose one") : _("This is needed"));
    }
}

/* What it answers or is about, and who the client is, as that has it. */
static void tie(const Worklist *worklist, const Form *form, const Case *it, json_t *message)
{
    TcError error;
    if (it == NULL)
        return;
    json_object_set_new(message, form->about ? "about" : "in_reply_to", json_string(form->about ? it->conversation : case_text(it->request, "id")));
    if (!form->about)
        json_object_set_new(message, "conversation", json_string(it->conversation));
    if (!form->person)
        return;
    json_auto_t *before = tc_client_message(worklist->client, case_text(it->request, "id"), &error);
    json_t *person = json_object_get(json_object_get(json_object_get(before, "parts"), "minimum"), "person");
    if (person != NULL)
        field_put(message, "parts.minimum.person", json_incref(person));
}

/* A worker's telephone or team without a name says nothing: nobody is named. */
static void drop_nameless(json_t *message)
{
    json_t *minimum = json_object_get(json_object_get(message, "parts"), "minimum");
    const char *reply = case_text(message, "release_answer.reply"), *answer = case_text(message, "referral_answer.reply"), *transfer = case_text(message, "transfer_answer.reply");
    bool nobody = strcmp(reply, "cannot") == 0 || (*answer != '\0' && strcmp(answer, "accept") != 0) || strcmp(transfer, "decline") == 0;
    if (nobody || case_text(minimum, "worker.name")[0] == '\0')
        json_object_del(minimum, "worker");
    const char *groups[] = { "release_answer", "referral_answer", "transfer_answer" };
    for (size_t i = 0; nobody && i < G_N_ELEMENTS(groups); i++)
        json_object_del(json_object_get(message, groups[i]), "named_worker");
    const char *dose = case_text(message, "dose_answer.reply");
    if (*dose != '\0' && strcmp(dose, "confirmed") != 0) {
        json_object_del(json_object_get(message, "parts"), "clinical");
        json_object_del(json_object_get(message, "dose_answer"), "valid_until_at");
    }
}

/* The place a release is from, and the area, are the service's own. */
static void add_own_place(const Worklist *worklist, json_t *message)
{
    json_t *release = json_object_get(message, "release"), *service;
    size_t i;
    if (release == NULL)
        return;
    json_array_foreach (json_object_get(worklist->directory, "services"), i, service)
        if (strcmp(case_text(service, "id"), worklist->service) == 0)
            json_object_set(release, "prison", json_object_get(service, "prison"));
    json_object_set_new(release, "area", json_string(worklist->area));
}

/* The SDK names the field by its path; one that is not on the page is told at the top. */
static void add_sdk_error(const Form *form, json_t *errors, const TcError *error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        if (is_of(form, &fields[i]) && (strcmp(fields[i].path, error->field) == 0 || g_str_has_prefix(fields[i].path, error->field)) && *error->field != '\0') {
            add_error(errors, fields[i].path, error->text);
            return;
        }
    add_error(errors, "form", error->text);
}

json_t *form_message(const Worklist *worklist, const Form *form, const Account *account, const Case *it, const GHashTable *typed, json_t **errors)
{
    json_t *message = json_pack("{s:s, s:s}", "kind", form->kind, "worker", account->worker);
    TcError error;
    *errors = json_array();
    fill(form, typed, message, *errors);
    tie(worklist, form, it, message);
    add_own_place(worklist, message);
    drop_nameless(message);
    if (json_array_size(*errors) == 0 && !tc_client_check(worklist->client, message, &error))
        add_sdk_error(form, *errors, &error);
    if (json_array_size(*errors) == 0)
        return message;
    json_decref(message);
    return NULL;
}
