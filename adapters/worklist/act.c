#include "adapters/worklist/act.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

char *act_new(void)
{
    unsigned char bytes[16];
    char text[33];
    randombytes_buf(bytes, sizeof bytes);
    return g_strdup(sodium_bin2hex(text, sizeof text, bytes, sizeof bytes));
}

void act_renew(GHashTable *form)
{
    g_hash_table_replace(form, g_strdup("key"), act_new());
    g_hash_table_replace(form, g_strdup("again"), g_strdup("yes"));
}

bool act_known(const char *act) { return *act != '\0' && strspn(act, "0123456789abcdef") == strlen(act); }

char *act_key(const Account *account, const char *act, size_t message, size_t messages)
{
    return message + 1 == messages ? g_strdup_printf("worklist:%s:%s", account->name, act) : g_strdup_printf("worklist:%s:%s:%zu", account->name, act, message + 1);
}

static char *note_of(const Account *account, const char *act) { return g_strdup_printf("worklist:took-back:%s:%s", account->name, act); }

static bool took_back(const Worklist *worklist, const Account *account, const char *act, char id[ACT_ID])
{
    g_autofree char *note = note_of(account, act);
    char *text = tc_client_note_get(worklist->client, note);
    bool found = text != NULL;
    if (found)
        g_strlcpy(id, text, ACT_ID);
    free(text);
    return found;
}

bool act_sent(const Worklist *worklist, const Account *account, const char *act, char id[ACT_ID])
{
    g_autofree char *last = act_key(account, act, 0, 1), *first = act_key(account, act, 0, 2);
    if (!act_known(act))
        return false;
    if (!tc_client_sent(worklist->client, last, id))
        return took_back(worklist, account, act, id);
    (void)tc_client_sent(worklist->client, first, id); /* of an act with one message alone there is no other */
    return true;
}

void act_took_back(const Worklist *worklist, const Account *account, const char *act, const char *id)
{
    TcError error;
    g_autofree char *note = note_of(account, act);
    (void)tc_client_note_set(worklist->client, note, id, &error);
}
