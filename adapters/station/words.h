/* Codes as people say them, in the language that is set. Anything not in the table is shown with spaces for underscores. */
#ifndef STATION_WORDS_H
#define STATION_WORDS_H

/* Borrowed; a constant, or interned. */
const char *words_of(const char *code);
/* The same, where a code means something of its own in a field: "reply", "will"; or in that of a kind: "dose_answer.reply", "cannot". */
const char *words_in(const char *field, const char *code);
/* Why a service is asked: "fits", "fallback" … */
const char *words_of_asked(const char *why);
/* What a clock waits for: "to name somebody". */
const char *words_of_clock(const char *policy);

#endif
