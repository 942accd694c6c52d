/* Codes as people say them. Anything not in the table is shown with spaces for underscores. */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

/* Borrowed; a constant, or interned. */
const char *words_of(const char *code);
/* Why a service is asked: "fits", "fallback" … */
const char *words_of_asked(const char *why);
/* What a clock waits for: "to name somebody". */
const char *words_of_clock(const char *policy);

#endif
