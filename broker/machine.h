/* The two lifecycles, release and dose, as tables: (state, event) -> row, or nothing.
 *
 * release.def and dose.def hold the states, the events and one commented row for each event a state takes; machine.c expands and
 * searches them; decide carries out a row's effects; broker-diagrams draws them. Numbers of states and events are kept in the
 * database and never change meaning. Constant data; nothing here owns, allocates or fails. */
#ifndef BROKER_MACHINE_H
#define BROKER_MACHINE_H

#include <stdbool.h>
#include <stddef.h>

enum { MACHINE_NONE = 0, MACHINE_RELEASE = 1, MACHINE_DOSE = 2 };

enum {
    STATE_NEW = 0, /* no conversation yet */
#define STATE(MACHINE, NAME, number, name, meaning) MACHINE##_##NAME = number,
#define EVENT(MACHINE, NAME, number, name)
#define ROW(MACHINE, STATE_, EVENT_, NEXT, effects)
#include "broker/dose.def"
#include "broker/release.def"
#undef STATE
#undef EVENT
#undef ROW
};

/* What may happen to a conversation; Decision.conversation_event. */
typedef enum ConversationEvent {
    CONVERSATION_NONE = 0,
#define STATE(MACHINE, NAME, number, name, meaning)
#define EVENT(MACHINE, NAME, number, name) CONVERSATION_##NAME = number,
#define ROW(MACHINE, STATE_, EVENT_, NEXT, effects)
#include "broker/dose.def"
#include "broker/release.def"
#undef STATE
#undef EVENT
#undef ROW
    /* Steps of the ladder: they keep the state and are in no table. */
    CONVERSATION_OLDER_RECALLED = 60, /* a message that is no longer the newest of its kind */
    CONVERSATION_ESCALATED = 61,      /* a clock ran out, or a rung failed: the next is told */
    CONVERSATION_TOLD = 62,           /* a person was told: the ladder ends */
} ConversationEvent;

/* What a row does besides changing the state. */
enum {
    EFFECT_START_ANSWER = 1 << 0,   /* the clock that waits for an answer: NAMED or DOSE_ANSWERED */
    EFFECT_START_CONTACT = 1 << 1,  /* the clock that waits for a meeting report */
    EFFECT_CONTACT_IF_HAPPENED = 1 << 2, /* the same, when the release is said to have happened */
    EFFECT_MOVE = 1 << 3,           /* running clocks follow the new time of release, or of need */
    EFFECT_STOP_ANSWER = 1 << 4,
    EFFECT_STOP_CONTACT = 1 << 5,
    EFFECT_STOP_TOLD = 1 << 6,      /* the ladder: a person has answered */
    EFFECT_ESCALATE = 1 << 7,       /* the answer clock fires at once */
    EFFECT_CORRECTS = 1 << 8,       /* only with `supersedes`: without it the row does not count */
};
#define EFFECT_STOP_ALL (EFFECT_STOP_ANSWER | EFFECT_STOP_CONTACT | EFFECT_STOP_TOLD)

typedef struct MachineRow { int state, event, next; unsigned effects; } MachineRow;
typedef struct MachineName { int number; const char *name, *meaning; } MachineName;

/* NULL: the state does not take the event. */
const MachineRow *machine_step(int machine, int state, int event);
/* "named"; NULL for a number the machine does not have. */
const char *machine_state_name(int machine, int state);
const char *machine_event_name(int event);

/* The tables themselves, for diagrams and tests. */
const MachineRow *machine_rows(int machine, size_t *count);
const MachineName *machine_states(int machine, size_t *count);
const MachineName *machine_events(int machine, size_t *count); /* meaning: NULL */

#endif
