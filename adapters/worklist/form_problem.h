/* What is wrong with a form, in a worker's words: at the field, and with the field's label in the summary above. A list of problems is
 * [{ "name": the field, or "form" for what is none's, "text", "line": with the label }]. */
#ifndef WORKLIST_FORM_PROBLEM_H
#define WORKLIST_FORM_PROBLEM_H

#include "adapters/worklist/form.h"

void form_problem_add(json_t *errors, const char *name, const char *text);
/* text: a sentence of ours, which begins with no name. */
void form_problem_at(json_t *errors, const Field *field, const char *text);
/* What is said where something needed was left out. Borrowed. */
const char *form_problem_needed(const Field *field);
/* The SDK tells of one thing at a time. All that was left out is told at once: each gets an example in a copy of the message, which is never sent,
 * until nothing is missing or something that was typed is wrong. */
void form_problem_check(const FormSaying *saying, const char *kind, const json_t *message, json_t *errors);
/* As they stand on the page; what belongs to no field of it comes first. A new reference. */
json_t *form_problem_order(const FormSaying *saying, const json_t *errors);

#endif
