/* Lists, one after the other, against what was sent: with a client that is made of memory and can fail, or die, at any call.
 *
 * A failure with the act done is what a process sees that is killed behind it; afterwards everything is read again from notes. */
#include "unit.h"

#include "adapters/carat/known.h"
#include "adapters/carat/release.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>

/* ----- the client ----- */

struct TcClient {
    GHashTable *notes, *keys; /* name -> value; key -> id */
    GPtrArray *sent;          /* json_t * */
    int calls, fail_at;       /* which call fails; -1: none */
    bool after;               /* the act is done, and only its word is lost */
    const char *code;         /* of the failure */
};

static TcClient client;

static void client_begin(void)
{
    client = (TcClient){ .fail_at = -1, .code = "spool" };
    client.notes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    client.keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    client.sent = g_ptr_array_new_with_free_func((GDestroyNotify)json_decref);
}

static void client_end(void)
{
    g_hash_table_unref(client.notes);
    g_hash_table_unref(client.keys);
    g_ptr_array_unref(client.sent);
}

static bool client_fails(TcError *error)
{
    g_strlcpy(error->code, client.code, sizeof error->code);
    g_strlcpy(error->field, "parts.minimum.person.surname", sizeof error->field);
    return client.calls++ == client.fail_at;
}

bool tc_client_note_set(TcClient *self, const char *name, const char *value, TcError *error)
{
    bool fails = client_fails(error);
    if (fails && !self->after)
        return false;
    if (value == NULL)
        g_hash_table_remove(self->notes, name);
    else
        g_hash_table_insert(self->notes, g_strdup(name), g_strdup(value));
    return !fails;
}

char *tc_client_note_get(TcClient *self, const char *name)
{
    const char *value = g_hash_table_lookup(self->notes, name);
    return value != NULL ? strdup(value) : NULL;
}

bool tc_client_send(TcClient *self, const json_t *message, const char *key, char id[37], TcError *error)
{
    bool fails = client_fails(error);
    if (fails && !self->after)
        return false;
    const char *known = g_hash_table_lookup(self->keys, key);
    if (known == NULL) {
        g_ptr_array_add(self->sent, json_deep_copy(message));
        g_hash_table_insert(self->keys, g_strdup(key), g_strdup_printf("00000000-0000-7000-8000-%012u", self->sent->len));
        known = g_hash_table_lookup(self->keys, key);
    }
    g_strlcpy(id, known, 37);
    return !fails;
}

/* ----- a prison ----- */

typedef struct Prison {
    ListFolders folders;
    char *root;
    Config config;
    Release release;
} Prison;

static void prison_people(Prison *prison)
{
    TcError error;
    people_free(prison->release.people);
    prison->release.people = people_open(&client, &error);
    assert_non_null(prison->release.people);
}

static int prison_begin(void **state)
{
    static const char directory[] = "{\"areas\":[{\"code\":\"northmoor\",\"spoc\":\"n-spoc\"}],\"services\":["
                                    "{\"id\":\"n-cjip\",\"kind\":\"cjip\",\"area\":\"northmoor\"}]}";
    Prison *prison = g_new0(Prison, 1);
    client_begin();
    prison->root = g_dir_make_tmp("tc-carat-XXXXXX", NULL);
    prison->folders = (ListFolders){ g_build_filename(prison->root, "in", NULL), g_build_filename(prison->root, "done", NULL),
                                     g_build_filename(prison->root, "rejected", NULL), g_build_filename(prison->root, "answers", NULL) };
    char *folders[] = { prison->folders.in, prison->folders.done, prison->folders.rejected, prison->folders.answers };
    for (size_t i = 0; i < 4; i++)
        g_assert(g_mkdir(folders[i], 0700) == 0);
    prison->config = (Config){ .whole_list = true, .team = { "", "", "", "" }, .teams = g_hash_table_new(g_str_hash, g_str_equal) };
    prison->release = (Release){ .client = &client, .config = &prison->config, .directory = json_loads(directory, 0, NULL),
                                 .area = "northmoor", .prison = "oakdale" };
    prison_people(prison);
    *state = prison;
    return 0;
}

