#include "adapters/worklist/account.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define NOTE "worklist:accounts"
enum { WRONG_MAX = 5, SCRYPT_N = 1 << 15, SCRYPT_R = 8, SCRYPT_P = 1, SCRYPT_MEMORY = 64 << 20 };
static const int64_t locked_for = 15 * 60 * (int64_t)G_USEC_PER_SEC;

struct Accounts { TcClient *client; GHashTable *by_name; };

static const char *const role_names[ROLE_COUNT] = { "reader", "worker", "manager", "governance" };

const char *account_role_name(AccountRole role) { return role_names[role]; }

static void account_free(gpointer data)
{
    Account *account = data;
    char *texts[] = { account->name, account->worker, account->person, account->phone, account->team };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    OPENSSL_cleanse(account->hash, sizeof account->hash);
    g_free(account);
}

static bool role_of(const char *name, AccountRole *role)
{
    for (int i = 0; i < ROLE_COUNT; i++)
        if (g_strcmp0(name, role_names[i]) == 0)
            return *role = (AccountRole)i, true;
    return false;
}

static bool scrypt(const char *password, const unsigned char *salt, unsigned char *out)
{
    return EVP_PBE_scrypt(password, strlen(password), salt, 16, SCRYPT_N, SCRYPT_R, SCRYPT_P, SCRYPT_MEMORY, out, 32) == 1;
}

/* ---- Kept as one note ---- */

static char *hex(const unsigned char *bytes, size_t len)
{
    char *text = g_malloc(len * 2 + 1);
    return sodium_bin2hex(text, len * 2 + 1, bytes, len);
}

static bool unhex(const json_t *text, unsigned char *out, size_t len)
{
    size_t got = 0;
    return json_is_string(text) && sodium_hex2bin(out, len, json_string_value(text), json_string_length(text), NULL, &got, NULL) == 0 && got == len;
}

static json_t *account_json(const Account *a)
{
    g_autofree char *salt = hex(a->salt, sizeof a->salt), *hash = hex(a->hash, sizeof a->hash);
    return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:i,s:I}", "name", a->name, "language", a->language, "role", role_names[a->role], "worker", a->worker, "person", a->person,
                     "phone", a->phone, "team", a->team, "salt", salt, "hash", hash, "wrong", a->wrong, "locked_until", (json_int_t)a->locked_until);
}

static bool accounts_save(Accounts *accounts, TcError *error)
{
    GHashTableIter iter;
    gpointer account;
    json_auto_t *all = json_array();
    g_hash_table_iter_init(&iter, accounts->by_name);
    while (g_hash_table_iter_next(&iter, NULL, &account))
        json_array_append_new(all, account_json(account));
    char *text = json_dumps(all, JSON_COMPACT);
    bool good = tc_client_note_set(accounts->client, NOTE, text, error);
    free(text);
    return good;
}

static Account *account_read(const json_t *json)
{
    Account *a = g_new0(Account, 1);
    struct { const char *name; char **into; } texts[] = { { "name", &a->name }, { "worker", &a->worker }, { "person", &a->person },
                                                          { "phone", &a->phone }, { "team", &a->team } };
    bool good = role_of(json_string_value(json_object_get(json, "role")), &a->role) && unhex(json_object_get(json, "salt"), a->salt, sizeof a->salt) &&
                unhex(json_object_get(json, "hash"), a->hash, sizeof a->hash);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        good = (*texts[i].into = g_strdup(json_string_value(json_object_get(json, texts[i].name)))) != NULL && good;
    const char *language = json_string_value(json_object_get(json, "language"));
    g_strlcpy(a->language, language != NULL ? language : "en", sizeof a->language);
    a->wrong = (int)json_integer_value(json_object_get(json, "wrong"));
    a->locked_until = json_integer_value(json_object_get(json, "locked_until"));
    if (good)
        return a;
    account_free(a);
    return NULL;
}

Accounts *accounts_new(TcClient *client, TcError *error)
{
    Accounts *accounts = g_new0(Accounts, 1);
    char *text = tc_client_note_get(client, NOTE);
    json_auto_t *all = text != NULL ? json_loads(text, 0, NULL) : json_array();
    size_t i;
    json_t *each;
    free(text);
    *accounts = (Accounts){ client, g_hash_table_new_full(g_str_hash, g_str_equal, NULL, account_free) };
    json_array_foreach (all, i, each) {
        Account *account = account_read(each);
        if (account != NULL)
            g_hash_table_replace(accounts->by_name, account->name, account);
    }
    if (json_is_array(all) && g_hash_table_size(accounts->by_name) == json_array_size(all))
        return accounts;
    *error = (TcError){ .code = "accounts", .text = "The accounts kept in the spool cannot be read. Restore the spool from its copy." };
    accounts_free(accounts);
    return NULL;
}

void accounts_free(Accounts *accounts)
{
    if (accounts == NULL)
        return;
    g_hash_table_unref(accounts->by_name);
    g_free(accounts);
}

