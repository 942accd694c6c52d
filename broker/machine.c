#include "broker/machine.h"

#include <glib.h>

enum { CONCERN_NEW = STATE_NEW, DOSE_NEW = STATE_NEW, DROPOUT_NEW = STATE_NEW, REFERRAL_NEW = STATE_NEW, RELEASE_NEW = STATE_NEW,
       STATEMENT_NEW = STATE_NEW, TRANSFER_NEW = STATE_NEW };

/* All of one lifecycle stand together, because each has a file of its own. */
#define STATE(MACHINE, NAME, number, name, task, meaning)
#define EVENT(MACHINE, NAME, number, name)
#define ROW(MACHINE, STATE_, EVENT_, NEXT, effects) \
    { MACHINE_##MACHINE, MACHINE##_##STATE_, CONVERSATION_##EVENT_, MACHINE##_##NEXT, effects },
static const MachineRow rows[] = {
#include "broker/lifecycles.def"
};
#undef STATE
#undef ROW

#define STATE(MACHINE, NAME, number, name, task, meaning) { MACHINE_##MACHINE, number, name, task, meaning },
#define ROW(MACHINE, STATE_, EVENT_, NEXT, effects)
static const MachineName states[] = {
#include "broker/lifecycles.def"
};
#undef STATE
#undef EVENT

#define STATE(MACHINE, NAME, number, name, task, meaning)
#define EVENT(MACHINE, NAME, number, name) { MACHINE_##MACHINE, number, name, NULL, NULL },
static const MachineName events[] = {
#include "broker/lifecycles.def"
    { MACHINE_NONE, CONVERSATION_OLDER_RECALLED, "older_recalled", NULL, NULL },
    { MACHINE_NONE, CONVERSATION_ESCALATED, "escalated", NULL, NULL },
    { MACHINE_NONE, CONVERSATION_TOLD, "told", NULL, NULL },
    { MACHINE_NONE, CONVERSATION_MERGED, "merged", NULL, NULL },
};
#undef STATE
#undef EVENT
#undef ROW

const MachineRow *machine_step(int machine, int state, int event)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (rows[i].machine == machine && rows[i].state == state && rows[i].event == event)
            return &rows[i];
    return NULL;
}

static const MachineName *machine_state(int machine, int state)
{
    for (size_t i = 0; i < G_N_ELEMENTS(states); i++)
        if (states[i].machine == machine && states[i].number == state)
            return &states[i];
    return NULL;
}

const char *machine_state_name(int machine, int state)
{
    const MachineName *found = machine_state(machine, state);
    return found == NULL ? NULL : found->name;
}

const char *machine_task_status(int machine, int state)
{
    const MachineName *found = machine_state(machine, state);
    return found == NULL ? NULL : found->task;
}

const char *machine_event_name(int event)
{
    for (size_t i = 0; i < G_N_ELEMENTS(events); i++)
        if (events[i].number == event)
            return events[i].name;
    return NULL;
}

const MachineRow *machine_rows(int machine, size_t *count)
{
    const MachineRow *first = NULL;
    *count = 0;
    for (size_t i = 0; machine != MACHINE_NONE && i < G_N_ELEMENTS(rows); i++)
        if (rows[i].machine == machine && (*count)++ == 0)
            first = &rows[i];
    return first;
}

static const MachineName *machine_names(const MachineName *names, size_t total, int machine, size_t *count)
{
    const MachineName *first = NULL;
    *count = 0;
    for (size_t i = 0; machine != MACHINE_NONE && i < total; i++)
        if (names[i].machine == machine && (*count)++ == 0)
            first = &names[i];
    return first;
}

const MachineName *machine_states(int machine, size_t *count)
{
    return machine_names(states, G_N_ELEMENTS(states), machine, count);
}

const MachineName *machine_events(int machine, size_t *count)
{
    return machine_names(events, G_N_ELEMENTS(events), machine, count);
}