static void folder_remove(const char *path)
{
    GDir *dir = g_dir_open(path, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        if (g_remove(file) != 0)
            folder_remove(file);
    }
    g_dir_close(dir);
    g_rmdir(path);
}

static int prison_end(void **state)
{
    Prison *prison = *state;
    people_free(prison->release.people);
    json_decref(prison->release.directory);
    g_hash_table_unref(prison->config.teams);
    folder_remove(prison->root);
    g_free(prison->folders.in);
    g_free(prison->folders.done);
    g_free(prison->folders.rejected);
    g_free(prison->folders.answers);
    g_free(prison->root);
    g_free(prison);
    client_end();
    return 0;
}

#define HEAD "surname,first_name,date_of_birth,sex,prison_number,certainty,route,expected_date,meet_asked,area,area_certainty," \
             "withdrawal_reason,reception_date,note,meeting\n"
#define ROW(number, certainty, day, reason, received, note) \
    "Mercer,John,1997-03-14,1," number "," certainty ",bail," day ",yes,northmoor,confirmed," reason "," received "," note ",\n"
#define MET(outcome) "Mercer,John,1997-03-14,1,A1234BC,likely,bail,2026-11-24,yes,northmoor,confirmed,,,," outcome "\n"
#define JOHN ROW("A1234BC", "likely", "2026-11-24", "", "", "")
#define JANE ROW("B2345CD", "planned", "2026-12-01", "", "", "")
#define TODAY "2026-11-10"

static void put(Prison *prison, const char *text)
{
    g_autofree char *path = g_build_filename(prison->folders.in, "list.csv", NULL);
    assert_true(g_file_set_contents(path, text, -1, NULL));
}

