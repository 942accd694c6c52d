#include "adapters/worklist/draft.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define NOTE "worklist:drafts:"
static const int64_t kept_for = DRAFT_DAYS * 24 * 60 * 60 * (int64_t)G_USEC_PER_SEC;

static void free_draft(gpointer data)
{
    Draft *draft = data;
    g_free(draft->path);
    g_hash_table_unref(draft->form);
    g_free(draft);
}

/* ---- As JSON: [{ "path", "at", "form": { name: value } }] ---- */

static GHashTable *read_form(const json_t *json)
{
    GHashTable *form = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    const char *name;
    json_t *value;
    json_object_foreach ((json_t *)json, name, value)
        if (json_is_string(value))
            g_hash_table_replace(form, g_strdup(name), g_strdup(json_string_value(value)));
    return form;
}

static json_t *form_json(const GHashTable *form)
{
    GHashTableIter iter;
    gpointer name, value;
    json_t *json = json_object();
    g_hash_table_iter_init(&iter, (GHashTable *)form);
    while (g_hash_table_iter_next(&iter, &name, &value))
        if (strcmp(name, "csrf") != 0 && strcmp(name, "step") != 0 && strcmp(name, "path") != 0 && strcmp(name, "password") != 0)
            json_object_set_new(json, name, json_string(value));
    return json;
}

static json_t *load(TcClient *client, const char *account)
{
    g_autofree char *note = g_strconcat(NOTE, account, NULL);
    char *text = tc_client_secret_get(client, note);
    json_t *all = text != NULL ? json_loads(text, 0, NULL) : NULL;
    if (text != NULL)
        memset(text, 0, strlen(text));
    free(text);
    if (json_is_array(all))
        return all;
    json_decref(all);
    return json_array();
}

/* The newest stands first; what is too old, too many or too much goes from the end. */
static bool save(TcClient *client, const char *account, json_t *all)
{
    TcError error;
    g_autofree char *note = g_strconcat(NOTE, account, NULL);
    char *text = NULL;
    for (;;) {
        size_t count = json_array_size(all);
        free(text);
        text = count > 0 ? json_dumps(all, JSON_COMPACT) : NULL;
        if (count <= 1 || (count <= DRAFTS_MAX && text != NULL && strlen(text) <= DRAFTS_BYTES_MAX))
            break;
        json_array_remove(all, count - 1);
    }
    bool good = tc_client_secret_set(client, note, text, &error);
    free(text);
    return good;
}

static void remove_path(json_t *all, const char *path, const char *act)
{
    for (size_t i = json_array_size(all); i-- > 0;) {
        const json_t *each = json_array_get(all, i);
        if (g_strcmp0(json_string_value(json_object_get(each, "path")), path) == 0 && (act == NULL || g_strcmp0(json_string_value(json_object_get(json_object_get(each, "form"), "key")), act) == 0))
            json_array_remove(all, i);
    }
}

/* ---- For the pages ---- */

char *draft_path(const char *form, const char *act)
{
    const char *within = g_str_has_prefix(form, "/say/") ? form + strlen("/say/") : "/";
    bool begins = strchr(within, '/') == NULL;
    return begins && strspn(act, "0123456789abcdef") == strlen(act) ? g_strconcat(form, "?draft=", act, NULL) : g_strdup(form);
}

GPtrArray *draft_list(TcClient *client, const char *account)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(free_draft);
    json_auto_t *all = load(client, account);
    int64_t oldest = tc_client_now(client) - kept_for;
    size_t i;
    json_t *each;
    json_array_foreach (all, i, each) {
        int64_t at = json_integer_value(json_object_get(each, "at"));
        const char *path = json_string_value(json_object_get(each, "path"));
        if (path == NULL || at < oldest)
            continue;
        Draft *draft = g_new0(Draft, 1);
        *draft = (Draft){ g_strdup(path), at, read_form(json_object_get(each, "form")) };
        g_ptr_array_add(list, draft);
    }
    return list;
}

GHashTable *draft_find(TcClient *client, const char *account, const char *path, int64_t *at)
{
    g_autoptr(GPtrArray) list = draft_list(client, account);
    for (guint i = 0; i < list->len; i++) {
        Draft *draft = list->pdata[i];
        if (strcmp(draft->path, path) == 0)
            return *at = draft->at, g_hash_table_ref(draft->form);
    }
    return NULL;
}

static void remove_old(json_t *all, int64_t oldest)
{
    for (size_t i = json_array_size(all); i-- > 0;)
        if (json_integer_value(json_object_get(json_array_get(all, i), "at")) < oldest)
            json_array_remove(all, i);
}

bool draft_keep(TcClient *client, const char *account, const char *path, const GHashTable *form)
{
    json_auto_t *all = load(client, account);
    int64_t now = tc_client_now(client);
    remove_path(all, path, NULL);
    remove_old(all, now - kept_for);
    json_array_insert_new(all, 0, json_pack("{s:s, s:I, s:o}", "path", path, "at", (json_int_t)now, "form", form_json(form)));
    return save(client, account, all);
}

void draft_forget(TcClient *client, const char *account, const char *path, const char *act)
{
    json_auto_t *all = load(client, account);
    size_t before = json_array_size(all);
    remove_path(all, path, act);
    if (json_array_size(all) != before)
        save(client, account, all);
}

void draft_sweep(TcClient *client, const char *account)
{
    json_auto_t *all = load(client, account);
    size_t before = json_array_size(all);
    remove_old(all, tc_client_now(client) - kept_for);
    if (json_array_size(all) != before)
        save(client, account, all);
}
