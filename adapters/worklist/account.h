/* The people of this organisation who may use the worklist: names, roles and scrypt hashes (RFC 7914), kept in the spool's notes.
 *
 * A wrong password five times locks an account for a quarter of an hour; an account that is not there costs the same time as one that is.
 * Passwords are never kept, logged or shown. Accounts are closed, never removed: the records of views name them. Every change of an account is
 * recorded, with whose it was (record.h). One thread. */
#ifndef WORKLIST_ACCOUNT_H
#define WORKLIST_ACCOUNT_H

#include "throughcare/throughcare.h"

#include <glib.h>

#define ACCOUNT_PASSWORD_MIN 12
#define ACCOUNT_PASSWORD_MAX 200
#define ACCOUNT_NAME_MAX 40

typedef enum AccountRole { ROLE_READER, ROLE_WORKER, ROLE_MANAGER, ROLE_GOVERNANCE, ROLE_COUNT } AccountRole;
typedef enum AccountAnswer { ACCOUNT_GOOD, ACCOUNT_WRONG, ACCOUNT_LOCKED } AccountAnswer;

typedef struct Account {
    char *name;                   /* to sign in with */
    char *worker;                 /* the reference that others see: "w-017" */
    char *person, *phone, *team;  /* how a colleague is reached; phone and team may be empty */
    char language[3];             /* "en" or "cy": of the pages */
    AccountRole role;
    bool closed;                  /* nobody signs in with it any more */
    unsigned char salt[16], hash[32];
    int wrong;                    /* passwords in a row */
    int64_t locked_until;         /* microseconds since 1970, 0: not */
} Account;

typedef struct Accounts Accounts;

/* client: borrowed. NULL and *error when what is kept cannot be read. */
Accounts *accounts_new(TcClient *client, TcError *error);
void accounts_free(Accounts *accounts);

/* Whose changes follow: an account's name; NULL: the operator's, at the command line. Borrowed. */
void accounts_act(Accounts *accounts, const char *by);
/* Adds one, or gives an old one all of this anew and opens it again; its Account stays where it is. False and *error: a name, role or password that does
 * not fit. Whoever calls it ends the account's sessions. */
bool account_set(Accounts *accounts, const char *name, const char *role, const char *worker, const char *person, const char *phone,
                 const char *team, const char *password, TcError *error);
/* NULL: there is none. Borrowed until accounts_free. */
const Account *account_find(const Accounts *accounts, const char *name);
/* What stands for it in a page's address, where its name must not: nothing by which the name could be guessed, and the same until the password is another. New string. */
char *account_tag(const Account *account);
/* NULL: no account has this tag. Borrowed as account_find's. */
const Account *account_tagged(const Accounts *accounts, const char *tag);
/* As "parts.minimum.worker" of a message: a new reference. */
json_t *account_contact(const Account *account);
/* The first by name that has this worker's reference; NULL: there is none. */
const Account *account_of_worker(const Accounts *accounts, const char *worker);
/* All, in order of their names: of const Account *, borrowed until one is removed. Free with g_ptr_array_unref. */
GPtrArray *account_list(const Accounts *accounts);
/* *account is set with ACCOUNT_GOOD only. Takes about a tenth of a second. */
AccountAnswer account_sign_in(Accounts *accounts, const char *name, const char *password, const Account **account);
/* language: "en" or "cy". */
void account_set_language(Accounts *accounts, const Account *account, const char *language);
/* A new password by its owner, who knows the old one; the caller ends the account's other sessions. False and *error. */
bool account_change_password(Accounts *accounts, const Account *account, const char *before, const char *password, TcError *error);
/* Nobody signs in with it from now on, or (closed false) again; the caller ends its sessions. */
bool account_close(Accounts *accounts, const Account *account, bool closed, TcError *error);
const char *account_role_name(AccountRole role);

#endif