static bool waits(Prison *prison)
{
    g_autofree char *path = g_build_filename(prison->folders.in, "list.csv", NULL);
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static ListRow flow_row(void *ctx, const Row *row, const char *label, const char **column, char **why)
{
    return release_row(&((Prison *)ctx)->release, row, label, column, why);
}

static char *flow_key(void *ctx, const Row *row)
{
    (void)ctx;
    return row_person(row);
}

static bool flow_missing(void *ctx, GHashTable *listed, guint *missing, char **why)
{
    return release_missing(&((Prison *)ctx)->release, listed, TODAY, missing, why);
}

/* Works on the list until it is done or something fails. */
static ListCounts work(Prison *prison)
{
    g_autofree char *why = NULL;
    ListCounts counts = { 0 };
    static const size_t who[] = { COLUMN_PRISON_NUMBER, COLUMN_DATE_OF_BIRTH };
    const ListWork work = { .table = &row_table, .key = flow_key, .key_columns = who, .key_count = G_N_ELEMENTS(who), .digest = row_digest,
                            .empty = "the list has columns and no rows: an empty list is never taken for \"nobody comes out\"", .row = flow_row, .missing = flow_missing, .ctx = prison };
    List *list = list_open(&work, &prison->folders, "list.csv", &why);
    assert_non_null(list);
    while (list_step(list, &why) == LIST_MORE)
        continue;
    counts = list_counts(list);
    list_free(list);
    return counts;
}

static ListCounts drop(Prison *prison, const char *text)
{
    put(prison, text);
    ListCounts counts = work(prison);
    assert_false(waits(prison));
    return counts;
}

static char *rejected(Prison *prison)
{
    g_autofree char *path = g_build_filename(prison->folders.rejected, "list.rejects.csv", NULL);
    char *text = NULL;
    g_file_get_contents(path, &text, NULL, NULL);
    return text;
}

static const char *sent_text(guint i, const char *group, const char *member)
{
    const json_t *message = client.sent->pdata[i];
    return json_string_value(json_object_get(group != NULL ? json_object_get(message, group) : message, member));
}

static const Person *only_person(Prison *prison)
{
    assert_int_equal(people_all(prison->release.people)->len, 1);
    return people_all(prison->release.people)->pdata[0];
}

/* ----- tests ----- */

static void test_changes(void **state)
{
    Prison *prison = *state;
    assert_int_equal(drop(prison, HEAD JOHN).sent, 1);
    assert_null(sent_text(0, NULL, "supersedes"));
    assert_string_equal(sent_text(0, NULL, "recipient"), "n-cjip");
    assert_int_equal(drop(prison, HEAD JOHN).same, 1);
    assert_int_equal(client.sent->len, 1);

    /* There, and back again: three versions of one conversation. */
    assert_int_equal(drop(prison, HEAD ROW("A1234BC", "likely", "2026-11-23", "", "", "")).sent, 1);
    assert_int_equal(drop(prison, HEAD JOHN).sent, 1);
    assert_int_equal(client.sent->len, 3);
    assert_string_equal(sent_text(1, NULL, "conversation"), "00000000-0000-7000-8000-000000000001");
    assert_string_equal(sent_text(1, NULL, "supersedes"), "00000000-0000-7000-8000-000000000001");
    assert_string_equal(sent_text(2, NULL, "supersedes"), "00000000-0000-7000-8000-000000000002");

    assert_int_equal(drop(prison, HEAD ROW("A1234BC", "withdrawn", "2026-11-24", "remanded", "", "")).sent, 1);
    assert_string_equal(sent_text(3, "release", "withdrawal_reason"), "remanded");
    assert_int_equal(drop(prison, HEAD JOHN).sent, 1);
    assert_non_null(sent_text(4, NULL, "conversation"));
    /* Out, in again, and out again. */
    assert_int_equal(drop(prison, HEAD ROW("A1234BC", "happened", "2026-11-24", "", "", "")).sent, 1);
    assert_non_null(sent_text(5, NULL, "conversation"));
    assert_int_equal(drop(prison, HEAD ROW("A1234BC", "planned", "2027-05-01", "", "2027-01-05", "")).sent, 1);
    assert_null(sent_text(6, NULL, "conversation"));
}

static void test_over(void **state)
{
    Prison *prison = *state;
    drop(prison, HEAD JOHN);
    Person *person = people_all(prison->release.people)->pdata[0];
    person_set(&person->over, "2026-11-24");
    drop(prison, HEAD ROW("A1234BC", "likely", "2026-11-24", "", "", "met"));
    assert_non_null(sent_text(1, NULL, "conversation"));
    drop(prison, HEAD ROW("A1234BC", "likely", "2027-06-01", "", "", ""));
    assert_null(sent_text(2, NULL, "conversation"));
    assert_null(person->over);
}

/* Somebody from the prison was there: a report, once, and no amendment. */
static void test_meeting(void **state)
{
    Prison *prison = *state;
    drop(prison, HEAD JOHN);
    assert_int_equal(drop(prison, HEAD MET("no_show")).sent, 1);
    assert_int_equal(drop(prison, HEAD MET("no_show")).same, 1);
    assert_int_equal(drop(prison, HEAD MET("met")).sent, 1);
    assert_int_equal(drop(prison, HEAD MET("no_show")).sent, 1);
    assert_int_equal(client.sent->len, 4);
    assert_string_equal(sent_text(2, NULL, "kind"), "meeting_report");
    assert_string_equal(sent_text(2, NULL, "in_reply_to"), "00000000-0000-7000-8000-000000000001");
    assert_string_equal(sent_text(2, "meeting", "outcome"), "met");
    /* Released and met on one list: both. */
    assert_int_equal(drop(prison, HEAD JOHN "Ashby,,1999-06-02,2,A2345CD,happened,bail,2026-11-24,yes,northmoor,confirmed,,,,met\n").sent, 1);
    assert_int_equal(client.sent->len, 6);
}

static void test_recalled(void **state)
{
    Prison *prison = *state;
    drop(prison, HEAD JOHN);
    person_set(&((Person *)only_person(prison))->certainty, PERSON_RECALLED);
    assert_int_equal(drop(prison, HEAD JOHN).same, 1);
    assert_int_equal(drop(prison, HEAD ROW("A1234BC", "likely", "2026-11-24", "", "", "changed")).sent, 1);
    assert_null(sent_text(1, NULL, "conversation"));
}

static void test_rejects(void **state)
{
    Prison *prison = *state;
    ListCounts counts = drop(prison, HEAD JOHN ROW("A12", "likely", "soon", "", "", "") "a,b\n"
                                     ROW("C3456DE", "withdrawn", "2026-12-01", "remanded", "", "") JANE);
    assert_int_equal(counts.sent, 2);
    assert_int_equal(counts.rejects, 4);
    g_autofree char *text = rejected(prison);
    assert_non_null(strstr(text, "\"3\",\"Mercer, A12\",\"prison_number\",\"A12\""));
    assert_non_null(strstr(text, "\"3\",\"Mercer, A12\",\"expected_date\",\"soon\""));
    assert_non_null(strstr(text, "\"4\",\"\",\"\",\"a,b\",\"has 2 fields"));
    assert_non_null(strstr(text, "\"5\",\"Mercer, C3456DE\",\"certainty\",\"withdrawn\",\"nothing was sent about this person"));
    drop(prison, HEAD JOHN JANE);
    assert_null(rejected(prison));
}

static void test_whole_refused(void **state)
{
    static const struct { const char *text, *why; } table[] = {
        { "surname,shoe_size\nMercer,9\n", "shoe_size" },
        { "surname\nMercer\n", "first_name" },
        { HEAD, "no rows" },
        { "", "empty" },
    };
    Prison *prison = *state;
    drop(prison, HEAD JOHN);
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        ListCounts counts = drop(prison, table[i].text);
        assert_true(counts.whole);
        assert_int_equal(counts.missing, 0);
        g_autofree char *text = rejected(prison);
        if (strstr(text, table[i].why) == NULL || strstr(text, "\"the whole file\"") == NULL)
            fail_msg("case %zu: %s", i, text);
    }
    assert_int_equal(client.sent->len, 1);
}

