/* What the pages of a manager share: the ways between them, the fields of their forms (templates/field.html), the workers of the service. */
#ifndef WORKLIST_MANAGE_H
#define WORKLIST_MANAGE_H

#include "adapters/worklist/request.h"

/* A view with the title, the ways to the other pages ("ways"), and the words of an act that was just done ("done"), or NULL. */
json_t *manage_view(const Request *request, const char *title, const char *done);
/* Marks the view as a form with mistakes: errors [{ "name", "label", "text" }], taken; nothing when it is empty. */
void manage_errors(json_t *view, json_t *errors);
/* The first mistake of each field is told, and no other. */
void manage_error(json_t *errors, const char *name, const char *text);
/* The same, with what the library said. */
void manage_failed(const Request *request, json_t *errors, const char *name, const TcError *error);

/* Fields for templates/field.html; typed NULL: as first shown, with value. error: of errors, or NULL. */
json_t *manage_text(const char *name, const char *label, const char *hint, const char *value, const json_t *errors);
json_t *manage_select(const char *name, const char *label, const char *hint, json_t *options, const json_t *errors); /* takes options */
json_t *manage_day(const char *name, const char *label, const char *hint, const GHashTable *typed, const json_t *errors);
json_t *manage_option(const char *value, const char *label, const char *chosen);
/* What was typed into the three boxes of a day, "2026-11-25"; NULL: nothing, or no day. Free with g_free. */
char *manage_typed_day(const GHashTable *typed, const char *name);

/* Every worker with an open account, by name: options for a select. but: left out, or NULL. */
json_t *manage_workers(const Worklist *worklist, const char *chosen, const char *but);

/* The answer to a form that was taken: the page again, which says so. path begins with /; done: a word of the page's own. */
void manage_done(Request *request, const char *path, const char *done);

#endif
