#include "broker/occurrence.h"

#include "broker/clock.h"
#include "broker/codes.h"
#include "broker/kind.h"

#include <string.h>

enum { ANY = -1 };

static const struct { int machine, kind, code; ConversationEvent event; } occurrences[] = {
#define OCCURS(MACHINE, KIND, code, EVENT) { MACHINE_##MACHINE, KIND_##KIND, code, CONVERSATION_##EVENT },
#define REQUESTS(MACHINE, first, amended, readdressed)
#define RECALLS(MACHINE, request, answer, report)
#include "broker/occurrence.def"
#undef OCCURS
#undef REQUESTS
#undef RECALLS
};

typedef struct Three { ConversationEvent first, second, third; } Three;

static const Three requests[] = {
#define OCCURS(MACHINE, KIND, code, EVENT)
#define REQUESTS(MACHINE, FIRST, AMENDED, READDRESSED) \
    [MACHINE_##MACHINE] = { CONVERSATION_##FIRST, CONVERSATION_##AMENDED, CONVERSATION_##READDRESSED },
#define RECALLS(MACHINE, request, answer, report)
#include "broker/occurrence.def"
#undef REQUESTS
#undef RECALLS
};

static const Three recalls[] = {
#define REQUESTS(MACHINE, first, amended, readdressed)
#define RECALLS(MACHINE, REQUEST, ANSWER, REPORT) \
    [MACHINE_##MACHINE] = { CONVERSATION_##REQUEST, CONVERSATION_##ANSWER, CONVERSATION_##REPORT },
#include "broker/occurrence.def"
#undef OCCURS
#undef REQUESTS
#undef RECALLS
};

/* The field of a message that decides what it means. */
static int occurrence_code(const Message *message)
{
    switch (message->kind) {
    case KIND_RELEASE_ANSWER: return message->group.release_answer.reply;
    case KIND_MEETING_REPORT: return message->group.meeting.outcome;
    case KIND_DOSE_ANSWER: return message->group.dose_answer.reply;
    default: return message->group.coded.code;
    }
}

int occurrence_machine(const Head *head, const Message *message)
{
    return head->machine != MACHINE_NONE ? head->machine : kind_rule(message->kind)->machine;
}

/* Something that has happened without a time has happened by now. */
static int64_t occurrence_time(const Message *message, int64_t now)
{
    if (message->kind == KIND_DOSE_REQUEST || message->kind == KIND_REFERRAL)
        return message->due_at;
    if (message->kind == KIND_TRANSFER_OFFER)
        return message->group.coded.day == NULL ? 0 : clock_day(message->group.coded.day);
    if (message->kind != KIND_RELEASE_NOTIFICATION)
        return message->event_at;
    int64_t at = clock_release_at(message);
    return at == 0 && message->group.release.certainty == CERTAINTY_HAPPENED ? now : at;
}

static bool occurrence_was_asked(const Head *head, const char *service)
{
    bool found = strcmp(head->told, service) == 0;
    for (size_t i = 0; i < G_N_ELEMENTS(head->told_before); i++)
        found = found || strcmp(head->told_before[i], service) == 0;
    return found;
}

/* Once somebody has taken the client on, a newer version for one that was asked before is for whoever has them now. */
static bool occurrence_is_taken(const Head *head)
{
    return head->machine == MACHINE_REFERRAL && head->state >= REFERRAL_ACCEPTED && head->state <= REFERRAL_IN_TREATMENT;
}

/* For another service, or for another kind of service, than the version before it. */
static bool occurrence_readdresses(const Head *head, const Message *message)
{
    const ServiceRequest *a = &message->request, *b = &head->request;
    if (message->recipient != NULL)
        return strcmp(message->recipient, head->addressee) != 0 && !(occurrence_is_taken(head) && occurrence_was_asked(head, message->recipient));
    return a->kind != b->kind || a->capabilities != b->capabilities || strcmp(a->area, b->area) != 0;
}

static ConversationEvent occurrence_request(const Head *head, const Message *message, int64_t now)
{
    const Three *events = &requests[occurrence_machine(head, message)];
    bool release = message->kind == KIND_RELEASE_NOTIFICATION;
    if (tc_id_is_none(&head->newest_notification))
        return events->first;
    if (release && message->group.release.certainty == CERTAINTY_WITHDRAWN)
        return CONVERSATION_WITHDRAWN;
    if (occurrence_readdresses(head, message))
        return events->third;
    if (release && !clock_same_day(occurrence_time(message, now), head->release_at))
        return CONVERSATION_REDATED;
    return events->second;
}

static ConversationEvent occurrence_recall(const Head *head, const Message *message)
{
    const Three *events = &recalls[head->machine];
    if (tc_id_equal(&message->in_reply_to, &head->newest_notification))
        return events->first;
    if (tc_id_equal(&message->in_reply_to, &head->newest_answer))
        return events->second;
    if (tc_id_equal(&message->in_reply_to, &head->newest_report))
        return events->third;
    return CONVERSATION_OLDER_RECALLED;
}

/* What somebody declines who was found by a request goes to the next, while there is one. An addressee that is not known ("", at an adapter)
 * may be anybody. */
static bool occurrence_moves_on(const Head *head, const Message *message)
{
    int reply = message->group.coded.code;
    return message->kind == KIND_REFERRAL_ANSWER && (reply == REFERRAL_REPLY_DECLINE || reply == REFERRAL_REPLY_REDIRECT)
           && head->request.kind != 0 && (head->marks & MARK_LAST) == 0 && (head->state == REFERRAL_ASKED || head->state == REFERRAL_QUESTIONED)
           && (head->addressee[0] == '\0' || strcmp(head->addressee, message->sender) == 0);
}

ConversationEvent occurrence_of(const Head *head, const Message *message, int64_t now)
{
    int machine = occurrence_machine(head, message), code = occurrence_code(message);
    if (machine == MACHINE_NONE)
        return CONVERSATION_NONE;
    if (message->kind == KIND_MERGE)
        return CONVERSATION_MERGED;
    if (message->kind == KIND_RECALL)
        return occurrence_recall(head, message);
    if (occurrence_moves_on(head, message))
        return CONVERSATION_REFERRAL_MOVED_ON;
    if (kind_rule(message->kind)->place == PLACE_REQUEST)
        return kind_rule(message->kind)->machine == machine ? occurrence_request(head, message, now) : CONVERSATION_NONE;
    for (size_t i = 0; i < G_N_ELEMENTS(occurrences); i++)
        if (occurrences[i].machine == machine && occurrences[i].kind == message->kind
            && (occurrences[i].code == ANY || occurrences[i].code == code))
            return occurrences[i].event;
    return CONVERSATION_NONE;
}

static void occurrence_forget(Head *head, const TcId *recalled)
{
    static const TcId none;
    head->last_recalled = *recalled;
    if (tc_id_equal(&head->newest_answer, recalled))
        head->newest_answer = none;
    if (tc_id_equal(&head->newest_report, recalled))
        head->newest_report = none;
}

void occurrence_remember(Head *head, const Message *message, int64_t now)
{
    if (message->kind == KIND_RECALL) {
        occurrence_forget(head, &message->in_reply_to);
        return;
    }
    if (message->kind == KIND_MERGE) /* of the client, not of what the conversation is about */
        return;
    switch (kind_rule(message->kind)->place) {
    case PLACE_REQUEST:
        head->newest_notification = message->id;
        head->release_at = occurrence_time(message, now);
        head->request = message->request;
        if (message->kind == KIND_RELEASE_NOTIFICATION && message->group.release.area != NULL)
            g_strlcpy(head->request.area, message->group.release.area, sizeof head->request.area);
        break;
    case PLACE_ANSWER: head->newest_answer = message->id; break;
    case PLACE_REPORT:
        head->newest_report = message->id;
        if (message->kind == KIND_APPOINTMENT)
            head->release_at = message->event_at;
        break;
    }
}
