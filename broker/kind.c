#include "broker/kind.h"

#include "broker/codes.h"
#include "broker/machine.h"
#include "proto/errors.h"

#define IN(PART) (1u << PART_##PART)
#define ALL_PARTS (IN(MINIMUM) | IN(CLINICAL) | IN(RISK) | IN(SAFEGUARDING))

static const KindRule kinds[] = {
#define KIND_ROW(KIND, machine, PLACE, group, starts, supersedes, replies_to, parts, required) \
    { KIND_##KIND, machine, PLACE_##PLACE, group, starts, supersedes, replies_to, parts, required, #KIND },
#include "broker/kind.def"
#undef KIND_ROW
};

const KindRule *kind_rule(int kind)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (kinds[i].kind == kind)
            return &kinds[i];
    return NULL;
}

int kind_of_request(int machine)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (kinds[i].machine == machine && kinds[i].place == PLACE_REQUEST)
            return kinds[i].kind;
    return KIND_NONE;
}

bool kind_starts(const Message *message)
{
    return tc_id_equal(&message->id, &message->conversation);
}

static Refusal kind_refuse(int code, const char *field)
{
    return (Refusal){ code, field, NULL };
}

static Refusal kind_check_versions(const KindRule *rule, const Message *message)
{
    bool supersedes = !tc_id_is_none(&message->supersedes);
    bool withdrawn = rule->kind == KIND_RELEASE_NOTIFICATION && message->group.release.certainty == CERTAINTY_WITHDRAWN;
    if (kind_starts(message)) {
        if (!rule->starts)
            return kind_refuse(TC_CODE_UNKNOWN_CONVERSATION, "header.conversation");
        if (withdrawn)
            return kind_refuse(TC_CODE_MISSING_FIELD, "header.supersedes");
        return supersedes ? kind_refuse(TC_CODE_SURPLUS_FIELD, "header.supersedes") : (Refusal){ 0 };
    }
    if (rule->starts && !supersedes)
        return kind_refuse(TC_CODE_MISSING_FIELD, "header.supersedes");
    if (!rule->supersedes && supersedes)
        return kind_refuse(TC_CODE_SURPLUS_FIELD, "header.supersedes");
    return (Refusal){ 0 };
}

/* A thing that happens at a time is not told of without it. */
static bool kind_needs_time(const Message *message)
{
    int code = message->group.coded.code;
    return (message->kind == KIND_APPOINTMENT && (code == APPOINTMENT_MADE || code == APPOINTMENT_MOVED))
           || message->kind == KIND_ATTENDANCE || message->kind == KIND_MOVEMENT || message->kind == KIND_PRESCRIBING;
}

/* Nothing by which it could be tied to a client, a worker or a visit; and the client's word that they may be counted. */
static Refusal kind_check_figures(const Message *message)
{
    const struct { bool given; const char *field; } ties[] = {
        { message->consent.treatment, "header.consent.purposes" }, { message->worker != NULL, "header.worker" },
        { !tc_id_is_none(&message->about), "header.about" },       { message->event_at != 0, "header.event_at" },
        { message->due_at != 0, "header.due_at" },                 { message->urgency != URGENCY_UNKNOWN, "header.urgency" },
        { message->token_count > 0, "item.tokens" },
    };
    if (message->consent.state != CONSENT_GIVEN || !message->consent.reporting)
        return kind_refuse(TC_CODE_MISSING_FIELD, "header.consent");
    for (size_t i = 0; i < G_N_ELEMENTS(ties); i++)
        if (ties[i].given)
            return kind_refuse(TC_CODE_SURPLUS_FIELD, ties[i].field);
    return (Refusal){ 0 };
}

static Refusal kind_check_fields(const KindRule *rule, const Message *message)
{
    bool replies = rule->replies_to != KIND_NONE || rule->kind == KIND_RECALL;
    bool reply_given = !tc_id_is_none(&message->in_reply_to);
    bool asks = message->request.kind != 0;
    if (asks && rule->kind != KIND_REFERRAL)
        return kind_refuse(TC_CODE_SURPLUS_FIELD, "header.request");
    if (asks == (message->recipient != NULL) && rule->kind != KIND_RECALL)
        return kind_refuse(asks ? TC_CODE_SURPLUS_FIELD : TC_CODE_MISSING_FIELD, "header.recipient");
    if (replies != reply_given)
        return kind_refuse(replies ? TC_CODE_MISSING_FIELD : TC_CODE_SURPLUS_FIELD, "header.in_reply_to");
    if (rule->kind == KIND_DOSE_REQUEST && message->due_at == 0)
        return kind_refuse(TC_CODE_MISSING_FIELD, "header.due_at");
    if (rule->kind == KIND_REFERRAL && message->urgency == URGENCY_UNKNOWN)
        return kind_refuse(TC_CODE_MISSING_FIELD, "header.urgency");
    if (rule->kind == KIND_MERGE && message->worker == NULL)
        return kind_refuse(TC_CODE_MISSING_FIELD, "header.worker");
    if (rule->kind == KIND_FIGURES)
        return kind_check_figures(message);
    if (kind_needs_time(message) && message->event_at == 0)
        return kind_refuse(TC_CODE_MISSING_FIELD, "header.event_at");
    if (!kind_starts(message) && !tc_id_is_none(&message->about))
        return kind_refuse(TC_CODE_SURPLUS_FIELD, "header.about");
    return (Refusal){ 0 };
}

/* What a reply's code adds to the parts of its kind. */
static unsigned kind_required_parts(const KindRule *rule, const Message *message)
{
    int reply = message->group.release_answer.reply;
    if (rule->kind == KIND_RELEASE_ANSWER && (reply == RELEASE_REPLY_WILL || reply == RELEASE_REPLY_OTHER_WORKER))
        return rule->required | IN(MINIMUM);
    if (rule->kind == KIND_DOSE_ANSWER && message->group.dose_answer.reply == DOSE_REPLY_CONFIRMED)
        return rule->required | IN(CLINICAL);
    if (rule->kind == KIND_REFERRAL_ANSWER && message->group.coded.code == REFERRAL_REPLY_ACCEPT)
        return rule->required | IN(MINIMUM);
    return rule->required;
}

static Refusal kind_check_parts(const KindRule *rule, const Message *message)
{
    unsigned required = kind_required_parts(rule, message), given = 0;
    for (size_t i = 0; i < message->part_count; i++) {
        unsigned bit = 1u << message->parts[i].part;
        if ((given & bit) != 0 || ((rule->parts | required) & bit) == 0)
            return kind_refuse(TC_CODE_WRONG_PARTS, "header.parts");
        given |= bit;
    }
    return (given & required) == required ? (Refusal){ 0 } : kind_refuse(TC_CODE_WRONG_PARTS, "header.parts");
}

Refusal kind_check(const Message *message)
{
    const KindRule *rule = kind_rule(message->kind);
    if (rule == NULL)
        return kind_refuse(TC_CODE_UNKNOWN_CODE, "header.kind");
    Refusal refusal = kind_check_fields(rule, message);
    if (refusal.code == 0)
        refusal = kind_check_versions(rule, message);
    if (refusal.code == 0)
        refusal = kind_check_parts(rule, message);
    return refusal;
}
