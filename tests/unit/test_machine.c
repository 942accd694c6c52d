/* Every lifecycle, cell by cell: every event in every state has the result that stands here, or is not taken; and the page shows
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

static const Cells referral_cells[] = {
    /* referred referral_amended referral_readdressed referral_accepted referral_declined referral_questioned referral_already_open appointed appointment_cancelled attended not_attended away treatment_started treatment_ended attempted referral_recalled referral_answer_recalled referral_report_recalled referral_moved_on */
    { NULL, "asked - - - - - - - - - - - - - - - - - -" },
    { "asked", "- asked asked accepted declined questioned already_open - - - - - - - - recalled asked asked asked" },
    { "questioned", "- asked asked accepted declined - already_open - - - - - - - - recalled asked questioned asked" },
    { "accepted", "- accepted - - - - - booked - seen - away in_treatment ended accepted recalled asked accepted -" },
    { "booked", "- booked - - - - - booked accepted seen missed away in_treatment ended booked recalled asked accepted -" },
    { "seen", "- seen - - - - - booked - seen missed away in_treatment ended seen recalled seen accepted -" },
    { "missed", "- missed - - - - - booked - seen missed away in_treatment ended missed recalled missed accepted -" },
    { "away", "- away - - - - - booked - seen missed away in_treatment ended away recalled away accepted -" },
    { "in_treatment", "- in_treatment - - - - - in_treatment in_treatment in_treatment in_treatment in_treatment - ended in_treatment - in_treatment accepted -" },
    { "ended", "- - - - - - - - - - - - in_treatment ended - - ended accepted -" },
    { "declined", "- asked asked accepted declined - already_open - - - - - - - - recalled asked declined -" },
    { "already_open", "- - asked - - - - - - - - - - - - recalled asked already_open -" },
    { "recalled", "- - - - - - - - - - - - - - - - recalled recalled -" },
};

static const Cells transfer_cells[] = {
    /* offered offer_amended offer_readdressed transfer_accepted transfer_declined transfer_withdrawn transfer_expired offer_recalled transfer_answer_recalled */
    { NULL, "offered - - - - - - - -" },
    { "offered", "- offered offered transferred transfer_declined transfer_withdrawn expired recalled offered" },
    { "transferred", "- - - - - - - - -" },
    { "transfer_declined", "- offered offered - - - - recalled offered" },
    { "transfer_withdrawn", "- offered offered - - - - recalled -" },
    { "expired", "- offered offered - - - - recalled -" },
    { "recalled", "- - - - - - - - recalled" },
};

static const Cells dropout_cells[] = {
    /* dropped_out drop_out_amended tried sighted re_engaged resumed lost drop_out_recalled drop_out_report_recalled */
    { NULL, "woken - - - - - - - -" },
    { "woken", "- woken trying trying re_engaged resumed - recalled -" },
    { "trying", "- trying trying trying re_engaged resumed lost recalled trying" },
    { "resumed", "- resumed resumed resumed re_engaged - lost recalled resumed" },
    { "re_engaged", "- - - - re_engaged - - recalled trying" },
    { "lost", "- - lost trying re_engaged resumed - recalled trying" },
    { "recalled", "- - - - - - - - recalled" },
};

static const Cells statement_cells[] = {
    /* stated statement_amended statement_recalled */
    { NULL, "stands - -" },
    { "stands", "- stands recalled" },
    { "recalled", "- - -" },
};

