/* Two people as messages have them: may they be one? For a worker to look at, never a link: names and birthdays agree by chance, and numbers are
 * mistyped, shared and used again. Pure, on JSON of Person; any thread. */
#ifndef SDK_ALIKE_H
#define SDK_ALIKE_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

/* Why they may be one, in plain words: a new array of texts; empty: nothing speaks for it, or something speaks against it. */
json_t *alike_reasons(const json_t *one, const json_t *other);

/* A name without case, accents, apostrophes and hyphens, in single spaces: "Siân O'Neill-Mac Donald" is "sian oneill mcdonald". Caller frees. */
char *alike_fold(const char *name);

#endif
