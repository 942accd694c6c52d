#include "broker/machine.h"

#include <glib.h>

enum { RELEASE_NEW = STATE_NEW, DOSE_NEW = STATE_NEW };

#define STATE(MACHINE, NAME, number, name, meaning)
#define EVENT(MACHINE, NAME, number, name)
#define ROW(MACHINE, STATE_, EVENT_, NEXT, effects) \
    { MACHINE##_##STATE_, CONVERSATION_##EVENT_, MACHINE##_##NEXT, effects },
static const MachineRow release_rows[] = {
#include "broker/release.def"
};
static const MachineRow dose_rows[] = {
#include "broker/dose.def"
};
#undef STATE
#undef ROW

#define STATE(MACHINE, NAME, number, name, meaning) { number, name, meaning },
#define ROW(MACHINE, STATE_, EVENT_, NEXT, effects)
static const MachineName release_states[] = {
#include "broker/release.def"
};
static const MachineName dose_states[] = {
#include "broker/dose.def"
};
#undef STATE
#undef EVENT

#define STATE(MACHINE, NAME, number, name, meaning)
#define EVENT(MACHINE, NAME, number, name) { number, name, NULL },
static const MachineName release_events[] = {
#include "broker/release.def"
};
static const MachineName dose_events[] = {
#include "broker/dose.def"
};
#undef STATE
#undef EVENT
#undef ROW

static const MachineName ladder_events[] = {
    { CONVERSATION_OLDER_RECALLED, "older_recalled", NULL },
    { CONVERSATION_ESCALATED, "escalated", NULL },
    { CONVERSATION_TOLD, "told", NULL },
};

static const struct {
    const MachineRow *rows; size_t row_count;
    const MachineName *states; size_t state_count;
    const MachineName *events; size_t event_count;
} machines[] = {
    [MACHINE_RELEASE] = { release_rows, G_N_ELEMENTS(release_rows), release_states, G_N_ELEMENTS(release_states),
                          release_events, G_N_ELEMENTS(release_events) },
    [MACHINE_DOSE] = { dose_rows, G_N_ELEMENTS(dose_rows), dose_states, G_N_ELEMENTS(dose_states),
                       dose_events, G_N_ELEMENTS(dose_events) },
};

static bool machine_exists(int machine)
{
    return machine > MACHINE_NONE && (size_t)machine < G_N_ELEMENTS(machines);
}

static const char *machine_name_in(const MachineName *names, size_t count, int number)
{
    for (size_t i = 0; i < count; i++)
        if (names[i].number == number)
            return names[i].name;
    return NULL;
}

const MachineRow *machine_step(int machine, int state, int event)
{
    if (!machine_exists(machine))
        return NULL;
    for (size_t i = 0; i < machines[machine].row_count; i++) {
        const MachineRow *row = &machines[machine].rows[i];
        if (row->state == state && row->event == event)
            return row;
    }
    return NULL;
}

const char *machine_state_name(int machine, int state)
{
    return machine_exists(machine) ? machine_name_in(machines[machine].states, machines[machine].state_count, state) : NULL;
}

const char *machine_event_name(int event)
{
    const char *name = machine_name_in(ladder_events, G_N_ELEMENTS(ladder_events), event);
    for (int machine = MACHINE_RELEASE; name == NULL && machine_exists(machine); machine++)
        name = machine_name_in(machines[machine].events, machines[machine].event_count, event);
    return name;
}

const MachineRow *machine_rows(int machine, size_t *count)
{
    *count = machine_exists(machine) ? machines[machine].row_count : 0;
    return *count > 0 ? machines[machine].rows : NULL;
}

const MachineName *machine_states(int machine, size_t *count)
{
    *count = machine_exists(machine) ? machines[machine].state_count : 0;
    return *count > 0 ? machines[machine].states : NULL;
}

const MachineName *machine_events(int machine, size_t *count)
{
    *count = machine_exists(machine) ? machines[machine].event_count : 0;
    return *count > 0 ? machines[machine].events : NULL;
}