static void test_doubles(void **state)
{
    Prison *prison = *state;
    ListCounts counts = drop(prison, HEAD JOHN JANE JOHN);
    assert_int_equal(counts.sent, 2);
    assert_int_equal(counts.rejects, 0);
    counts = drop(prison, HEAD JOHN JANE ROW("A1234BC", "planned", "2026-11-25", "", "", ""));
    assert_int_equal(counts.sent, 0);
    assert_int_equal(counts.rejects, 2);
    assert_int_equal(counts.missing, 0);
}

static void test_missing(void **state)
{
    Prison *prison = *state;
    drop(prison, HEAD JOHN JANE);
    assert_int_equal(drop(prison, HEAD JANE).missing, 1);
    assert_int_equal(client.sent->len, 2);
    prison_people(prison);
    const Person *person = people_of(prison->release.people, "00000000-0000-7000-8000-000000000001");
    assert_string_equal(person->asked, TODAY);
    assert_int_equal(drop(prison, HEAD JOHN JANE).missing, 0);
    assert_null(person->asked);
    /* A row that is wrong is not a person who is missing; a row that nobody can read makes the list less than whole. */
    assert_int_equal(drop(prison, HEAD JANE ROW("A1234BC", "likely", "soon", "", "", "")).missing, 0);
    assert_int_equal(drop(prison, HEAD JANE "x\n").missing, 0);
    assert_null(person->asked);
    /* Released yesterday, or withdrawn: not missing. */
    drop(prison, HEAD JANE ROW("A1234BC", "withdrawn", "2026-11-24", "remanded", "", ""));
    assert_int_equal(drop(prison, HEAD JANE).missing, 0);
    prison->config.whole_list = false;
    assert_int_equal(drop(prison, HEAD JOHN).missing, 0);
}

