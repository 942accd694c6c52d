/* The forms: what a worker can say, as rows of forms.def. A form makes one message; what each field is (codes, a day, a time, words) comes
 * from the protocol's own tables, by the field's path in the message: "release_answer.reply", "parts.minimum.worker.phone". */
#ifndef WORKLIST_FORM_H
#define WORKLIST_FORM_H

#include "adapters/worklist/worklist.h"

typedef struct Field {
    const char *form, *path, *label, *hint;
    const char *offered; /* codes, with commas between them; NULL: all that mean something */
    const char *given;   /* what stands there at first; "@person", "@phone", "@team", "@worker": the account's; "@prison", "@area": the service's */
    bool needed, area;   /* area: several lines */
} Field;

typedef struct Form {
    const char *name, *kind, *title, *button;
    const char *on;      /* the kind of conversation it is said in; NULL: it begins one */
    const char *by;      /* kinds of service that say it, with commas; NULL: any */
    const char *to;      /* it begins a conversation: kinds of service it may go to */
    bool ours;           /* said by the side that began the conversation */
    bool person;         /* repeats who the client is, from what it answers */
    bool about;          /* begins a conversation about the client of another one */
} Form;

const Form *form_find(const char *name);
/* Those that may be said here in a conversation (it not NULL), or that begin one (it NULL): [{ "name", "title", "first": what waits is
 * answered by it }]. */
json_t *form_list(const Worklist *worklist, const Case *it);
bool form_may(const Worklist *worklist, const Form *form, const Case *it);

/* The fields for the page, with what was typed: [{ "name", "label", "hint", "text"|"area"|"choice"|"day"|"time": …, "value", "error" }].
 * errors: form_message's, or NULL. typed NULL: as first shown. */
json_t *form_fields(const Worklist *worklist, const Form *form, const Account *account, const GHashTable *typed, const json_t *errors);
/* What was typed, for a last look: [{ "label", "value" }]. */
json_t *form_answers(const Worklist *worklist, const Form *form, const GHashTable *typed);
/* All that was typed as hidden fields: [{ "name", "value" }]. */
json_t *form_kept(const GHashTable *typed);
/* The message, checked by the SDK; or NULL and *errors: [{ "name", "text" }]. it: what it answers or is about, or NULL. */
json_t *form_message(const Worklist *worklist, const Form *form, const Account *account, const Case *it, const GHashTable *typed, json_t **errors);

#endif
