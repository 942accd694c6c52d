#include "adapters/worklist/colleague.h"

#include "adapters/worklist/manage.h"

#include <string.h>

#define OTHER ":other" /* no reference has a colon */
#define NAME "parts.minimum.worker.name"

bool colleague_field(const Field *field) { return field->label != NULL && g_str_has_suffix(form_field_path(field), ".named_worker"); }

/* Whoever writes is meant by their own reference, also when a second account has it. */
static const Account *account_of(const FormSaying *saying, const char *reference)
{
    return strcmp(reference, saying->account->worker) == 0 ? saying->account : account_of_worker(saying->worklist->accounts, reference);
}

/* What goes along with a colleague, for the page's script. */
static void add_contact(json_t *option, const Account *account)
{
    json_object_set_new(option, "person", json_string(account->person));
    json_object_set_new(option, "phone", json_string(account->phone));
    json_object_set_new(option, "team", json_string(account->team));
}

json_t *colleague_page(const FormSaying *saying, const char *value)
{
    json_t *options = manage_workers(saying->worklist, value, NULL), *option;
    bool there = *value == '\0';
    size_t i;
    json_array_foreach (options, i, option) {
        add_contact(option, account_of(saying, json_string_value(json_object_get(option, "value"))));
        there = there || json_is_true(json_object_get(option, "chosen"));
    }
    return json_pack("{s:o, s:b, s:s}", "options", options, "other", !there, "written", there || strcmp(value, OTHER) == 0 ? "" : value);
}

char *colleague_said(const FormSaying *saying, const char *reference)
{
    const Account *account = account_of(saying, reference);
    return account != NULL ? g_strdup_printf("%s (%s)", account->person, reference) : g_strdup(reference);
}

static void put(GHashTable *typed, const char *name, const char *value) { g_hash_table_replace(typed, g_strdup(name), g_strdup(value)); }

/* A reference that was written counts, unless a colleague was chosen after it. */
static void take_reference(const FormSaying *saying, const char *path, GHashTable *typed)
{
    g_autofree char *name = g_strconcat(path, "-other", NULL), *written = g_strstrip(g_strdup(request_value(typed, name)));
    const char *chosen = request_value(typed, path);
    const Account *account = account_of(saying, chosen);
    bool colleague = account != NULL && account != saying->account;
    if (!colleague && *written != '\0')
        put(typed, path, written);
    else if (strcmp(chosen, OTHER) == 0)
        put(typed, path, "");
}

static bool is_person_here(const Accounts *accounts, const char *name)
{
    g_autoptr(GPtrArray) all = account_list(accounts);
    for (guint i = 0; i < all->len; i++)
        if (strcmp(((const Account *)all->pdata[i])->person, name) == 0)
            return true;
    return false;
}

static void take_person(const FormSaying *saying, const char *reference, GHashTable *typed)
{
    const Account *named = account_of(saying, reference);
    const char *name = request_value(typed, NAME);
    if (*name == '\0' ? named == NULL : !is_person_here(saying->worklist->accounts, name) || (named != NULL && strcmp(named->person, name) == 0))
        return;
    put(typed, NAME, named != NULL ? named->person : "");
    put(typed, "parts.minimum.worker.phone", named != NULL ? named->phone : "");
    put(typed, "parts.minimum.worker.team", named != NULL ? named->team : "");
}

void colleague_take(const FormSaying *saying, GHashTable *typed)
{
    size_t at = 0;
    for (const Field *field = form_field(saying->form, &at); field != NULL; field = form_field(saying->form, &at)) {
        if (field->path == NULL || !colleague_field(field))
            continue;
        take_reference(saying, field->path, typed);
        take_person(saying, request_value(typed, field->path), typed);
    }
}