static void test_refused_by_sdk(void **state)
{
    Prison *prison = *state;
    client.code = "too_long";
    client.fail_at = 2; /* the send */
    assert_int_equal(drop(prison, HEAD JOHN JANE).sent, 1);
    g_autofree char *text = rejected(prison);
    assert_non_null(strstr(text, "\"2\",\"Mercer, A1234BC\",\"surname\""));
    client.fail_at = -1;
    assert_int_equal(drop(prison, HEAD JOHN JANE).sent, 1);
    assert_int_equal(client.sent->len, 2);
}

/* Dies at every call in turn, before or behind the act; the list is read again, and in the end every change was sent once. */
static void die_everywhere(Prison *prison, bool after)
{
    bool died = true;
    for (int call = 0; died; call++) {
        g_hash_table_remove_all(client.notes);
        g_hash_table_remove_all(client.keys);
        g_ptr_array_set_size(client.sent, 0);
        client.fail_at = -1;
        prison_people(prison);
        drop(prison, HEAD JOHN);
        client.calls = 0;
        client.after = after;
        client.fail_at = call;
        put(prison, HEAD "Mercer,John,1997-03-14,1,A1234BC,happened,bail,2026-11-23,yes,northmoor,confirmed,,,,met\n"
                         JANE ROW("C3456DE", "planned", "2026-12-02", "", "", ""));
        work(prison);
        died = waits(prison);
        client.fail_at = -1;
        prison_people(prison);
        if (died)
            work(prison);
        assert_false(waits(prison));
        if (client.sent->len != 5)
            fail_msg("dying at call %d, %s the act, sent %u messages", call, after ? "behind" : "before", client.sent->len);
        assert_string_equal(sent_text(1, NULL, "supersedes"), "00000000-0000-7000-8000-000000000001");
        assert_int_equal(people_all(prison->release.people)->len, 3);
    }
    assert_true(client.calls > 8);
}

static void test_dies_before(void **state)
{
    die_everywhere(*state, false);
}

static void test_dies_behind(void **state)
{
    die_everywhere(*state, true);
}

/* Dies behind the send, and the list is not the same when it is read again: the last word is what stands, in one conversation. */
static void test_dies_and_list_changes(void **state)
{
    Prison *prison = *state;
    client.after = true;
    client.fail_at = 2;
    put(prison, HEAD JOHN);
    work(prison);
    assert_true(waits(prison));
    client.fail_at = -1;
    prison_people(prison);
    drop(prison, HEAD ROW("A1234BC", "likely", "2026-11-23", "", "", ""));
    assert_int_equal(client.sent->len, 2);
    assert_string_equal(sent_text(1, NULL, "conversation"), "00000000-0000-7000-8000-000000000001");
    assert_string_equal(sent_text(1, "release", "expected_date"), "2026-11-23");
    assert_int_equal(drop(prison, HEAD ROW("A1234BC", "likely", "2026-11-23", "", "", "")).same, 1);
}

static void test_people(void **state)
{
    Prison *prison = *state;
    TcError error;
    drop(prison, HEAD JOHN);
    assert_true(people_forget(prison->release.people, (Person *)only_person(prison), &error));
    assert_null(people_of(prison->release.people, "00000000-0000-7000-8000-000000000001"));
    drop(prison, HEAD JANE);
    prison_people(prison);
    assert_int_equal(only_person(prison)->slot, 1);
    GHashTableIter iter;
    void *note;
    g_hash_table_iter_init(&iter, client.notes);
    while (g_hash_table_iter_next(&iter, NULL, &note))
        assert_null(strstr(note, "Mercer"));
}

/* ----- what is known ----- */

#define ROWS(state, ...) "[" __VA_ARGS__ "]", state
#define SENT(id, delivery, certainty) "{\"row\":\"message\",\"kind\":\"release_notification\",\"id\":\"" id "\",\"delivery_state\":\"" \
    delivery "\",\"created_at\":\"2026-11-23T16:00:0" id "Z\",\"release\":{\"certainty\":\"" certainty "\",\"expected_date\":" \
    "\"2026-11-24\",\"meet_asked\":\"yes\",\"withdrawal_reason\":\"still_held\"}}"
