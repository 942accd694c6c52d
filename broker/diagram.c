#include "broker/diagram.h"

#include "broker/machine.h"

static const char *diagram_state(int machine, int state)
{
    return state == STATE_NEW ? "[*]" : machine_state_name(machine, state);
}

/* The events that lead from one state to another, separated by commas. */
static char *diagram_events(int machine, int from, int to)
{
    GString *text = g_string_new(NULL);
    size_t count;
    const MachineRow *rows = machine_rows(machine, &count);
    for (size_t i = 0; i < count; i++)
        if (rows[i].state == from && rows[i].next == to)
            g_string_append_printf(text, "%s%s%s", text->len > 0 ? ", " : "", machine_event_name(rows[i].event),
                                   (rows[i].effects & EFFECT_CORRECTS) != 0 ? " (correction)" : "");
    return g_string_free(text, FALSE);
}

static void diagram_arrows(GString *text, int machine, int from)
{
    size_t count;
    const MachineName *states = machine_states(machine, &count);
    for (size_t i = 0; i < count; i++) {
        g_autofree char *events = diagram_events(machine, from, states[i].number);
        if (states[i].number != from && *events != '\0')
            g_string_append_printf(text, "    %s --> %s: %s\n", diagram_state(machine, from), states[i].name, events);
    }
}

static void diagram_machine(GString *text, int machine, const char *title)
{
    size_t count;
    const MachineName *states = machine_states(machine, &count);
    g_string_append_printf(text, "**%s**\n\n```mermaid\nstateDiagram-v2\n", title);
    diagram_arrows(text, machine, STATE_NEW);
    for (size_t i = 0; i < count; i++)
        diagram_arrows(text, machine, states[i].number);
    g_string_append(text, "```\n\n| state | means | FHIR Task.status | stays as it is on |\n|---|---|---|---|\n");
    for (size_t i = 0; i < count; i++) {
        g_autofree char *stays = diagram_events(machine, states[i].number, states[i].number);
        g_string_append_printf(text, "| %s | %s | %s | %s |\n", states[i].name, states[i].meaning, states[i].task, stays);
    }
    g_string_append_c(text, '\n');
}

char *diagram_text(void)
{
    GString *text = g_string_new(DIAGRAM_BEGIN "\n\n");
    diagram_machine(text, MACHINE_RELEASE, "A release");
    diagram_machine(text, MACHINE_DOSE, "A dose request");
    diagram_machine(text, MACHINE_REFERRAL, "A referral");
    diagram_machine(text, MACHINE_TRANSFER, "A transfer of care");
    diagram_machine(text, MACHINE_DROPOUT, "A drop-out");
    diagram_machine(text, MACHINE_CONCERN, "A safeguarding concern");
    diagram_machine(text, MACHINE_STATEMENT, "A statement");
    g_string_append(text, DIAGRAM_END "\n");
    return g_string_free(text, FALSE);
}

char *diagram_edges(void)
{
    GString *text = g_string_new(NULL);
    for (int machine = MACHINE_NONE + 1; machine <= MACHINE_LAST; machine++) {
        size_t count;
        const MachineRow *rows = machine_rows(machine, &count);
        for (size_t i = 0; i < count; i++)
            g_string_append_printf(text, "%d,%d,%d,%d\n", machine, rows[i].state, rows[i].event, rows[i].next);
    }
    return g_string_free(text, FALSE);
}
