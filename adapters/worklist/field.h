/* One field of a form: what it is by the protocol's tables, what was typed as a value of the message, and how it stands on the page.
 * A day is three boxes (NAME-day, -month, -year), a time these and NAME-time; of several codes each has a box of its own (NAME:CODE). A count that
 * need not be known has a box beside it that says so (NAME:unknown): then the message does not have it. */
#ifndef WORKLIST_FIELD_H
#define WORKLIST_FIELD_H

#include "adapters/worklist/form.h"

#include <protobuf-c/protobuf-c.h>

typedef enum FieldType { FIELD_TEXT, FIELD_AREA, FIELD_NUMBER, FIELD_COUNT, FIELD_CHOICE, FIELD_MANY, FIELD_TICK, FIELD_DAY, FIELD_TIME } FieldType;

/* What the protocol says of it; NULL: it is no field of a message ("carry"). */
const ProtobufCFieldDescriptor *field_descriptor(const Field *field);
const ProtobufCFieldDescriptor *field_at(const char *path);
/* The last two names of a path, by which words.h knows what its codes mean: "dose_answer.reply". Borrowed from path. */
const char *field_tail(const char *path);
FieldType field_type(const Field *field);
/* The value for the message: a new reference; NULL with *problem NULL: nothing was typed; NULL with *problem: what is wrong, borrowed words. */
json_t *field_value(const FormSaying *saying, const Field *field, const GHashTable *typed, const char **problem);
/* Was it said that this count is not known? */
bool field_unknown(const Field *field, const GHashTable *typed);
/* Has anything been typed that does not stand there by itself? */
bool field_touched(const FormSaying *saying, const Field *field, const GHashTable *typed);
/* Puts a value of a message into what is typed, as if a person had written it. */
void field_retype(const Field *field, const json_t *value, GHashTable *typed);

/* What stands there at first when no message says it; free with g_free. */
char *field_given(const FormSaying *saying, const Field *field);
/* Which values may be chosen: [{ "value", "label" }]. */
json_t *field_options(const FormSaying *saying, const Field *field);
/* What was typed, as a person reads it; free with g_free. */
char *field_said(const FormSaying *saying, const Field *field, const GHashTable *typed);
/* The field for the page. */
json_t *field_page(const FormSaying *saying, const Field *field, const GHashTable *typed);

/* The value at a field's path, borrowed, or NULL. */
json_t *field_get(const json_t *message, const char *path);
/* Puts a value into a message by the field's path; takes value. NULL: takes away what stands there. */
void field_put(json_t *message, const char *path, json_t *value);
/* Takes away empty objects and lists, which say nothing. */
void field_prune(json_t *message);

#endif
