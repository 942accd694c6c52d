/* Where a conversation stands, in plain words: one conversation in, one line of the cases file out.
 *
 * Reads a conversation as the SDK gives it, with the state that the broker's own table gives it. Pure. */
#ifndef CASES_STORY_H
#define CASES_STORY_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

typedef struct Story {
    const json_t *request, *answer, *appointment, *treatment; /* newest of each that counts; NULL; borrowed from the conversation */
    const char *state;       /* the broker's word for it; "" */
    const char *refused;     /* newest request that no broker will have; NULL */
    bool ours;               /* it began here */
    bool waits_here;         /* an answer is due from this service */
    bool unsent;             /* something that was sent from here is not yet safe with a broker */
    const char *due_at;      /* when it is due; "" */
    const char *step, *step_at, *by; /* what became of our newest request: "", "held", "opened"; who is asked now, or "" */
    bool withheld, nobody_told;
} Story;

void story_read(Story *story, const json_t *conversation);
/* True while a newer version of the request can still be sent. */
bool story_takes_versions(const Story *story);
/* One or two sentences; other: the other side's name for people. Caller frees. */
char *story_text(const Story *story, const char *other);

/* "24 Nov 2026 16:05" in London, of an RFC 3339 time; "" for anything else. Caller frees. */
char *story_time(const char *time);

#endif
