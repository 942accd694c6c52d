/* From frames to plain structs: what a good one becomes, which rule of shape refuses a bad one, and whose word a burst is. */
#include "unit.h"

#include "broker/decode_item.h"
#include "submit.h"

static const uint8_t token_key[DECODE_TOKEN_KEY_LEN] = { 9, 9, 9 };

static FrameIn *decode(GBytes *bytes)
{
    TcProblem problem;
    FrameIn *frame = decode_frame(bytes, token_key, &problem);
    if (frame == NULL)
        fail_msg("%s %s", tc_errors_name(problem.code), problem.field);
    return frame;
}

static FrameIn *decode_drafts(Draft *drafts, size_t count)
{
    Tc__Item *items[SUBMIT_MAX];
    g_autoptr(TcDirectory) directory = world_directory();
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
    for (size_t i = 0; i < count; i++) {
        draft_pack(&drafts[i], keep);
        items[i] = &drafts[i].item;
    }
    g_autoptr(GBytes) bytes = submit_pack(items, count, "carat", directory);
    return decode(bytes);
}

/* ---- Frames ---- */

static GBytes *frame_bytes(const Tc__Frame *frame)
{
    return g_byte_array_free_to_bytes(sample_pack(&frame->base));
}

static void test_hello(void **state)
{
    Tc__Frame frame = TC__FRAME__INIT;
    Tc__Hello hello = TC__HELLO__INIT;
    (void)state;
    hello.version_min = hello.version_max = 1;
    hello.service = (char *)"cjip";
    hello.station = (char *)"desk";
    hello.held = 7;
    hello.credit = 64;
    hello.directory_serial = 3;
    frame.hello = &hello;
    g_autoptr(GBytes) bytes = frame_bytes(&frame);
    g_autoptr(FrameIn) in = decode(bytes);
    assert_int_equal(in->kind, FRAME_HELLO);
    assert_string_equal(in->hello.service, "cjip");
    assert_string_equal(in->hello.software, "");
    assert_int_equal(in->hello.held, 7);
    assert_int_equal(in->hello.credit, 64);
}

static void test_query(void **state)
{
    Tc__Frame frame = TC__FRAME__INIT;
    Tc__Query query = TC__QUERY__INIT;
    (void)state;
    query.id = 5;
    query.type = TC__QUERY_TYPE__CODE__TRACE;
    query.has_conversation = true;
    query.conversation = sample_bytes(sample_16, 16);
    frame.query = &query;
    g_autoptr(GBytes) bytes = frame_bytes(&frame);
    g_autoptr(FrameIn) in = decode(bytes);
    assert_int_equal(in->kind, FRAME_QUERY);
    assert_int_equal(in->query.type, QUERY_TRACE);
    assert_memory_equal(in->query.conversation.b, sample_16, 16);
}

static void assert_fault(GBytes *bytes, TcCode code, const char *field)
{
    TcProblem problem;
    assert_null(decode_frame(bytes, token_key, &problem));
    assert_int_equal(problem.code, code);
    assert_string_equal(problem.field, field);
}

static void test_faults(void **state)
{
    Tc__Frame frame = TC__FRAME__INIT;
    Tc__Fault fault = TC__FAULT__INIT;
    Tc__Submit submit = TC__SUBMIT__INIT;
    (void)state;
    g_autoptr(GBytes) noise = g_bytes_new_static("\xff\xff\xff", 3);
    assert_fault(noise, TC_CODE_MALFORMED, "");
    g_autoptr(GBytes) nothing = g_bytes_new_static("", 0);
    assert_fault(nothing, TC_CODE_MALFORMED, "");
    fault.code = 100;
    frame.fault = &fault;
    g_autoptr(GBytes) brokers = frame_bytes(&frame);
    assert_fault(brokers, TC_CODE_MALFORMED, "");
    frame.fault = NULL;
    submit.signature = sample_bytes(sample_64, 64);
    frame.submit = &submit;
    g_autoptr(GBytes) empty = frame_bytes(&frame);
    assert_fault(empty, TC_CODE_MISSING_FIELD, "submit.items");
    g_autofree uint8_t *zeros = g_malloc0(DECODE_MAX_FRAME + 1);
    g_autoptr(GBytes) large = g_bytes_new(zeros, DECODE_MAX_FRAME + 1);
    assert_fault(large, TC_CODE_TOO_LARGE, "");
}

