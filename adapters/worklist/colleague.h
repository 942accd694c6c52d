/* Naming a worker on a form: who has an account here is chosen by name, anybody else is written by their reference (NAME-other). Name,
 * telephone and team of who was chosen are put in when the form comes back, and stand on the page before anything is sent; with JavaScript at once. One thread. */
#ifndef WORKLIST_COLLEAGUE_H
#define WORKLIST_COLLEAGUE_H

#include "adapters/worklist/form.h"

/* Is it the reference of a worker who is named? */
bool colleague_field(const Field *field);
/* How it stands on the page: { "options": with their "person", "phone" and "team", "other": somebody who is not among them, "written": their reference }. value: the reference that stands there. */
json_t *colleague_page(const FormSaying *saying, const char *value);
/* "Bea Made-Up (w-021)", or the reference alone; free with g_free. */
char *colleague_said(const FormSaying *saying, const char *reference);
/* Makes one reference of what was chosen and written, and changes a colleague's name, telephone and team for those of who is named now. What was written of
 * somebody without an account stays. */
void colleague_take(const FormSaying *saying, GHashTable *typed);

#endif
