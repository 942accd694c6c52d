/* Where a conversation stands, worked out from the messages in the spool with the broker's own tables (broker/machine.h), so that both
 * sides call it the same. Messages that never left do not count, nor do forged
 * ones; those on their way do. What sibling stations sent is not seen. */
#ifndef SDK_STATE_H
#define SDK_STATE_H

#include "adapters/sdk/letter.h"

typedef struct Standing {
    int machine, state;
    const char *name;      /* "named"; "" for no state */
    const Letter *request; /* the newest version of the notification or dose request; NULL: not here */
    const Letter *answer;  /* the answer that stands, and the meeting report; NULL: none */
    const Letter *report;
    unsigned versions;     /* of the request */
    int64_t when;          /* what its clocks hang on, as Head.release_at */
} Standing;

/* letters: as letter_conversation gives them; the result borrows from it. */
Standing state_of(const GPtrArray *letters);
/* Until when a request must be answered, whoever answers it and whether or not they did, by the clocks of PROTOCOL.md section 8; 0: nothing says. */
int64_t state_answer_by(const Standing *standing, const Letter *letter);
/* Until when what waits here is due, by the clocks of PROTOCOL.md section 8; 0: nothing says. */
int64_t state_due(const Standing *standing, const Letter *letter);
/* True while this letter waits for an answer from this service. */
bool state_waits_here(const TcClient *client, const Standing *standing, const Letter *letter);
/* True when a later message of the conversation replaces it. */
bool state_is_superseded(const GPtrArray *letters, const Letter *letter);

#endif
