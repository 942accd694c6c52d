/* What the rows of one conversation say about how it stands, worked out once when something in it changes, so that lists need not look at rows.
 * Pure. Texts are borrowed from the rows, "" where nothing is said; times are microseconds since 1970, 0 where nothing is said. Any thread. */
#ifndef WORKLIST_FACTS_H
#define WORKLIST_FACTS_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Facts {
    const json_t *request;           /* the newest version of what began it; NULL: there is none */
    const json_t *waiting;           /* what waits for an answer from here, or NULL */
    const char *kind, *state, *urgency, *release_day; /* of the request */
    const char *other;               /* the service on the other side; "" when a service is still looked for */
    const char *worker;              /* whose it is here: named in our newest answer, else who asked */
    const char *named;               /* whom the other side has named */
    const char *coordinator;         /* the service that is answerable, as far as this one was told */
    const char *outcome, *meeting;   /* of the newest appointment that was kept or not; of the release */
    const char *step, *step_by;      /* the last that another did with it: held, opened, and which service */
    const char *told, *told_by;      /* the role that was told of a silence last, and the service that told somebody */
    int64_t asked_at;                /* the newest version of the request */
    int64_t begun_at;                /* the first version */
    int64_t answer_by, due;          /* when it must be answered, whoever must; when it is due here */
    int64_t answered_at;             /* the first answer */
    int64_t offered_at, first_offered_at; /* the first appointment that was made: when that was, and for when */
    int64_t appointment_at;          /* for when the newest is */
    int64_t outcome_at;              /* when the newest outcome was told */
    int64_t attempted_at;            /* the first attempt to reach the client */
    int64_t back_at;                 /* re-engaged, resumed or lost */
    int64_t silent_at, told_at;      /* a clock ran out on it, and nothing was said since; somebody further up was told */
    const json_t *news;              /* something came that waits for no answer, and no worker here has opened it; NULL */
    int64_t news_at;                 /* when that came */
    const json_t *refused;           /* the newest from here that the broker refused, and nothing of its kind was accepted since; NULL */
    int64_t refused_at;              /* when it was sent */
    int64_t match_at;                /* a possible match was told of, and nobody has decided it */
    bool worded;                     /* a worker has said in it who the client is */
    bool ours;                       /* it began here */
    bool unopened;                   /* what waits was not opened by a worker */
} Facts;

/* rows: as tc_client_conversation gives them; kept by the caller as long as the facts. */
Facts facts_from_rows(const json_t *rows);
/* The other side owes an answer or an appointment, or let pass until when something else was to be done. */
bool facts_wait_for_other(const Facts *facts);
/* The other side has answered, and is in time with the rest: it will meet the client, see them or look for them. */
bool facts_taken(const Facts *facts);
/* Nothing is left to do for anybody here; service: this one, which may be the care coordinator still. */
bool facts_closed(const Facts *facts, const char *service);

/* "" when missing; name may be "group.field". */
const char *facts_text(const json_t *row, const char *name);
int64_t facts_time(const json_t *row, const char *name);
/* Did a row come after another? By the record's order where both are in it, else by the clocks of whoever wrote them. */
bool facts_after(const json_t *row, const json_t *other);
/* A message of the conversation itself, not of one that it arose from. */
bool facts_is_message(const json_t *row);

#endif
