/* The acts that a list may ask for, as a table: each row of a list is one act on one case.
 *
 * An act is a kind of message with what it fixes ("referral_answer.reply=accept") and where the act's own columns go
 * ("worker>referral_answer.named_worker"); columns with a path of their own go there whatever the act. The same name may stand for
 * different kinds, by what it follows: a referral is accepted with one, an offer with another. Pure. */
#ifndef CASES_ACT_H
#define CASES_ACT_H

#include "adapters/lists/build.h"

typedef enum ActPlace {
    ACT_STARTS,  /* a conversation of its own, or a newer version of what was sent for the case */
    ACT_FOLLOWS, /* in the conversation that `message` or `case` names */
} ActPlace;

typedef struct Act {
    const char *name;   /* in the list's column "act"; the first of the table where there is none */
    ActPlace place;
    const char *on;     /* ACT_FOLLOWS: the kind of request that it follows */
    const char *kind;
    const char *fields; /* "PATH=VALUE" and "COLUMN>PATH", with spaces between */
} Act;

typedef struct ActTable {
    const RowTable *rows;
    const Act *acts;
    size_t count;
} ActTable;

/* The cell of a column by its name; "" where the table has none. Borrowed. */
const char *act_value(const Row *row, const char *column);
/* The act of a row: on is the kind of request that it follows, "" while that is not known. NULL: none. */
const Act *act_find(const ActTable *table, const char *name, const char *on);
/* "accept, decline, …": the names, each once. Caller frees. */
char *act_names(const ActTable *table);
/* The message, without who gets it and what it belongs to. New reference. */
json_t *act_message(const Act *act, const Row *row);
/* The column that a field of the act's message came from, or "". Borrowed. */
const char *act_column_of(const Act *act, const Row *row, const char *field);

#endif
