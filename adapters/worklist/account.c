#include "adapters/worklist/account.h"

#include "adapters/worklist/record.h"

#include <glib/gi18n.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define NOTE "worklist:accounts"
enum { WRONG_MAX = 5, SCRYPT_N = 1 << 15, SCRYPT_R = 8, SCRYPT_P = 1, SCRYPT_MEMORY = 64 << 20 };
static const int64_t locked_for = 15 * 60 * (int64_t)G_USEC_PER_SEC;

struct Accounts { TcClient *client; GHashTable *by_name; const char *by; };

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
    return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:i,s:I,s:b}", "name", a->name, "language", a->language, "role", role_names[a->role], "worker", a->worker, "person", a->person,
                     "phone", a->phone, "team", a->team, "salt", salt, "hash", hash, "wrong", a->wrong, "locked_until", (json_int_t)a->locked_until, "closed", a->closed);
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
    a->closed = json_is_true(json_object_get(json, "closed"));
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
    *accounts = (Accounts){ .client = client, .by_name = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, account_free) };
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
        return refuse(error, "password", N_("A password has at least 12 characters, and at most 200 bytes. Three words are a good one."));
    if (*worker == '\0' || *person == '\0')
        return refuse(error, "worker", "An account needs the worker's reference, as w-017, and the worker's name.");
    return true;
}

void accounts_act(Accounts *accounts, const char *by) { accounts->by = by; }

/* Recorded after it was done: what: added, renewed, password, closed, opened, locked. */
static void note_change(Accounts *accounts, const Account *account, const char *what)
{
    record_add(accounts->client, RECORD_ACCOUNTS, json_pack("{s:s, s:s, s:s, s:s}", "by", accounts->by != NULL ? accounts->by : "", "account", account->name, "what", what, "role",
                                                            role_names[account->role]));
}

static bool keep_change(Accounts *accounts, const Account *account, const char *what, TcError *error)
{
    if (!accounts_save(accounts, error))
        return false;
    note_change(accounts, account, what);
    return true;
}

static bool give_password(Account *fresh, const char *password, TcError *error)
{
    if (RAND_bytes(fresh->salt, sizeof fresh->salt) != 1 || !scrypt(password, fresh->salt, fresh->hash))
        return refuse(error, "password", "The password could not be hashed: is memory short? Try again.");
    return true;
}

static void take_password(Account *account, const Account *fresh)
{
    memcpy(account->salt, fresh->salt, sizeof account->salt);
    memcpy(account->hash, fresh->hash, sizeof account->hash);
    account->wrong = 0;
    account->locked_until = 0;
}

static void set_text(char **text, const char *value)
{
    g_free(*text);
    *text = g_strdup(value != NULL ? value : "");
}

/* Sessions point at it: it stays where it is. */
static Account *find_or_add(Accounts *accounts, const char *name)
{
    Account *account = g_hash_table_lookup(accounts->by_name, name);
    if (account == NULL) {
        account = g_new0(Account, 1);
        *account = (Account){ .name = g_strdup(name), .language = "en" };
        g_hash_table_replace(accounts->by_name, account->name, account);
    }
    return account;
}

bool account_set(Accounts *accounts, const char *name, const char *role, const char *worker, const char *person, const char *phone,
                 const char *team, const char *password, TcError *error)
{
    AccountRole which;
    if (!fits(name, password, worker, person, error))
        return false;
    if (!role_of(role, &which))
        return refuse(error, "role", "A role is reader, worker, manager or governance.");
    Account fresh = { 0 };
    if (!give_password(&fresh, password, error))
        return false;
    bool known = account_find(accounts, name) != NULL;
    Account *account = find_or_add(accounts, name);
    take_password(account, &fresh);
    set_text(&account->worker, worker);
    set_text(&account->person, person);
    set_text(&account->phone, phone);
    set_text(&account->team, team);
    account->role = which;
    account->closed = false;
    return keep_change(accounts, account, known ? "renewed" : "added", error);
}

const Account *account_find(const Accounts *accounts, const char *name) { return g_hash_table_lookup(accounts->by_name, name); }

char *account_tag(const Account *account)
{
    g_autofree char *digest = g_compute_hmac_for_string(G_CHECKSUM_SHA256, account->salt, sizeof account->salt, account->name, -1);
    return g_strndup(digest, 16);
}

const Account *account_tagged(const Accounts *accounts, const char *tag)
{
    GHashTableIter iter;
    gpointer each;
    g_hash_table_iter_init(&iter, accounts->by_name);
    while (g_hash_table_iter_next(&iter, NULL, &each)) {
        g_autofree char *own = account_tag(each);
        if (strcmp(own, tag) == 0)
            return each;
    }
    return NULL;
}

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

json_t *account_contact(const Account *account)
{
    json_t *worker = json_pack("{s:s}", "name", account->person);
    if (*account->phone != '\0')
        json_object_set_new(worker, "phone", json_string(account->phone));
    if (*account->team != '\0')
        json_object_set_new(worker, "team", json_string(account->team));
    return worker;
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
    if (account == NULL || account->closed)
        return ACCOUNT_WRONG;
    if (account->locked_until > now)
        return ACCOUNT_LOCKED;
    if (right && account->wrong == 0)
        return *found = account, ACCOUNT_GOOD;
    account->wrong = right ? 0 : account->wrong + 1;
    account->locked_until = account->wrong >= WRONG_MAX ? now + locked_for : 0;
    if (account->wrong >= WRONG_MAX) {
        account->wrong = 0; /* five new tries after the lock */
        note_change(accounts, account, "locked");
    }
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

bool account_change_password(Accounts *accounts, const Account *account, const char *before, const char *password, TcError *error)
{
    Account *own = g_hash_table_lookup(accounts->by_name, account->name), fresh = { 0 };
    if (account_sign_in(accounts, own->name, before, &account) != ACCOUNT_GOOD)
        return refuse(error, "before", N_("This is not your password now"));
    if (!fits(own->name, password, own->worker, own->person, error) || !give_password(&fresh, password, error))
        return false;
    take_password(own, &fresh);
    return keep_change(accounts, own, "password", error);
}

bool account_close(Accounts *accounts, const Account *account, bool closed, TcError *error)
{
    Account *own = g_hash_table_lookup(accounts->by_name, account->name);
    own->closed = closed;
    return keep_change(accounts, own, closed ? "closed" : "opened", error);
}
