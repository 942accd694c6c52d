/* Whether two clients are one: a worker says so, by name and reason, and everybody who was told anything of either hears of it.
 *
 * Of two clients that become one, one record stands for both from then on; the other's stays, points to it, and stands for itself again when
 * they are parted. Who is answerable never changes by it: only clients with one coordinator between them can become one, and parted each keeps
 * whoever was answerable for both. No consent is ever widened by it. PROTOCOL.md section 7, "Linked clients". */
#include "broker/decide_work.h"

#include "broker/authorise.h"
#include "proto/errors.h"
#include "proto/uuid.h"

#include <string.h>

static bool merge_is_one(const Work *work)
{
    const TcId *own = tc_id_is_none(&work->care.client) ? &work->head->client : &work->care.client;
    return tc_id_equal(own, &work->event->known.merge->other.client);
}

/* ---- May it be said? ---- */

/* Of a possible match, whoever was told of it; of another conversation, who takes part there or answers for its client. */
static bool merge_may_speak(Work *work, const Message *message)
{
    const MergeKnown *merge = work->event->known.merge;
    if (((work->head->marks | merge->other_head.marks) & MARK_NOBODY) != 0)
        return decide_refuse(work, TC_CODE_NOT_ALLOWED, "header.kind", NULL);
    if (tc_id_is_none(&message->group.merge.other))
        return !tc_id_is_none(&merge->client) || decide_refuse(work, TC_CODE_NOT_FOUND, "header.merge.other", NULL);
    if (merge->other_head.version == 0)
        return decide_refuse(work, TC_CODE_UNKNOWN_CONVERSATION, "header.merge.other", NULL);
    if (tc_id_equal(&merge->other_head.conversation, &work->head->conversation))
        return decide_refuse(work, TC_CODE_NOT_ALLOWED, "header.merge.other", NULL);
    bool takes_part = authorise_relation(&merge->other_head, message->sender) != RELATION_NONE
                      || strcmp(merge->other.coordinator, message->sender) == 0 || strcmp(merge->other.residual, message->sender) == 0;
    return takes_part || decide_refuse(work, TC_CODE_NOT_A_PARTY, "header.merge.other", NULL);
}

static bool merge_may_join(Work *work, const Message *message)
{
    const Care *care = &work->care, *other = &work->event->known.merge->other;
    if (merge_is_one(work))
        return decide_refuse(work, TC_CODE_NOT_MERGED, "header.merge.verdict", "one_client");
    if (care->version > 0 && other->version > 0 && strcmp(care->coordinator, other->coordinator) != 0) {
        g_autofree char *two = g_strdup_printf("two_coordinators: %s, %s", care->coordinator, other->coordinator);
        return decide_refuse(work, TC_CODE_NOT_MERGED, "header.merge.verdict", decide_text(work, two));
    }
    if (care->consent[0] != '\0' && other->consent[0] != '\0' && strcmp(care->consent, other->consent) != 0)
        return decide_refuse(work, TC_CODE_NOT_MERGED, "header.merge.verdict", "two_consents");
    bool held = care->version > 0 || other->version > 0 || decide_care_first(work, message) != NULL;
    return held || decide_refuse(work, TC_CODE_NOT_MERGED, "header.merge.verdict", "nobody");
}

bool decide_merge_allowed(Work *work, const Message *message)
{
    if (message->kind != KIND_MERGE)
        return true;
    return merge_may_speak(work, message) && (message->group.coded.code != MERGE_ONE_CLIENT || merge_may_join(work, message));
}

/* ---- Two become one ---- */

static void merge_text(char *to, size_t size, const char *from)
{
    if (to[0] == '\0')
        g_strlcpy(to, from, size);
}

/* What is known of either is known of both. */
static Care merge_union(const Care *stays, const Care *goes)
{
    Care both = *stays;
    both.in_custody = stays->in_custody || goes->in_custody;
    both.on_order = stays->on_order || goes->on_order;
    both.died = stays->died || goes->died;
    both.released_at = MAX(stays->released_at, goes->released_at);
    merge_text(both.coordinator, sizeof both.coordinator, goes->coordinator);
    merge_text(both.worker, sizeof both.worker, goes->worker);
    merge_text(both.residual, sizeof both.residual, goes->residual);
    merge_text(both.receiver, sizeof both.receiver, goes->receiver);
    merge_text(both.prescriber, sizeof both.prescriber, goes->prescriber);
    merge_text(both.place, sizeof both.place, goes->place);
    merge_text(both.consent, sizeof both.consent, goes->consent);
    return both;
}

/* One version more of a client's record: as `both` stands, answered for by `holder`. */
static void merge_record(Work *work, const Care *record, const Care *both, const Message *message, int step)
{
    const char *holder = decide_text(work, both->coordinator), *worker = decide_text(work, both->worker);
    work->care = *both;
    work->care.client = record->client;
    work->care.version = record->version;
    g_strlcpy(work->care.coordinator, record->coordinator, sizeof work->care.coordinator);
    decide_care_change(work, step, holder, worker, message);
}

