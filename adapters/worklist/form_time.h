/* Times on a form that cannot be: told at their fields, before anything is sent that the broker would refuse after the worker has gone. Pure but for the clock. */
#ifndef WORKLIST_FORM_TIME_H
#define WORKLIST_FORM_TIME_H

#include "adapters/worklist/form.h"

/* Adds to errors, as form_problem_add. message: of this kind, as it was typed. */
void form_time_check(const FormSaying *saying, const char *kind, const json_t *message, json_t *errors);

/* What must be read before these messages of a form are sent, for it may be a slip: that somebody missed an appointment that is not on record, which the other side would be told, or
 * that whoever was to be seen on the same day has the first appointment on a later one. New list of texts. */
json_t *form_time_warnings(const FormSaying *saying, const json_t *messages);

#endif