static const Cells concern_cells[] = {
    /* raised concern_amended concern_readdressed acknowledged concern_recalled acknowledgement_recalled */
    { NULL, "raised - - - - -" },
    { "raised", "- raised raised acknowledged recalled raised" },
    { "acknowledged", "- raised raised acknowledged recalled raised" },
    { "recalled", "- - - - - recalled" },
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

static void test_referral(void **state)
{
    (void)state;
    check_cells(MACHINE_REFERRAL, referral_cells, G_N_ELEMENTS(referral_cells));
}

static void test_transfer(void **state)
{
    (void)state;
    check_cells(MACHINE_TRANSFER, transfer_cells, G_N_ELEMENTS(transfer_cells));
}

static void test_dropout(void **state)
{
    (void)state;
    check_cells(MACHINE_DROPOUT, dropout_cells, G_N_ELEMENTS(dropout_cells));
}

static void test_statement(void **state)
{
    (void)state;
    check_cells(MACHINE_STATEMENT, statement_cells, G_N_ELEMENTS(statement_cells));
}

static void test_concern(void **state)
{
    (void)state;
    check_cells(MACHINE_CONCERN, concern_cells, G_N_ELEMENTS(concern_cells));
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
    static const struct { int machine, asks; } others[] = { { MACHINE_DOSE, DOSE_REQUESTED }, { MACHINE_REFERRAL, REFERRAL_ASKED },
        { MACHINE_TRANSFER, TRANSFER_OFFERED }, { MACHINE_DROPOUT, DROPOUT_WOKEN }, { MACHINE_CONCERN, CONCERN_RAISED } };
    for (size_t m = 0; m < G_N_ELEMENTS(others); m++) {
        rows = machine_rows(others[m].machine, &count);
        for (size_t i = 0; i < count; i++)
            if (rows[i].next == others[m].asks && rows[i].state != others[m].asks)
                assert_true((rows[i].effects & EFFECT_START_ANSWER) != 0);
    }
}

/* A client who was taken on waits for somebody: there is always a clock until they were seen. */
static void test_taken_on_starts_a_clock(void **state)
{
    size_t count;
    const MachineRow *rows = machine_rows(MACHINE_REFERRAL, &count);
    (void)state;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].next == rows[i].state)
            continue;
        if (rows[i].next == REFERRAL_ACCEPTED)
            assert_true((rows[i].effects & EFFECT_START_BOOKING) != 0);
        if (rows[i].next == REFERRAL_BOOKED)
            assert_true((rows[i].effects & EFFECT_START_SEEN) != 0);
        if (rows[i].next == REFERRAL_MISSED)
            assert_true((rows[i].effects & EFFECT_START_ATTEMPT) != 0);
    }
}

/* FHIR R4 Task.status: its twelve codes, less those that never travel. */
static void test_task_status(void **state)
{
    static const char *const all = " requested received accepted rejected ready cancelled in-progress on-hold failed completed entered-in-error ";
    (void)state;
    for (int machine = MACHINE_NONE + 1; machine <= MACHINE_LAST; machine++) {
        size_t count;
        const MachineName *states = machine_states(machine, &count);
        for (size_t i = 0; i < count; i++) {
            g_autofree char *word = g_strdup_printf(" %s ", machine_task_status(machine, states[i].number));
            if (strstr(all, word) == NULL)
                fail_msg("%s has Task.status%s", states[i].name, word);
        }
    }
}

static void test_over_stops_every_clock(void **state)
{
    size_t count;
    const MachineRow *rows = machine_rows(MACHINE_RELEASE, &count);
    (void)state;
    for (size_t i = 0; i < count; i++) {
        bool waiting = rows[i].state == RELEASE_OPEN || rows[i].state == RELEASE_NAMED || rows[i].state == RELEASE_CANNOT;
        if (waiting && rows[i].next >= RELEASE_MET)
            assert_int_equal(rows[i].effects & ~(unsigned)EFFECT_RELEASE, EFFECT_STOP_ALL);
    }
}

static void test_unknown_numbers(void **state)
{
    size_t count = 1;
    (void)state;
    assert_null(machine_step(MACHINE_LAST + 1, 1, 1));
    assert_null(machine_step(MACHINE_NONE, 0, 1));
    assert_null(machine_state_name(MACHINE_DOSE, 99));
    assert_null(machine_event_name(199));
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
        cmocka_unit_test(test_referral),
        cmocka_unit_test(test_transfer),
        cmocka_unit_test(test_dropout),
        cmocka_unit_test(test_statement),
        cmocka_unit_test(test_concern),
        cmocka_unit_test(test_opening_starts_a_clock),
        cmocka_unit_test(test_taken_on_starts_a_clock),
        cmocka_unit_test(test_task_status),
        cmocka_unit_test(test_over_stops_every_clock),
        cmocka_unit_test(test_unknown_numbers),
        cmocka_unit_test(test_page),
    };
    return cmocka_run_group_tests_name("machine", tests, NULL, NULL);
}
