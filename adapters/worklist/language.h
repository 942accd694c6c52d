/* The language of the page that is being made: English, or Welsh from adapters/po/. One thread. */
#ifndef WORKLIST_LANGUAGE_H
#define WORKLIST_LANGUAGE_H

#include <stdbool.h>

/* Once, before anything is said. */
void language_begin(void);
/* "en" or "cy": from now on. Anything else is "en". */
void language_set(const char *language);
const char *language_now(void);
/* The one that is not spoken now, and its own name for itself. */
const char *language_other(void);
const char *language_other_name(void);
bool language_known(const char *language);

#endif
