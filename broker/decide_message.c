/* A message: may it be taken, what does it do to its conversation, and who hears of it. PROTOCOL.md sections 3, 6, 7 and 8. */
#include "broker/decide_work.h"

#include "broker/authorise.h"
#include "broker/clock.h"
#include "broker/kind.h"
#include "broker/machine.h"
#include "broker/occurrence.h"
#include "proto/errors.h"
#include "proto/uuid.h"

#define DECIDE_MOST_AHEAD (5 * CLOCK_MINUTE)
#define DECIDE_MOST_BEFORE (24 * CLOCK_HOUR)

/* ---- May it be taken? ---- */

/* The same bytes again change nothing and get the first receipt; other bytes under the same id are refused. True: settled. */
static bool decide_message_known(Work *work)
{
    const MessageRef *earlier = &work->event->known.duplicate;
    if (tc_id_is_none(&earlier->id))
        return false;
    if (tc_digest_equal(&earlier->digest, &work->event->item.digest))
        work->decision->no_effect = true;
    else
        decide_refuse(work, TC_CODE_ID_REUSED, "header.id", NULL);
    return true;
}

static bool decide_message_time(Work *work, const Message *message)
{
    if (!tc_uuid_is_v7(message->id.b))
        return decide_refuse(work, TC_CODE_ID_EXPIRED, "header.id", NULL);
    int64_t id_at = tc_uuid_time(message->id.b);
    if (id_at < work->world->oldest_id_at)
        return decide_refuse(work, TC_CODE_ID_EXPIRED, "header.id", NULL);
    if (id_at > work->world->now + DECIDE_MOST_AHEAD)
        return decide_refuse(work, TC_CODE_CLOCK_AHEAD, "header.id", NULL);
    if (message->created_at < id_at - DECIDE_MOST_BEFORE)
        return decide_refuse(work, TC_CODE_ID_EXPIRED, "header.created_at", NULL);
    if (message->created_at > id_at + DECIDE_MOST_AHEAD)
        return decide_refuse(work, TC_CODE_CLOCK_AHEAD, "header.created_at", NULL);
    return true;
}

/* A recall follows its message even to a service that has left the directory since. */
static bool decide_message_recipient(Work *work, const Message *message)
{
    if (message->kind != KIND_RECALL && decide_service(work, message->recipient) == NULL)
        return decide_refuse(work, TC_CODE_UNKNOWN_RECIPIENT, "header.recipient", NULL);
    if (strcmp(message->recipient, message->sender) == 0)
        return decide_refuse(work, TC_CODE_NOT_ALLOWED, "header.recipient", NULL);
    return true;
}

/* A new conversation about an old one: only by somebody who takes part in that, or is answerable for its client. */
static bool decide_message_about(Work *work, const Message *message)
{
    const Known *known = &work->event->known;
    if (tc_id_is_none(&message->about))
        return true;
    if (known->about.version == 0)
        return decide_refuse(work, TC_CODE_UNKNOWN_CONVERSATION, "header.about", NULL);
    if ((known->about.marks & MARK_NOBODY) != 0)
        return decide_refuse(work, TC_CODE_NOT_ALLOWED, "header.about", NULL);
    if (authorise_relation(&known->about, message->sender) != RELATION_NONE || strcmp(known->care.coordinator, message->sender) == 0
        || strcmp(known->care.residual, message->sender) == 0)
        return true;
    return decide_refuse(work, TC_CODE_NOT_A_PARTY, "header.about", NULL);
}

static bool decide_message_conversation(Work *work, const Message *message)
{
    if (kind_starts(message))
        return work->head->version == 0 ? decide_message_about(work, message) : decide_refuse(work, TC_CODE_ID_REUSED, "header.id", NULL);
    if (work->head->version == 0)
        return decide_refuse(work, TC_CODE_UNKNOWN_CONVERSATION, "header.conversation", NULL);
    if (authorise_relation(work->head, message->sender) == RELATION_NONE)
        return decide_refuse(work, TC_CODE_NOT_A_PARTY, "header.conversation", NULL);
    return true;
}

