/* Both lifecycles, cell by cell: every event in every state has the result that stands here, or is not taken; and the page shows
 * what the tables say. */
#include "unit.h"

#include "broker/diagram.h"
#include "broker/machine.h"

/* One row a state, one word an event in the order of the .def file: the next state, or "-" where it is not taken. */
typedef struct Cells { const char *state, *next; } Cells;

static const Cells release_cells[] = {
    /*               notified amended redated readdressed withdrawn named cannot met not_met held_again declined n_recalled a_recalled r_recalled */
    { NULL,         "open - - - - - - - - - - - - -" },
    { "open",       "- open open open withdrawn named cannot met not_met held_again declined recalled open open" },
    { "named",      "- named named open withdrawn named cannot met not_met held_again declined recalled open named" },
    { "cannot",     "- cannot cannot open withdrawn named cannot met not_met held_again declined recalled open cannot" },
    { "met",        "- met met met withdrawn - - met not_met held_again declined recalled met open" },
    { "not_met",    "- not_met open open withdrawn - - met not_met held_again declined recalled not_met open" },
    { "held_again", "- held_again open open withdrawn - - met not_met held_again declined recalled held_again open" },
    { "declined",   "- declined declined open withdrawn - - met not_met held_again declined recalled declined open" },
    { "withdrawn",  "- open open open withdrawn - - met not_met held_again declined recalled withdrawn withdrawn" },
    { "recalled",   "- - - - - - - - - - - - recalled recalled" },
};

static const Cells dose_cells[] = {
    /*                  requested request_amended confirmed answered identity_needed request_recalled answer_recalled */
    { NULL,            "requested - - - - - -" },
    { "requested",     "- requested confirmed answered need_identity recalled requested" },
    { "confirmed",     "- - confirmed answered need_identity recalled requested" },
    { "answered",      "- - confirmed answered need_identity recalled requested" },
    { "need_identity", "- requested confirmed answered need_identity recalled requested" },
    { "recalled",      "- - - - - - recalled" },
};

static int state_of(int machine, const char *name)
{
    size_t count;
    const MachineName *states = machine_states(machine, &count);
    for (size_t i = 0; name != NULL && i < count; i++)
        if (strcmp(states[i].name, name) == 0)
            return states[i].number;
    return STATE_NEW;
}

static void check_cells(int machine, const Cells *cells, size_t cell_rows)
{
    size_t states, events, rows, taken = 0;
    machine_states(machine, &states);
    machine_rows(machine, &rows);
    const MachineName *names = machine_events(machine, &events);
    assert_int_equal(cell_rows, states + 1);
    for (size_t i = 0; i < cell_rows; i++) {
        g_auto(GStrv) next = g_strsplit(cells[i].next, " ", -1);
        assert_int_equal(g_strv_length(next), events);
        for (size_t j = 0; j < events; j++) {
            const MachineRow *row = machine_step(machine, state_of(machine, cells[i].state), names[j].number);
            const char *found = row == NULL ? "-" : machine_state_name(machine, row->next);
            if (strcmp(found, next[j]) != 0)
                fail_msg("%s in %s leads to %s, not %s", names[j].name, cells[i].state, found, next[j]);
            taken += row != NULL;
        }
    }
    assert_int_equal(taken, rows); /* no row is there twice */
}

static void test_release(void **state)
{
    (void)state;
    check_cells(MACHINE_RELEASE, release_cells, G_N_ELEMENTS(release_cells));
}

static void test_dose(void **state)
{
    (void)state;
    check_cells(MACHINE_DOSE, dose_cells, G_N_ELEMENTS(dose_cells));
}

/* Whatever way a release comes to be open, somebody's silence is noticed from then on. */
static void test_opening_starts_a_clock(void **state)
{
    size_t count;
    const MachineRow *rows = machine_rows(MACHINE_RELEASE, &count);
    (void)state;
    for (size_t i = 0; i < count; i++)
        if (rows[i].next == RELEASE_OPEN && rows[i].state != RELEASE_OPEN)
            assert_true((rows[i].effects & EFFECT_START_ANSWER) != 0);
    rows = machine_rows(MACHINE_DOSE, &count);
    for (size_t i = 0; i < count; i++)
        if (rows[i].next == DOSE_REQUESTED && rows[i].state != DOSE_REQUESTED)
            assert_true((rows[i].effects & EFFECT_START_ANSWER) != 0);
}

static void test_over_stops_every_clock(void **state)
{
    size_t count;
    const MachineRow *rows = machine_rows(MACHINE_RELEASE, &count);
    (void)state;
    for (size_t i = 0; i < count; i++) {
        bool waiting = rows[i].state == RELEASE_OPEN || rows[i].state == RELEASE_NAMED || rows[i].state == RELEASE_CANNOT;
        if (waiting && rows[i].next >= RELEASE_MET)
            assert_int_equal(rows[i].effects, EFFECT_STOP_ALL);
    }
}

static void test_unknown_numbers(void **state)
{
    size_t count = 1;
    (void)state;
    assert_null(machine_step(3, 1, 1));
    assert_null(machine_step(MACHINE_NONE, 0, 1));
    assert_null(machine_state_name(MACHINE_DOSE, 99));
    assert_null(machine_event_name(99));
    assert_null(machine_rows(-1, &count));
    assert_int_equal(count, 0);
    assert_string_equal(machine_event_name(CONVERSATION_ESCALATED), "escalated");
}

static void test_page(void **state)
{
    g_autofree char *page = NULL;
    g_autofree char *drawn = diagram_text();
    (void)state;
    assert_true(g_file_get_contents(TC_SOURCE_DIR "/broker/README.md", &page, NULL, NULL));
    if (strstr(page, drawn) == NULL)
        fail_msg("broker/README.md does not show the tables: paste the output of broker-diagrams over its lifecycles");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_release),
        cmocka_unit_test(test_dose),
        cmocka_unit_test(test_opening_starts_a_clock),
        cmocka_unit_test(test_over_stops_every_clock),
        cmocka_unit_test(test_unknown_numbers),
        cmocka_unit_test(test_page),
    };
    return cmocka_run_group_tests_name("machine", tests, NULL, NULL);
}
