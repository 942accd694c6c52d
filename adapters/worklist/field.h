/* One field of a form: what it is by the protocol's tables, how it stands on the page, and what was typed as a value of the message.
 * A day is three boxes (NAME-day, -month, -year), a time these and NAME-time. */
#ifndef WORKLIST_FIELD_H
#define WORKLIST_FIELD_H

#include "adapters/worklist/form.h"

typedef enum FieldType { FIELD_TEXT, FIELD_AREA, FIELD_NUMBER, FIELD_CHOICE, FIELD_DAY, FIELD_TIME } FieldType;

FieldType field_type(const Field *field);
/* The value for the message: a new reference; NULL with *problem NULL: nothing was typed; NULL with *problem: what is wrong, borrowed words. */
json_t *field_value(const Field *field, const GHashTable *typed, const char **problem);
/* What was typed, as a person reads it; free with g_free. */
char *field_said(const Worklist *worklist, const Field *field, const GHashTable *typed);
/* The field for the page; typed NULL: as first shown. */
json_t *field_page(const Worklist *worklist, const Field *field, const Form *form, const Account *account, const GHashTable *typed);
/* Puts a value into a message by the field's path; takes value. */
void field_put(json_t *message, const char *path, json_t *value);

#endif
