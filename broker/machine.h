/* The lifecycles of conversations as tables: (state, event) -> row, or nothing.
 *
 * Each *.def of lifecycles.def holds the states, the events and one commented row for each event a state takes; machine.c expands and
 * searches them; decide carries out a row's effects; broker-diagrams draws them. Numbers of states and events are kept in the
 * database and never change meaning. Constant data; nothing here owns, allocates or fails. */
#ifndef BROKER_MACHINE_H
#define BROKER_MACHINE_H

#include <stdbool.h>
#include <stddef.h>

enum { MACHINE_NONE = 0, MACHINE_RELEASE = 1, MACHINE_DOSE = 2, MACHINE_REFERRAL = 3, MACHINE_TRANSFER = 4, MACHINE_DROPOUT = 5,
       MACHINE_STATEMENT = 6, MACHINE_CONCERN = 7, MACHINE_LAST = MACHINE_CONCERN };

enum {
    STATE_NEW = 0, /* no conversation yet */
#define STATE(MACHINE, NAME, number, name, task, meaning) MACHINE##_##NAME = number,
#define EVENT(MACHINE, NAME, number, name)
#define ROW(MACHINE, STATE_, EVENT_, NEXT, effects)
#include "broker/lifecycles.def"
#undef STATE
#undef EVENT
#undef ROW
};

/* What may happen to a conversation; Decision.conversation_event. */
typedef enum ConversationEvent {
    CONVERSATION_NONE = 0,
#define STATE(MACHINE, NAME, number, name, task, meaning)
#define EVENT(MACHINE, NAME, number, name) CONVERSATION_##NAME = number,
#define ROW(MACHINE, STATE_, EVENT_, NEXT, effects)
#include "broker/lifecycles.def"
#undef STATE
#undef EVENT
#undef ROW
    /* Steps of the ladder: they keep the state and are in no table. */
    CONVERSATION_OLDER_RECALLED = 60, /* a message that is no longer the newest of its kind */
    CONVERSATION_ESCALATED = 61,      /* a clock ran out, or a rung failed: the next is told */
    CONVERSATION_TOLD = 62,           /* a person was told: the ladder ends */
    CONVERSATION_MERGED = 63,         /* a worker said whether its client is another's: it may be about another client from now on */
} ConversationEvent;

/* What a row does besides changing the state. */
enum {
    EFFECT_START_ANSWER = 1 << 0,   /* the clock that waits for an answer; which one, decide_effects.c says */
    EFFECT_START_CONTACT = 1 << 1,  /* the clock that waits for a meeting report */
    EFFECT_CONTACT_IF_HAPPENED = 1 << 2, /* the same, when the release is said to have happened */
    EFFECT_MOVE = 1 << 3,           /* running clocks follow the new time of release, or of need */
    EFFECT_STOP_ANSWER = 1 << 4,
    EFFECT_STOP_CONTACT = 1 << 5,
    EFFECT_STOP_TOLD = 1 << 6,      /* the ladder: a person has answered */
    EFFECT_ESCALATE = 1 << 7,       /* the answer clock fires at once */
    EFFECT_CORRECTS = 1 << 8,       /* only with `supersedes`: without it the row does not count */
    EFFECT_START_BOOKING = 1 << 9,  /* the clocks of the slot CONTACT in a referral: an appointment is due; … */
    EFFECT_START_SEEN = 1 << 10,    /* … what came of it is due; … */
    EFFECT_START_ATTEMPT = 1 << 11, /* … a first attempt to reach the client is due */
    /* Who is answerable for the client (decide_care.c). */
    EFFECT_TAKE_UP = 1 << 12,       /* the one who found the client, where nobody is yet */
    EFFECT_PASS_FOUND = 1 << 13,    /* from the one who found the client to who takes them on */
    EFFECT_RELEASE = 1 << 14,       /* out of custody: to the receiver, or the SPOC */
    EFFECT_OFFER = 1 << 15,         /* only the coordinator may offer; nothing changes */
    EFFECT_TRANSFER = 1 << 16,      /* from the offerer to who accepts */
    EFFECT_WAKE = 1 << 17,          /* the holder of the residual role hears of it */
    EFFECT_RESUME = 1 << 18,        /* to the holder of the residual role */
    EFFECT_LOSE = 1 << 19,          /* only when everything was tried */
    EFFECT_NOTE = 1 << 20,          /* custody, order, death: what the statement says of the client */
    EFFECT_UNNOTE = 1 << 21,        /* and takes it back */
    EFFECT_MOVE_ON = 1 << 22,       /* the next service that fits the request is asked */
};
#define EFFECT_STOP_ALL (EFFECT_STOP_ANSWER | EFFECT_STOP_CONTACT | EFFECT_STOP_TOLD)

typedef struct MachineRow { int machine, state, event, next; unsigned effects; } MachineRow;
typedef struct MachineName { int machine, number; const char *name, *task, *meaning; } MachineName; /* task: FHIR R4 Task.status */

/* NULL: the state does not take the event. */
const MachineRow *machine_step(int machine, int state, int event);
/* "named"; NULL for a number the machine does not have. */
const char *machine_state_name(int machine, int state);
/* The FHIR R4 Task.status of a state; NULL as above. */
const char *machine_task_status(int machine, int state);
const char *machine_event_name(int event);

/* The tables themselves, for diagrams and tests. */
const MachineRow *machine_rows(int machine, size_t *count);
const MachineName *machine_states(int machine, size_t *count);
const MachineName *machine_events(int machine, size_t *count); /* task, meaning: NULL */

#endif
