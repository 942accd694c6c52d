/* Rows against what was sent before: each is one act on one case, sent once, or a newer version of what started the case.
 *
 * What is about to be sent is noted first, so that a crash anywhere ends, when the list is read again, in one message for each
 * change. Same thread as the client. */
#ifndef CASES_CASES_H
#define CASES_CASES_H

#include "adapters/cases/act.h"
#include "adapters/lists/desk.h"

/* What makes one adapter of cases: its columns, its acts, and what it adds to a row. */
typedef struct CaseAdapter {
    const char *program, *group;       /* "throughcare-tier3"; its group in the settings */
    const char *summary, *description; /* of --help */
    ActTable acts;
    const char *reference;             /* the column with the adapter's own reference for a case */
    bool (*wanted)(const Row *row);    /* false: the row is for nobody here. NULL: all are wanted */
    void (*finish)(json_t *message, const Row *row, const char *own_area); /* what the columns do not say by themselves; may be NULL */
    const char *empty;                 /* why a list without rows is refused */
} CaseAdapter;

typedef struct Cases {
    const CaseAdapter *adapter;
    TcClient *client;
    char *area;                        /* own; NULL until the directory says it */
    void (*changed)(void *ctx, const char *conversation);
    void *ctx;
} Cases;

/* The key that rows of one list must not share with other words: the case and the act, or what it follows. Caller frees. */
char *cases_key(const CaseAdapter *adapter, const Row *row);
/* As ListWork.row. */
ListRow cases_row(Cases *cases, const Row *row, const char *label, const char **column, char **why);
/* A broker will never have a message: its row may be sent again. False: notes could not be written. */
bool cases_take_back(Cases *cases, const char *message);

#endif