/* ---- Envelopes ---- */

static void test_kinds(void **state)
{
    static const int kinds[] = { KIND_RELEASE_NOTIFICATION, KIND_RELEASE_ANSWER, KIND_MEETING_REPORT,
                                 KIND_DOSE_REQUEST, KIND_DOSE_ANSWER, KIND_RECALL };
    Draft drafts[G_N_ELEMENTS(kinds)];
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        draft_init(&drafts[i], kinds[i]);
    g_autoptr(FrameIn) frame = decode_drafts(drafts, G_N_ELEMENTS(kinds));
    assert_int_equal(frame->submit.count, G_N_ELEMENTS(kinds));
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        const ItemIn *in = &frame->submit.items[i];
        if (in->refusal.code != 0)
            fail_msg("kind %d: %s %s", kinds[i], tc_errors_name((uint32_t)in->refusal.code), in->refusal.field);
        assert_int_equal(in->item.kind, ITEM_MESSAGE);
        assert_int_equal(in->item.message.kind, kinds[i]);
        assert_string_equal(in->item.message.sender, "carat");
        assert_memory_equal(in->item.message.id.b, drafts[i].id, 16);
    }
    assert_string_equal(frame->submit.items[0].item.message.group.release.prison, "LEI");
    assert_string_equal(frame->submit.items[1].item.message.group.release_answer.named_worker, "w-1");
    assert_int_equal(frame->submit.items[2].item.message.group.meeting.outcome, OUTCOME_MET);
    assert_int_equal(frame->submit.items[3].item.message.due_at, WORLD_NOW + WORLD_HOUR);
    assert_int_equal(frame->submit.items[4].item.message.part_count, 2);
    assert_null(frame->submit.items[5].item.message.content.data);
}