/* Figures are for the sender's own area's reporting service. */
static bool decide_message_own_area(const Message *message, const TcService *sender, const TcService *recipient)
{
    return message->kind != KIND_FIGURES || strcmp(sender->area, recipient->area) == 0;
}

/* Where the area is unknown or disputed, the notification goes to a single point of contact, who keeps it. */
static bool decide_message_area(const Work *work, const Message *message, const TcService *recipient)
{
    const ReleaseFields *release = &message->group.release;
    bool doubtful = message->kind == KIND_RELEASE_NOTIFICATION
                    && (release->area == NULL || release->area_certainty == AREA_DISPUTED);
    return !doubtful || recipient->kind == SERVICE_SPOC
           || tc_directory_role(work->world->directory, recipient, ROLE_SPOC) == recipient;
}

static bool decide_message_authorised(Work *work, const Message *message)
{
    const TcService *sender = tc_directory_service(work->world->directory, message->sender);
    const TcService *recipient = tc_directory_service(work->world->directory, message->recipient);
    if (message->kind == KIND_RECALL)
        return decide_recall_allowed(work, message);
    AuthoriseCase what = { .kind = message->kind, .recipient = recipient->kind,
                           .relation = authorise_relation(work->head, message->sender),
                           .to = authorise_relation(work->head, message->recipient) };
    if (sender == NULL)
        return decide_refuse(work, TC_CODE_NOT_ALLOWED, "header.sender", NULL);
    what.sender = sender->kind;
    if (!authorise(&what))
        return decide_refuse(work, TC_CODE_NOT_ALLOWED, "header.kind", NULL);
    if (!decide_message_area(work, message, recipient) || !decide_message_own_area(message, sender, recipient))
        return decide_refuse(work, TC_CODE_NOT_ALLOWED, "header.recipient", NULL);
    return true;
}

static bool decide_message_reply(Work *work, const Message *message)
{
    const MessageRef *replied = &work->event->known.reply_ref;
    int replies_to = kind_rule(message->kind)->replies_to;
    if (replies_to == KIND_NONE)
        return true;
    if (tc_id_is_none(&replied->id) || !tc_id_equal(&replied->conversation, &message->conversation))
        return decide_refuse(work, TC_CODE_NOT_FOUND, "header.in_reply_to", NULL);
    bool fits = replies_to == ANY_REQUEST ? kind_rule(replied->kind)->place == PLACE_REQUEST : replied->kind == replies_to;
    return fits || decide_refuse(work, TC_CODE_NOT_ALLOWED, "header.in_reply_to", NULL);
}

static bool decide_message_newest(Work *work, const Message *message)
{
    bool answers = message->kind != KIND_RECALL && kind_rule(message->kind)->place == PLACE_ANSWER;
    const TcId *newest = answers ? &work->head->newest_answer : &work->head->newest_notification;
    if (tc_id_is_none(&message->supersedes) || tc_id_equal(&message->supersedes, newest))
        return true;
    return decide_refuse(work, TC_CODE_NOT_NEWEST, "header.supersedes", NULL);
}

/* ---- What happens to the conversation? ---- */

/* The row of the lifecycle, with refusal when the state does not take the event. A recall of what is no longer the newest keeps
 * the state and has no row, nor has a word on whom it is about: `none` stands for it. */
static const MachineRow *decide_message_row(Work *work, const Message *message, ConversationEvent event)
{
    static const MachineRow none;
    int machine = occurrence_machine(work->head, message);
    if (event == CONVERSATION_OLDER_RECALLED || event == CONVERSATION_MERGED)
        return &none;
    const MachineRow *row = machine_step(machine, work->head->state, event);
    bool corrects = row != NULL && (row->effects & EFFECT_CORRECTS) != 0;
    if (row == NULL || (corrects && tc_id_is_none(&message->supersedes))) {
        decide_refuse(work, TC_CODE_WRONG_STATE, "header.kind", machine_state_name(machine, work->head->state));
        return NULL;
    }
    return row;
}

