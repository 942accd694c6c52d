#include "adapters/worklist/worklist.h"

#include <string.h>

const json_t *worklist_service(const Worklist *worklist, const char *id)
{
    size_t i;
    json_t *each;
    json_array_foreach (json_object_get(worklist->directory, "services"), i, each)
        if (strcmp(case_text(each, "id"), id) == 0)
            return each;
    return NULL;
}

const char *worklist_service_name(const Worklist *worklist, const char *service)
{
    const json_t *known = worklist_service(worklist, service);
    return known != NULL ? case_text(known, "name") : service;
}

const char *worklist_worker_name(const Worklist *worklist, const char *reference)
{
    const Account *account = account_of_worker(worklist->accounts, reference);
    return account != NULL ? account->person : reference;
}

char *worklist_worker_said(const Worklist *worklist, const char *reference)
{
    const Account *account = account_of_worker(worklist->accounts, reference);
    return account != NULL ? g_strdup_printf("%s, %s", account->person, reference) : g_strdup(reference);
}

void worklist_begin_page(Worklist *worklist) { worklist->opened = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)json_decref); }

void worklist_end_page(Worklist *worklist) { g_clear_pointer(&worklist->opened, g_hash_table_unref); }

json_t *worklist_message(const Worklist *worklist, const char *id)
{
    TcError error;
    json_t *message = worklist->opened != NULL ? g_hash_table_lookup(worklist->opened, id) : NULL;
    if (message != NULL)
        return json_incref(message);
    message = tc_client_message(worklist->client, id, &error);
    if (message != NULL && worklist->opened != NULL)
        g_hash_table_insert(worklist->opened, g_strdup(id), json_incref(message));
    return message;
}