static void no_recipient(Draft *d) { d->header.recipient = NULL; }
static void no_prison(Draft *d) { d->release.prison = (char *)""; }
static void bad_day(Draft *d) { d->release.expected_date = (char *)"2026-02-30"; }
static void bad_utf8(Draft *d) { d->header.worker = (char *)"w\xff"; }
static void unknown_route(Draft *d) { d->release.route = (Tc__Route__Code)99; }
static void no_group(Draft *d) { d->header.release = NULL; }
static void other_group(Draft *d) { d->header.release = NULL; d->header.meeting = &d->meeting; }
static void two_groups(Draft *d) { d->header.meeting = &d->meeting; }
static void replies(Draft *d) { d->header.has_in_reply_to = true; }
static void supersedes_nothing(Draft *d) { d->header.has_supersedes = true; d->header.supersedes = sample_bytes(sample_16, 16); }
static void amends_without(Draft *d) { d->header.conversation = sample_bytes(sample_16, 16); }
static void withdrawn_first(Draft *d)
{
    d->release.certainty = TC__CERTAINTY__CODE__WITHDRAWN;
    d->release.has_withdrawal_reason = true;
}
static void withdrawn_why(Draft *d) { d->release.certainty = TC__CERTAINTY__CODE__WITHDRAWN; }
static void reason_for_nothing(Draft *d) { d->release.has_withdrawal_reason = true; }
static void wrong_digest(Draft *d) { d->keep_digest = true; }
static void part_missing_in_content(Draft *d) { draft_part(d, PART_RISK); d->content.n_parts = 1; }
static void part_missing_in_header(Draft *d) { draft_part(d, PART_RISK); d->header.n_parts = 1; }
static void part_twice(Draft *d) { draft_part(d, PART_MINIMUM); }
static void no_minimum(Draft *d) { d->header.n_parts = d->content.n_parts = 0; draft_part(d, PART_RISK); }
static void no_content(Draft *d) { d->item.has_content = false; }
static void tokens_without_salt(Draft *d) { draft_tokens(d); d->item.has_token_salt = false; }
static void tokens_without_digest(Draft *d) { draft_tokens(d); d->header.has_tokens_digest = false; }
static void digest_without_tokens(Draft *d) { draft_tokens(d); d->item.n_tokens = 0; }
static void other_tokens(Draft *d) { draft_tokens(d); d->keep_tokens = true; }
static void answer_unnamed(Draft *d) { d->release_answer.named_worker = NULL; }
static void cannot_without_reason(Draft *d) { d->release_answer.reply = TC__RELEASE_REPLY__CODE__CANNOT; d->release_answer.named_worker = NULL; }
static void cannot_named(Draft *d) { d->release_answer.reply = TC__RELEASE_REPLY__CODE__CANNOT; d->release_answer.has_reason = true; }
static void named_without_part(Draft *d) { d->header.n_parts = 0; d->item.has_content = false; }
static void starts_itself(Draft *d) { d->header.conversation = d->header.id; }
static void replies_to_nothing(Draft *d) { d->header.has_in_reply_to = false; }
static void dose_never_due(Draft *d) { d->header.has_due_at = false; }
static void dose_with_risk(Draft *d) { draft_part(d, PART_RISK); }
static void dose_with_clinical(Draft *d) { draft_part(d, PART_CLINICAL); }
static void confirmed_forever(Draft *d) { d->dose_answer.has_valid_until_at = false; }
static void confirmed_moved(Draft *d) { d->dose_answer.moved_to = (char *)"LEI"; }
static void moved_nowhere(Draft *d)
{
    d->dose_answer.reply = TC__DOSE_REPLY__CODE__MOVED_TO;
    d->dose_answer.has_valid_until_at = false;
}
static void not_ours_clinical(Draft *d) { d->dose_answer.reply = TC__DOSE_REPLY__CODE__NOT_OURS; d->dose_answer.has_valid_until_at = false; }
static void confirmed_without_clinical(Draft *d) { d->header.n_parts = d->content.n_parts = 1; }
static void recall_with_content(Draft *d) { draft_part(d, PART_MINIMUM); d->item.has_content = true; }
static void recall_with_empty_content(Draft *d) { d->item.has_content = true; draft_part(d, PART_RISK); d->header.n_parts = 0; }
static void recall_with_group(Draft *d) { d->header.release = &d->release; }

