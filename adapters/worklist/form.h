/* The forms: what a worker can say, as rows of forms.def. A form makes one message, or two where one page says both (an answer and its
 * appointment); what each field is (codes, a day, a time, words) comes from the protocol's own tables, by the field's path in the message:
 * "release_answer.reply", "parts.minimum.worker.phone". Which forms fit a conversation comes from the lifecycles and from who may send what:
 * those rules are the broker's, and are not written again here. */
#ifndef WORKLIST_FORM_H
#define WORKLIST_FORM_H

#include "adapters/worklist/worklist.h"

typedef struct Field {
    const char *form;
    const char *path;    /* in the message; "+KIND/PATH": in the second message of the page; NULL: a heading of the fields that follow */
    const char *label;   /* NULL: it is not on the page, and always what is given */
    const char *hint;
    const char *offered; /* codes, with commas between them; NULL: all that mean something */
    const char *given;   /* what stands there at first; "@…": what field_page.c makes of the account, the day or the other side */
    bool needed, area;   /* area: several lines; of a heading: its fields are folded away at first */
} Field;

#define FORM_BORN "parts.minimum.person.date_of_birth" /* a field's path */

typedef enum FormUse {
    FORM_BEGINS,   /* begins a conversation about somebody who is named on the page */
    FORM_ABOUT,    /* begins one about the client of another */
    FORM_REPLIES,  /* said by the side that was asked */
    FORM_REPORTS,  /* said by the side that asked */
    FORM_EITHER,   /* said by either */
    FORM_AMENDS,   /* a newer version of what began it, by who began it */
    FORM_CORRECTS, /* a newer version of an answer from here */
    FORM_RECALLS,  /* takes back a message from here */
} FormUse;

typedef struct Form {
    const char *name, *kind, *title, *button;
    const char *group;  /* under which heading of a client's page it is offered */
    FormUse use;
    const char *events; /* of the lifecycle, with commas: one of them must fit the state; NULL: any state */
    const char *first;  /* states in which it is what should be said next, with commas; NULL: none */
} Form;

/* Whose form, about what. */
typedef struct FormSaying {
    Worklist *worklist;
    const Account *account;
    const Form *form;
    Case *it; /* what it answers, amends or is about; NULL: it begins a conversation */
} FormSaying;

const Form *form_find(const char *name);
bool form_may(const Worklist *worklist, const Form *form, const Case *it);
/* The answer from here that stands, and that this form would replace; NULL: none does. Borrowed from it. */
const json_t *form_stands(const Form *form, const Case *it);
/* What the form is called here: of an answer that stands already, that it is changed. */
const char *form_title(const Form *form, const Case *it);
/* May this kind of message go from here to that service, in this conversation (it NULL, or the form begins one: as the first)? */
bool form_may_go_to(const Worklist *worklist, const Form *form, const Case *it, const json_t *service);
/* Those that may be said here: [{ "name", "title", "group", "first": what should be said next, "changes": an answer that stands }], in the order of forms.def. */
json_t *form_list(const Worklist *worklist, const Case *it);
/* The same for a client's page: { "first": […], "changes": [answers that stand], "groups": [{ "words", "forms": […] }] }. */
json_t *form_groups(const Worklist *worklist, const Case *it);

/* The fields of a form, in the order of the page; NULL at the end. */
const Field *form_field(const Form *form, size_t *at);
/* The kind of message that a field belongs to, and its path there. */
const char *form_field_kind(const Form *form, const Field *field);
const char *form_field_path(const Field *field);
/* The field that says this of this kind of message; NULL: none does. */
const Field *form_field_of(const Form *form, const char *kind, const char *path);

/* What stands in the form at first: name -> value, as if it had been typed. */
GHashTable *form_begin(const FormSaying *saying);
/* Does what is typed say nothing but what stands there at first? */
bool form_untouched(const FormSaying *saying, const GHashTable *typed);
/* The fields for the page, with what was typed: [{ "heading", "folded", "fields": [field_page] }].
 * errors: form_messages', or NULL. */
json_t *form_sections(const FormSaying *saying, const GHashTable *typed, const json_t *errors);
/* What was typed and goes with message, for a last look: [{ "label", "value" }]. */
json_t *form_answers(const FormSaying *saying, const GHashTable *typed, const json_t *message);
/* Is it left out of the message, because the reply in it makes it surplus? */
bool form_surplus(const json_t *message, const char *path);
/* All that was typed as hidden fields: [{ "name", "value" }]. */
json_t *form_kept(const GHashTable *typed);
/* The messages in their order, checked by the SDK; or NULL and *errors: [{ "name", "text", "line": with the field's label,
 * for the summary }]. */
json_t *form_messages(const FormSaying *saying, const GHashTable *typed, json_t **errors);

#endif