#define STEP(step, message) ",{\"row\":\"evidence\",\"step\":\"" step "\",\"message\":\"" message "\",\"at\":\"2026-11-23T16:05:00Z\"}"
#define SAID(reply) ",{\"row\":\"message\",\"kind\":\"release_answer\",\"id\":\"a\",\"created_at\":\"2026-11-23T16:00:05Z\"," \
    "\"release_answer\":{\"reply\":\"" reply "\",\"named_worker\":\"w-017\",\"reason\":\"out_of_area\"}}"
#define REPORT(outcome) ",{\"row\":\"message\",\"kind\":\"meeting_report\",\"id\":\"r\",\"created_at\":\"2026-11-25T10:10:00Z\"," \
    "\"meeting\":{\"outcome\":\"" outcome "\"}}"
#define FIRST SENT("1", "accepted", "likely")
#define NAMED "Somebody is named and will meet him: Sam Okafor, 07700 900123."

static json_t *open_one(void *ctx, const char *message)
{
    (void)ctx;
    assert_string_equal(message, "a");
    return json_loads("{\"parts\":{\"minimum\":{\"worker\":{\"name\":\"Sam Okafor\",\"phone\":\"07700 900123\"}}}}", 0, NULL);
}

static Known *known_of(const char *rows, const char *state, const char *sex)
{
    size_t i;
    json_t *row, *conversation = json_loads(rows, 0, NULL);
    assert_non_null(conversation);
    json_array_foreach(conversation, i, row)
        json_object_set_new(row, "state", json_string(state));
    Known *known = known_read(conversation, open_one, NULL, "N CJIP", sex);
    json_decref(conversation);
    return known;
}

static void test_known(void **state)
{
    static const struct { const char *rows, *state, *text; } table[] = {
        { ROWS("open", SENT("1", "waiting", "likely")), "Waiting here to be sent: no broker has taken it yet." },
        { ROWS("open", FIRST), "Sent, and not yet delivered to N CJIP. Nobody is named yet." },
        { ROWS("open", FIRST STEP("held", "1")), "Delivered to N CJIP (23 Nov 2026 16:05), not opened yet. Nobody is named yet." },
        { ROWS("open", FIRST STEP("opened", "1") STEP("held", "1")), "Opened at N CJIP (23 Nov 2026 16:05). Nobody is named yet." },
        { ROWS("open", FIRST STEP("held", "1") STEP("told", "1")), "Delivered to N CJIP (23 Nov 2026 16:05), not opened yet. Nobody is "
          "named yet. Their single point of contact has been told (23 Nov 2026 16:05)." },
        { ROWS("open", FIRST STEP("nobody_told", "1")), "Sent, and not yet delivered to N CJIP. Nobody is named yet. Nobody there could "
          "be told: telephone N CJIP." },
        { ROWS("open", FIRST "," SENT("2", "refused", "likely") STEP("held", "1")), "Delivered to N CJIP (23 Nov 2026 16:05), not opened "
          "yet. Nobody is named yet." },
        { ROWS("named", FIRST SAID("will")), NAMED },
        { ROWS("named", FIRST SAID("cannot") SAID("other_worker")), NAMED },
        { ROWS("named", FIRST SAID("will") "," SENT("9", "accepted", "likely")), NAMED " What changed since has not been opened there yet." },
        { ROWS("named", FIRST SAID("will") "," SENT("9", "accepted", "likely") STEP("opened", "9")), NAMED },
        { ROWS("cannot", FIRST SAID("cannot")), "N CJIP cannot meet him (out of area). The single point of contact is being told." },
        { ROWS("cannot", FIRST SAID("cannot") STEP("told", "1")), "N CJIP cannot meet him (out of area). The single point of contact has "
          "been told and has it now." },
        { ROWS("met", FIRST SAID("will") REPORT("met")), "Met: somebody was with him." },
        { ROWS("not_met", FIRST SAID("will") REPORT("no_show")), "Did not come to the meeting." },
        { ROWS("held_again", FIRST REPORT("gate_arrest")), "Arrested at the gate." },
        { ROWS("declined", FIRST REPORT("declined")), "Does not want to be met." },
        { ROWS("open", FIRST REPORT("no_show") "," SENT("9", "accepted", "likely")), "Sent, and not yet delivered to N CJIP. Nobody is named yet." },
        { ROWS("withdrawn", FIRST SAID("will") "," SENT("9", "accepted", "withdrawn")), "Withdrawn by you (still held)." },
        { ROWS("recalled", FIRST), "Taken back." },
        { ROWS("", ""), "Waiting here to be sent: no broker has taken it yet." },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(Known) known = known_of(table[i].rows, table[i].state, "male");
        if (strcmp(known->text, table[i].text) != 0)
            fail_msg("case %zu: %s", i, known->text);
    }
    g_autoptr(Known) her = known_of("[" FIRST SAID("will") "]", "named", "female");
    g_autoptr(Known) them = known_of("[" FIRST SAID("will") "]", "named", "");
    assert_non_null(strstr(her->text, "will meet her: Sam"));
    assert_non_null(strstr(them->text, "will meet them: Sam"));
    assert_string_equal(her->when, "23 Nov 2026 16:00");
}