static void test_shape(void **state)
{
    enum { R = KIND_RELEASE_NOTIFICATION, A = KIND_RELEASE_ANSWER, M = KIND_MEETING_REPORT, Q = KIND_DOSE_REQUEST,
           D = KIND_DOSE_ANSWER, X = KIND_RECALL };
    static const struct { int kind; void (*spoil)(Draft *); int code; const char *field; } table[] = {
        { R, no_recipient, TC_CODE_MISSING_FIELD, "header.recipient" },
        { R, no_prison, TC_CODE_MISSING_FIELD, "header.release.prison" },
        { R, bad_day, TC_CODE_BAD_DATE, "header.release.expected_date" },
        { R, bad_utf8, TC_CODE_BAD_TEXT, "header.worker" },
        { R, unknown_route, TC_CODE_UNKNOWN_CODE, "header.release.route" },
        { R, no_group, TC_CODE_WRONG_GROUP, "header" },
        { R, other_group, TC_CODE_WRONG_GROUP, "header" },
        { R, two_groups, TC_CODE_WRONG_GROUP, "header" },
        { R, replies, TC_CODE_SURPLUS_FIELD, "header.in_reply_to" },
        { R, supersedes_nothing, TC_CODE_SURPLUS_FIELD, "header.supersedes" },
        { R, amends_without, TC_CODE_MISSING_FIELD, "header.supersedes" },
        { R, withdrawn_first, TC_CODE_MISSING_FIELD, "header.supersedes" },
        { R, withdrawn_why, TC_CODE_MISSING_FIELD, "header.release.withdrawal_reason" },
        { R, reason_for_nothing, TC_CODE_SURPLUS_FIELD, "header.release.withdrawal_reason" },
        { R, wrong_digest, TC_CODE_WRONG_DIGEST, "header.content_digest" },
        { R, part_missing_in_content, TC_CODE_WRONG_PARTS, "item.content" },
        { R, part_missing_in_header, TC_CODE_WRONG_PARTS, "item.content" },
        { R, part_twice, TC_CODE_WRONG_PARTS, "header.parts" },
        { R, no_minimum, TC_CODE_WRONG_PARTS, "header.parts" },
        { R, no_content, TC_CODE_WRONG_PARTS, "item.content" },
        { R, tokens_without_salt, TC_CODE_WRONG_TOKENS, "header.tokens_digest" },
        { R, tokens_without_digest, TC_CODE_WRONG_TOKENS, "header.tokens_digest" },
        { R, digest_without_tokens, TC_CODE_WRONG_TOKENS, "header.tokens_digest" },
        { R, other_tokens, TC_CODE_WRONG_TOKENS, "header.tokens_digest" },
        { A, answer_unnamed, TC_CODE_MISSING_FIELD, "header.release_answer.named_worker" },
        { A, cannot_without_reason, TC_CODE_MISSING_FIELD, "header.release_answer.reason" },
        { A, cannot_named, TC_CODE_SURPLUS_FIELD, "header.release_answer.named_worker" },
        { A, named_without_part, TC_CODE_WRONG_PARTS, "header.parts" },
        { A, starts_itself, TC_CODE_UNKNOWN_CONVERSATION, "header.conversation" },
        { A, replies_to_nothing, TC_CODE_MISSING_FIELD, "header.in_reply_to" },
        { A, supersedes_nothing, TC_CODE_SURPLUS_FIELD, "header.supersedes" },
        { M, dose_with_clinical, TC_CODE_WRONG_PARTS, "header.parts" },
        { Q, dose_never_due, TC_CODE_MISSING_FIELD, "header.due_at" },
        { Q, dose_with_risk, TC_CODE_WRONG_PARTS, "header.parts" },
        { D, confirmed_forever, TC_CODE_MISSING_FIELD, "header.dose_answer.valid_until_at" },
        { D, confirmed_moved, TC_CODE_SURPLUS_FIELD, "header.dose_answer.moved_to" },
        { D, moved_nowhere, TC_CODE_MISSING_FIELD, "header.dose_answer.moved_to" },
        { D, not_ours_clinical, TC_CODE_WRONG_PARTS, "header.parts" },
        { D, confirmed_without_clinical, TC_CODE_WRONG_PARTS, "header.parts" },
        { X, replies_to_nothing, TC_CODE_MISSING_FIELD, "header.in_reply_to" },
        { X, recall_with_content, TC_CODE_WRONG_PARTS, "header.parts" },
        { X, recall_with_empty_content, TC_CODE_WRONG_PARTS, "item.content" },
        { X, recall_with_group, TC_CODE_WRONG_GROUP, "header" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        Draft drafts[3];
        draft_init(&drafts[0], KIND_RELEASE_NOTIFICATION);
        draft_init(&drafts[1], table[i].kind);
        draft_init(&drafts[2], KIND_DOSE_REQUEST);
        table[i].spoil(&drafts[1]);
        g_autoptr(FrameIn) frame = decode_drafts(drafts, 3);
        const ItemIn *items = frame->submit.items;
        if (items[1].refusal.code != table[i].code || strcmp(items[1].refusal.field, table[i].field) != 0)
            fail_msg("row %zu: %s %s, not %s %s", i, tc_errors_name((uint32_t)items[1].refusal.code), items[1].refusal.field,
                     tc_errors_name((uint32_t)table[i].code), table[i].field);
        assert_int_equal(items[0].refusal.code, 0); /* its neighbours are none the worse */
        assert_int_equal(items[2].refusal.code, 0);
    }
}

/* Memory that runs out at any point of an item refuses it, and no more. */
static void test_out_of_memory_at_each_allocation(void **state)
{
    Draft draft;
    bool enough = false;
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
    (void)state;
    draft_init(&draft, KIND_RELEASE_NOTIFICATION);
    draft_pack(&draft, keep);
    for (size_t budget = 0; budget < 4096 && !enough; budget++) {
        ItemIn judged = { 0 };
        g_autoptr(TcArena) arena = tc_arena_new(budget);
        decode_item(arena, &draft.item, token_key, &judged);
        assert_true(judged.refusal.code == 0 || judged.refusal.code == TC_CODE_TOO_LARGE);
        enough = judged.refusal.code == 0;
    }
    assert_true(enough);
}

static void test_content_is_not_opened(void **state)
{
    Draft draft;
    (void)state;
    draft_init(&draft, KIND_RELEASE_NOTIFICATION);
    draft.parts[0].sealed.len = 15; /* no room for a tag */
    g_autoptr(FrameIn) frame = decode_drafts(&draft, 1);
    assert_int_equal(frame->submit.items[0].refusal.code, TC_CODE_MISSING_FIELD);
    assert_string_equal(frame->submit.items[0].refusal.field, "content.parts[0].sealed");
}

/* The tokens come out as HMACs under the broker's key, which another key would not give. */
static void test_tokens(void **state)
{
    Draft draft;
    uint8_t message[33] = { 's' }, expected[32];
    crypto_auth_hmacsha256_state hmac;
    (void)state;
    draft_init(&draft, KIND_RELEASE_NOTIFICATION);
    draft_tokens(&draft);
    memcpy(message + 1, draft.token_bytes[1][0], 32);
    g_autoptr(FrameIn) frame = decode_drafts(&draft, 1);
    assert_int_equal(frame->submit.items[0].refusal.code, 0);
    const Message *in = &frame->submit.items[0].item.message;
    assert_int_equal(in->token_count, 2);
    crypto_auth_hmacsha256_init(&hmac, token_key, sizeof token_key);
    crypto_auth_hmacsha256_update(&hmac, message, sizeof message);
    crypto_auth_hmacsha256_final(&hmac, expected);
    assert_memory_equal(in->tokens[1].strong.b, expected, 32);
    assert_memory_not_equal(in->tokens[0].strong.b, in->tokens[0].born.b, 32);
}

/* ---- Wraps and confirmations ---- */

static ItemIn decode_other(FrameIn **frame, int type, const ProtobufCMessage *message, void (*spoil)(Tc__Item *))
{
    Tc__Item item = TC__ITEM__INIT, *items[] = { &item };
    g_autoptr(TcDirectory) directory = world_directory();
    g_autoptr(GByteArray) body = sample_pack(message);
    item.type = (Tc__ItemType__Code)type;
    item.body = sample_bytes(body->data, body->len);
    if (spoil != NULL)
        spoil(&item);
    g_autoptr(GBytes) bytes = submit_pack(items, 1, "carat", directory);
    *frame = decode(bytes);
    return (*frame)->submit.items[0];
}

static Tc__Wrap good_wrap(void)
{
    static Tc__KeyWrap key, *keys[] = { &key };
    Tc__Wrap wrap = TC__WRAP__INIT;
    tc__key_wrap__init(&key);
    static uint8_t sealed[48];
    key.service = (char *)"cjip";
    key.key_id = key.enc = sample_bytes(sample_32, 32);
    key.part = TC__PART__CODE__RISK;
    key.sealed = sample_bytes(sealed, sizeof sealed);
    wrap.id = wrap.message = sample_bytes(sample_16, 16);
    wrap.maker = (char *)"carat";
    wrap.made_at = WORLD_NOW;
    wrap.content_digest = sample_bytes(sample_32, 32);
    wrap.keys = keys;
    wrap.n_keys = 1;
    return wrap;
}

static void with_content(Tc__Item *item) { item->has_content = true; item->content = sample_bytes(sample_32, 32); }
static void with_salt(Tc__Item *item) { item->has_token_salt = true; item->token_salt = sample_bytes(sample_16, 16); }

static void test_wrap(void **state)
{
    g_autoptr(FrameIn) frame = NULL;
    g_autoptr(FrameIn) empty = NULL;
    g_autoptr(FrameIn) content = NULL;
    g_autoptr(FrameIn) salt = NULL;
    Tc__Wrap wrap = good_wrap();
    (void)state;
    ItemIn in = decode_other(&frame, ITEM_WRAP, &wrap.base, NULL);
    assert_int_equal(in.refusal.code, 0);
    assert_int_equal(in.item.wrap.key_count, 1);
    assert_int_equal(in.item.wrap.keys[0].part, PART_RISK);
    assert_string_equal(in.item.wrap.keys[0].service, "cjip");
    assert_int_equal(decode_other(&content, ITEM_WRAP, &wrap.base, with_content).refusal.code, TC_CODE_SURPLUS_FIELD);
    assert_int_equal(decode_other(&salt, ITEM_WRAP, &wrap.base, with_salt).refusal.code, TC_CODE_SURPLUS_FIELD);
    wrap.n_keys = 0;
    in = decode_other(&empty, ITEM_WRAP, &wrap.base, NULL);
    assert_int_equal(in.refusal.code, TC_CODE_MISSING_FIELD);
    assert_string_equal(in.refusal.field, "wrap.keys");
}

static Tc__Confirmation confirmation_of(int step)
{
    Tc__Confirmation confirmation = TC__CONFIRMATION__INIT;
    confirmation.step = (Tc__Step__Code)step;
    confirmation.service = (char *)"carat";
    confirmation.station = (char *)"desk";
    confirmation.at = WORLD_NOW;
    confirmation.has_upto = step == STEP_HELD;
    confirmation.upto = 7;
    confirmation.has_message = step == STEP_OPENED || step == STEP_CANNOT_OPEN;
    confirmation.message = sample_bytes(sample_16, 16);
    confirmation.has_delivery = step == STEP_TOLD || step == STEP_NOT_TOLD;
    confirmation.delivery = 8;
    return confirmation;
}

static void held_with_worker(Tc__Confirmation *c) { c->worker = (char *)"w-1"; }
static void held_nothing(Tc__Confirmation *c) { c->has_upto = false; }
static void opened_nothing(Tc__Confirmation *c) { c->has_message = false; }
static void opened_upto(Tc__Confirmation *c) { c->has_upto = true; }
static void told_nothing(Tc__Confirmation *c) { c->has_delivery = false; }
static void brokers_step(Tc__Confirmation *c) { c->step = TC__STEP__CODE__ESCALATED; }

static void test_confirmations(void **state)
{
    static const struct { int step; void (*spoil)(Tc__Confirmation *); int code; const char *field; } table[] = {
        { STEP_HELD, NULL, 0, "" }, { STEP_OPENED, NULL, 0, "" }, { STEP_TOLD, NULL, 0, "" },
        { STEP_NOT_TOLD, NULL, 0, "" }, { STEP_CANNOT_OPEN, NULL, 0, "" },
        { STEP_OPENED, held_with_worker, 0, "" }, { STEP_TOLD, held_with_worker, 0, "" },
        { STEP_HELD, held_with_worker, TC_CODE_SURPLUS_FIELD, "confirmation.worker" },
        { STEP_HELD, held_nothing, TC_CODE_MISSING_FIELD, "confirmation.upto" },
        { STEP_OPENED, opened_nothing, TC_CODE_MISSING_FIELD, "confirmation.message" },
        { STEP_OPENED, opened_upto, TC_CODE_SURPLUS_FIELD, "confirmation.upto" },
        { STEP_NOT_TOLD, told_nothing, TC_CODE_MISSING_FIELD, "confirmation.delivery" },
        { STEP_HELD, brokers_step, TC_CODE_UNKNOWN_CODE, "confirmation.step" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(FrameIn) frame = NULL;
        Tc__Confirmation confirmation = confirmation_of(table[i].step);
        if (table[i].spoil != NULL)
            table[i].spoil(&confirmation);
        ItemIn in = decode_other(&frame, ITEM_CONFIRMATION, &confirmation.base, NULL);
        assert_int_equal(in.refusal.code, table[i].code);
        if (table[i].code != 0)
            assert_string_equal(in.refusal.field, table[i].field);
    }
}

/* ---- Signatures ---- */

static void test_verify(void **state)
{
    Draft drafts[5];
    TcId other = { { 1 } };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(drafts); i++)
        draft_init(&drafts[i], KIND_RELEASE_NOTIFICATION);
    g_autoptr(FrameIn) frame = decode_drafts(drafts, G_N_ELEMENTS(drafts));
    g_autoptr(TcDirectory) directory = world_directory();
    const TcService *carat = tc_directory_service(directory, "carat");
    const TcService *cjip = tc_directory_service(directory, "cjip");
    assert_int_equal(decode_verify(frame, directory, cjip, &submit_session, WORLD_NOW).code, TC_CODE_BAD_SIGNATURE);
    assert_int_equal(decode_verify(frame, directory, carat, &other, WORLD_NOW).code, TC_CODE_BAD_SIGNATURE);
    assert_int_equal(decode_verify(frame, directory, carat, &submit_session, -1).code, TC_CODE_BAD_SIGNATURE); /* not yet in force */
    assert_int_equal(decode_verify(frame, directory, carat, &submit_session, WORLD_NOW).code, 0);
    for (size_t i = 0; i < frame->submit.count; i++) { /* each alone leads to what was signed */
        const Provenance *provenance = &frame->submit.items[i].item.provenance;
        uint8_t root[32];
        assert_true(tc_merkle_climb(frame->submit.items[i].item.digest.b, provenance->index, provenance->count,
                                    provenance->path.data, provenance->path.len / 32, root));
        assert_memory_equal(root, frame->submit.root.b, 32);
        assert_memory_equal(provenance->session.b, submit_session.b, 16);
    }
    frame->submit.signature[3] ^= 1;
    assert_int_equal(decode_verify(frame, directory, carat, &submit_session, WORLD_NOW).code, TC_CODE_BAD_SIGNATURE);
}

static void test_references(void **state)
{
    Draft draft;
    (void)state;
    draft_init(&draft, KIND_RELEASE_NOTIFICATION);
    draft_tokens(&draft);
    FrameIn *frame = decode_drafts(&draft, 1);
    TcDirectory *directory = world_directory();
    const TcService *carat = tc_directory_service(directory, "carat");
    Event *event = event_new_item(frame, 0, directory, carat, &carat->stations[0], 3);
    frame_unref(frame);
    tc_directory_unref(directory);
    assert_string_equal(event->item.message.sender, "carat"); /* alive with the event */
    assert_string_equal(event->station, "desk");
    assert_int_equal(event->token_count, 2);
    event_free(event);
    event_free(NULL);
    frame_unref(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hello),
        cmocka_unit_test(test_query),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_shape),
        cmocka_unit_test(test_out_of_memory_at_each_allocation),
        cmocka_unit_test(test_content_is_not_opened),
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_wrap),
        cmocka_unit_test(test_confirmations),
        cmocka_unit_test(test_verify),
        cmocka_unit_test(test_references),
    };
    return cmocka_run_group_tests_name("decode", tests, NULL, NULL);
}