/* ---- What follows from it? ---- */

static void decide_message_start_head(Work *work, const Message *message)
{
    Head *head = work->head;
    *head = (Head){ .conversation = message->conversation, .machine = kind_rule(message->kind)->machine,
                    .first = message->id };
    g_strlcpy(head->starter, message->sender, sizeof head->starter);
    g_strlcpy(head->addressee, message->recipient, sizeof head->addressee);
}

/* A version for another service: the one before it stays a party, and so hears of it. */
static void decide_message_readdress(Work *work, const Message *message)
{
    Head *head = work->head;
    if (strcmp(head->addressee, message->recipient) == 0)
        return;
    const char *told = decide_text(work, head->told);
    decide_ladder_party(work, decide_text(work, head->addressee));
    if (*told != '\0' && strcmp(told, message->recipient) != 0)
        decide_ladder_party(work, told);
    g_strlcpy(head->addressee, message->recipient, sizeof head->addressee);
}

static void decide_message_mark(Head *head, const Message *message)
{
    const CodedFields *coded = &message->group.coded;
    bool high = message->kind == KIND_DROP_OUT && coded->type == TIER_HIGH;
    if (message->kind == KIND_REFERRAL)
        head->marks = (uint32_t)message->urgency << MARK_URGENCY_SHIFT | (uint32_t)coded->type << MARK_PATHWAY_SHIFT;
    if (message->kind == KIND_APPOINTMENT)
        head->marks = (head->marks & ~(uint32_t)MARK_CHOICE) | (coded->choice ? MARK_CHOICE : 0);
    if (message->kind == KIND_TRANSFER_OFFER) {
        head->marks = (uint32_t)coded->type << MARK_SCOPE_SHIFT;
        g_strlcpy(head->residual, coded->service == NULL ? "" : coded->service, sizeof head->residual);
    }
    if (message->kind == KIND_DROP_OUT)
        head->marks = (head->marks & MARK_CHANNELS) | (high ? MARK_HIGH : 0);
    if (message->kind == KIND_ATTEMPT && head->machine == MACHINE_DROPOUT)
        head->marks |= 1u << coded->type & MARK_CHANNELS;
    if (head->machine == MACHINE_STATEMENT && message->kind != KIND_RECALL && message->kind != KIND_MERGE)
        head->marks = (uint32_t)coded->code << MARK_CODE_SHIFT | (decide_statement_binds(message) ? MARK_BINDS : 0)
                      | (message->kind == KIND_FIGURES || message->kind == KIND_AVAILABILITY ? MARK_NOBODY : 0);
}

static void decide_message_change_head(Work *work, const Message *message, ConversationEvent event)
{
    if (message->kind != KIND_RECALL && kind_rule(message->kind)->place == PLACE_REQUEST && event != CONVERSATION_REFERRAL_AMENDED)
        decide_message_readdress(work, message);
    occurrence_remember(work->head, message, work->world->now);
    decide_message_mark(work->head, message);
}

/* The sender's other stations see what one of them sent, whatever the client agreed to: it is their service's own. */
static void decide_message_deliver_own(Work *work, const Message *message)
{
    DeliveryRow row = { message->sender, DELIVERY_MESSAGE, message->id, { 0 } };
    if (decide_has_stations(work, message->sender))
        g_array_append_val(work->decision->deliveries, row);
}

/* The recipient first; then every other party, for whoever was asked, told or answered before must see what became of it. */
static void decide_message_deliver(Work *work, const Message *message)
{
    const char *parties[PARTIES_MAX];
    size_t count = authorise_parties(work->head, message->sender, parties);
    decide_deliver(work, message->recipient, DELIVERY_MESSAGE, &message->id, (Span){ 0 });
    for (size_t i = 0; i < count; i++)
        if (strcmp(parties[i], message->recipient) != 0)
            decide_deliver(work, decide_text(work, parties[i]), DELIVERY_MESSAGE, &message->id, (Span){ 0 });
    decide_message_deliver_own(work, message);
}