static void test_standing(void **state)
{
    static const struct { const char *rows, *state, *standing, *refused, *over; bool waiting; } table[] = {
        { ROWS("open", SENT("1", "waiting", "likely")), "1", NULL, NULL, true },
        { ROWS("open", FIRST), "1", NULL, NULL, false },
        { ROWS("open", FIRST "," SENT("2", "waiting", "likely")), "2", NULL, NULL, true },
        { ROWS("open", FIRST "," SENT("2", "refused", "likely")), "1", "2", NULL, false },
        { ROWS("", SENT("1", "expired", "likely")), NULL, "1", NULL, false },
        { ROWS("met", FIRST REPORT("met")), "1", NULL, "2026-11-25", false },
        { ROWS("not_met", FIRST REPORT("no_show")), "1", NULL, NULL, false },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(Known) known = known_of(table[i].rows, table[i].state, "");
        if (g_strcmp0(known->standing, table[i].standing) != 0 || g_strcmp0(known->refused, table[i].refused) != 0
            || g_strcmp0(known->over, table[i].over) != 0 || known->waiting != table[i].waiting)
            fail_msg("case %zu: %s, %s, %s, %d", i, known->standing, known->refused, known->over, known->waiting);
    }
}

static void test_summer_time(void **state)
{
    g_autofree char *summer = known_time("2026-07-01T12:00:00Z"), *winter = known_time("2026-12-01T12:00:00Z"), *none = known_time("x");
    (void)state;
    assert_string_equal(summer, "1 Jul 2026 13:00");
    assert_string_equal(winter, "1 Dec 2026 12:00");
    assert_string_equal(none, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_changes, prison_begin, prison_end),
        cmocka_unit_test_setup_teardown(test_over, prison_begin, prison_end),
        cmocka_unit_test_setup_teardown(test_recalled, prison_begin, prison_end),
        cmocka_unit_test_setup_teardown(test_meeting, prison_begin, prison_end),
        cmocka_unit_test_setup_teardown(test_rejects, prison_begin, prison_end),
        cmocka_unit_test_setup_teardown(test_whole_refused, prison_begin, prison_end),
        cmocka_unit_test_setup_teardown(test_doubles, prison_begin, prison_end),
        cmocka_unit_test_setup_teardown(test_missing, prison_begin, prison_end),
        cmocka_unit_test_setup_teardown(test_refused_by_sdk, prison_begin, prison_end),
        cmocka_unit_test_setup_teardown(test_dies_before, prison_begin, prison_end),
        cmocka_unit_test_setup_teardown(test_dies_behind, prison_begin, prison_end),
        cmocka_unit_test_setup_teardown(test_dies_and_list_changes, prison_begin, prison_end),
        cmocka_unit_test_setup_teardown(test_people, prison_begin, prison_end),
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_standing),
        cmocka_unit_test(test_summer_time),
    };
    return cmocka_run_group_tests_name("carat_flow", tests, NULL, NULL);
}