static void merge_note(Work *work, const Message *message, int event, const TcId *one, const TcId *other)
{
    char first[TC_UUID_TEXT_LEN + 1], second[TC_UUID_TEXT_LEN + 1];
    tc_uuid_format(one->b, first);
    tc_uuid_format(other->b, second);
    g_autofree char *detail = g_strdup_printf("%s/%s", first, second);
    decide_audit(work, &(AuditNote){ event, message->sender, message->id, decide_text(work, detail) });
}

/* Decided is decided: the two are no possible match of each other any more. */
static void merge_settle(Work *work, const TcId *a, const TcId *b)
{
    bool ordered = memcmp(a->b, b->b, sizeof a->b) < 0;
    SettledRow row = { ordered ? *a : *b, ordered ? *b : *a };
    for (guint i = 0; i < work->decision->settled->len; i++)
        if (memcmp(&g_array_index(work->decision->settled, SettledRow, i), &row, sizeof row) == 0)
            return;
    if (!tc_id_equal(a, b))
        g_array_append_val(work->decision->settled, row);
}

/* Both who prescribe, and who answers for the client, each by a message that they know. */
static void merge_tell_two_prescribe(Work *work, const char *second)
{
    const GArray *holders = work->event->known.holders;
    const char *const whom[] = { work->care.prescriber, second, work->care.coordinator, work->care.residual };
    const char *told = "";
    for (guint i = 0; holders != NULL && i < holders->len; i++) { /* in the order of services */
        const HolderPlain *holder = &g_array_index(holders, HolderPlain, i);
        bool concerned = false;
        for (size_t j = 0; j < G_N_ELEMENTS(whom); j++)
            concerned = concerned || strcmp(whom[j], holder->service) == 0;
        if (!concerned || strcmp(told, holder->service) == 0)
            continue;
        told = decide_text(work, holder->service);
        decide_evidence(work, told, (EvidenceOut){ .step = STEP_TWO_PRESCRIBE, .messages = &holder->message, .message_count = 1, .by = second });
    }
}

static void merge_join(Work *work, const Message *message)
{
    const Care *other = &work->event->known.merge->other;
    Care own = work->care;
    own.client = tc_id_is_none(&own.client) ? work->head->client : own.client;
    bool ours_stays = own.version > 0 && other->version == 0;
    const Care *stays = ours_stays ? &own : other, *goes = ours_stays ? other : &own;
    bool two_prescribe = own.prescriber[0] != '\0' && other->prescriber[0] != '\0' && strcmp(own.prescriber, other->prescriber) != 0;
    Care both = merge_union(stays, goes);
    if (both.coordinator[0] == '\0')
        g_strlcpy(both.coordinator, decide_care_first(work, message), sizeof both.coordinator);
    Care gone = both;
    gone.same_as = stays->client;
    merge_note(work, message, AUDIT_CLIENTS_MERGED, &goes->client, &stays->client);
    merge_record(work, goes, &gone, message, COORDINATION_MERGED);
    merge_record(work, stays, &both, message, COORDINATION_MERGED);
    if (two_prescribe)
        merge_tell_two_prescribe(work, decide_text(work, goes->prescriber));
    decide_consent_withhold(work);
}

/* ---- One becomes two ---- */

/* Parted, each stands as both stood together: what is not true of one of them is for who stated it to take back. */
static void merge_part(Work *work, const Message *message)
{
    const MergeKnown *merge = work->event->known.merge;
    Care both = work->care, cut = merge->cut;
    bool split = tc_id_is_none(&cut.client); /* one by their tokens, from the first: this conversation becomes another client's */
    if (split) {
        cut = (Care){ .client = decide_id("throughcare client parted 1", 0, &work->head->conversation, &message->id, 0) };
        work->head->client = cut.client;
        merge_settle(work, &cut.client, &merge->client);
        LinkRow link = { cut.client, work->head->conversation, message->id, false };
        g_array_append_val(work->decision->links, link);
    }
    merge_note(work, message, AUDIT_CLIENTS_PARTED, &cut.client, &merge->other.client);
    if (both.version > 0)
        merge_record(work, &cut, &both, message, COORDINATION_PARTED);
    if (!split && !merge->cut_ours)
        work->care = both;
}

void decide_merge(Work *work, const Message *message)
{
    if (message->kind != KIND_MERGE)
        return;
    const MergeKnown *merge = work->event->known.merge;
    bool joins = message->group.coded.code == MERGE_ONE_CLIENT, one = merge_is_one(work);
    work->head->possible = merge->client;
    merge_settle(work, &work->head->client, &merge->client);
    merge_settle(work, tc_id_is_none(&work->care.client) ? &work->head->client : &work->care.client, &merge->other.client);
    if (joins)
        merge_join(work, message);
    else if (one)
        merge_part(work, message);
    else
        merge_note(work, message, AUDIT_MATCH_DENIED, &work->head->client, &merge->client);
    if (joins || one)
        decide_consent_tell_holders(work, &(EvidenceOut){ .step = joins ? STEP_CLIENTS_MERGED : STEP_CLIENTS_PARTED, .by = message->sender,
                                                          .worker = message->worker });
}