/* Every message has one, so its start is told by the row that accepts the message. */
static void decide_message_held_clock(Work *work, const Message *message)
{
    ClockRow row = { decide_held_clock(&message->id), message->conversation, message->id, POLICY_HELD, work->world->now,
                     clock_held_due(message->kind, work->world->now), 0, message->recipient };
    g_array_append_val(work->decision->clocks, row);
}

/* Whoever takes the client on is waited for from now on, though another was asked. */
static void decide_message_taken_on(Work *work, const Message *message, ConversationEvent event)
{
    if (event != CONVERSATION_REFERRAL_ACCEPTED)
        return;
    if (strcmp(work->head->addressee, message->sender) != 0) {
        decide_ladder_party(work, decide_text(work, work->head->addressee));
        g_strlcpy(work->head->addressee, message->sender, sizeof work->head->addressee);
    }
    decide_request_accepted(work);
}

static void decide_message_take(Work *work, const Message *message, ConversationEvent event, const MachineRow *row)
{
    work->decision->store_message = &work->event->item;
    work->decision->recipient = message->recipient;
    decide_audit_item(work, AUDIT_ACCEPTED, &message->conversation, &message->id);
    if (work->head->version == 0) {
        decide_message_start_head(work, message);
        decide_link_client(work, message);
    }
    decide_head_changed(work, event);
    decide_message_change_head(work, message, event);
    if (row->next != STATE_NEW)
        work->head->state = row->next;
    decide_care_parties(work, row->effects);
    decide_consent_note(work, message);
    decide_message_deliver(work, message);
    decide_message_held_clock(work, message);
    decide_message_taken_on(work, message, event);
    if ((row->effects & EFFECT_MOVE_ON) != 0)
        decide_request_move_on(work, message);
    decide_effects(work, message, row->effects);
    decide_care(work, message, row->effects);
    decide_merge(work, message);
    if (message->kind == KIND_ATTEMPT && message->group.coded.code == ATTEMPT_WRONG_PERSON)
        decide_consent_tell_holders(work, &(EvidenceOut){ .step = STEP_WRONG_PERSON, .by = message->sender });
    if (message->kind == KIND_RECALL)
        decide_recall(work, message);
    decide_link(work, message);
}

static bool decide_message_allowed(Work *work, const Message *message)
{
    if (tc_directory_expired(work->world->directory, work->world->now))
        return decide_refuse(work, TC_CODE_DIRECTORY_EXPIRED, NULL, NULL);
    return decide_message_time(work, message) && decide_message_recipient(work, message)
           && decide_message_conversation(work, message) && decide_message_authorised(work, message)
           && decide_message_reply(work, message) && decide_message_newest(work, message);
}

void decide_message(Work *work)
{
    Message resolved = work->event->item.message;
    const Message *message = &resolved;
    int why;
    if (strcmp(message->sender, work->event->service) != 0) {
        decide_refuse(work, TC_CODE_NOT_YOURS, "header.sender", NULL);
        return;
    }
    if (decide_blocked(work, message->sender)) {
        decide_refuse(work, TC_CODE_BLOCKED, NULL, NULL);
        return;
    }
    if (decide_message_known(work) || !decide_request_resolve(work, &resolved, &why) || !decide_message_allowed(work, message))
        return;
    ConversationEvent event = occurrence_of(work->head, message, work->world->now);
    const MachineRow *row = decide_message_row(work, message, event);
    if (row == NULL || !decide_care_allowed(work, message, row->effects) || !decide_consent_allowed(work, message)
        || !decide_merge_allowed(work, message))
        return;
    decide_message_take(work, message, event, row);
    if (why != CANDIDATE_NONE)
        decide_request_asked(work, why);
}
