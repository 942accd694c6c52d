/* JSON of a message, built from the cells of a row by dotted paths ("parts.clinical.doses[0].mg"; "[0]" is the first of a list). Fails never:
 * the SDK checks the result. */
#ifndef LISTS_BUILD_H
#define LISTS_BUILD_H

#include "adapters/lists/row.h"

#include <jansson.h>

void build_set(json_t *object, const char *path, const char *value);
/* "not_asked" where nothing was given: a code that the message must have. */
void build_default(json_t *message, const char *path, const char *given);
/* Every filled cell whose column has a path in the message: of a CODES column a list. (figures.h has the paths that begin with "count.".) */
void build_columns(json_t *message, const Row *row);
/* What a mobile number given as the first contact needs besides: what was not said is not asked. */
void build_mobile(json_t *message);
/* A text and a line "WHAT: VALUE." more, for what the wire has no place for. */
void build_words(GString *words, const char *what, const char *value);
/* Substances in order into the clinical assessment, by their national numbers; labels of codes.csv, "" for none. Whether crack is
 * among them is always said: crack is "yes", "no" or "", which says not asked unless it is among them. */
void build_substances(json_t *message, const char *const *labels, size_t count, const char *crack);

#endif