/* ---- Setting, finding, signing in ---- */

static bool refuse(TcError *error, const char *field, const char *text)
{
    *error = (TcError){ .code = "bad_value" };
    g_strlcpy(error->field, field, sizeof error->field);
    g_strlcpy(error->text, text, sizeof error->text);
    return false;
}

static bool fits(const char *name, const char *password, const char *worker, const char *person, TcError *error)
{
    size_t len = strlen(name);
    if (len == 0 || len > ACCOUNT_NAME_MAX || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-") != len)
        return refuse(error, "name", "A name to sign in with is 1 to 40 of a to z, 0 to 9, dot and hyphen.");
    if (g_utf8_strlen(password, -1) < ACCOUNT_PASSWORD_MIN || strlen(password) > ACCOUNT_PASSWORD_MAX)
        return refuse(error, "password", "A password has at least 12 characters, and at most 200 bytes. Three words are a good one.");
    if (*worker == '\0' || *person == '\0')
        return refuse(error, "worker", "An account needs the worker's reference, as w-017, and the worker's name.");
    return true;
}

bool account_set(Accounts *accounts, const char *name, const char *role, const char *worker, const char *person, const char *phone,
                 const char *team, const char *password, TcError *error)
{
    AccountRole which;
    if (!fits(name, password, worker, person, error))
        return false;
    if (!role_of(role, &which))
        return refuse(error, "role", "A role is reader, worker, manager or governance.");
    Account *account = g_new0(Account, 1);
    *account = (Account){ g_strdup(name), g_strdup(worker), g_strdup(person), g_strdup(phone != NULL ? phone : ""), g_strdup(team != NULL ? team : ""), "en", which, { 0 }, { 0 }, 0, 0 };
    if (RAND_bytes(account->salt, sizeof account->salt) != 1 || !scrypt(password, account->salt, account->hash)) {
        account_free(account);
        return refuse(error, "password", "The password could not be hashed: is memory short? Try again.");
    }
    g_hash_table_replace(accounts->by_name, account->name, account);
    return accounts_save(accounts, error);
}

const Account *account_find(const Accounts *accounts, const char *name) { return g_hash_table_lookup(accounts->by_name, name); }

static gint by_name(gconstpointer a, gconstpointer b)
{
    const Account *x = *(Account *const *)a, *y = *(Account *const *)b;
    return strcmp(x->name, y->name);
}

GPtrArray *account_list(const Accounts *accounts)
{
    GHashTableIter iter;
    gpointer account;
    GPtrArray *list = g_ptr_array_new();
    g_hash_table_iter_init(&iter, accounts->by_name);
    while (g_hash_table_iter_next(&iter, NULL, &account))
        g_ptr_array_add(list, account);
    g_ptr_array_sort(list, by_name);
    return list;
}

const Account *account_of_worker(const Accounts *accounts, const char *worker)
{
    GHashTableIter iter;
    gpointer value;
    const Account *found = NULL;
    g_hash_table_iter_init(&iter, accounts->by_name);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Account *account = value;
        if (strcmp(account->worker, worker) == 0 && (found == NULL || strcmp(account->name, found->name) < 0))
            found = account;
    }
    return found;
}

static bool password_right(const Account *account, const char *password)
{
    static const unsigned char nobody[16];
    unsigned char hash[32];
    bool right = scrypt(password, account != NULL ? account->salt : nobody, hash) && account != NULL && CRYPTO_memcmp(hash, account->hash, sizeof hash) == 0;
    OPENSSL_cleanse(hash, sizeof hash);
    return right;
}

AccountAnswer account_sign_in(Accounts *accounts, const char *name, const char *password, const Account **found)
{
    Account *account = g_hash_table_lookup(accounts->by_name, name);
    int64_t now = tc_client_now(accounts->client);
    TcError error;
    bool right = password_right(account, password);
    if (account == NULL)
        return ACCOUNT_WRONG;
    if (account->locked_until > now)
        return ACCOUNT_LOCKED;
    if (right && account->wrong == 0)
        return *found = account, ACCOUNT_GOOD;
    account->wrong = right ? 0 : account->wrong + 1;
    account->locked_until = account->wrong >= WRONG_MAX ? now + locked_for : 0;
    if (account->wrong >= WRONG_MAX)
        account->wrong = 0; /* five new tries after the lock */
    accounts_save(accounts, &error);
    if (right)
        *found = account;
    return right ? ACCOUNT_GOOD : account->locked_until > now ? ACCOUNT_LOCKED : ACCOUNT_WRONG;
}

void account_set_language(Accounts *accounts, const Account *account, const char *language)
{
    Account *own = g_hash_table_lookup(accounts->by_name, account->name);
    TcError error;
    g_strlcpy(own->language, language, sizeof own->language);
    accounts_save(accounts, &error); /* a full disk costs the choice, not the page */
}
