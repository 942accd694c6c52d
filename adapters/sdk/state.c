#include "adapters/sdk/state.h"

#include "broker/clock.h"
#include "broker/codes.h"
#include "broker/kind.h"
#include "broker/machine.h"

static int state_notification(const Standing *standing, const Letter *letter)
{
    if (standing->request == NULL)
        return CONVERSATION_NOTIFIED;
    if (letter->rules.group.release.certainty == CERTAINTY_WITHDRAWN)
        return CONVERSATION_WITHDRAWN;
    if (g_strcmp0(letter->rules.recipient, standing->request->rules.recipient) != 0)
        return CONVERSATION_READDRESSED;
    return clock_same_day(clock_release_at(&letter->rules), clock_release_at(&standing->request->rules)) ? CONVERSATION_AMENDED
                                                                                                        : CONVERSATION_REDATED;
}

static int state_report(int outcome)
{
    switch (outcome) {
    case OUTCOME_MET: return CONVERSATION_MET;
    case OUTCOME_REMANDED:
    case OUTCOME_GATE_ARREST: return CONVERSATION_HELD_AGAIN;
    case OUTCOME_DECLINED: return CONVERSATION_DECLINED;
    default: return CONVERSATION_NOT_MET;
    }
}

static int state_dose_answer(int reply)
{
    if (reply == DOSE_REPLY_CONFIRMED)
        return CONVERSATION_CONFIRMED;
    return reply == DOSE_REPLY_NEED_MORE_IDENTITY ? CONVERSATION_IDENTITY_NEEDED : CONVERSATION_ANSWERED;
}

static bool state_is(const Letter *letter, const TcId *id)
{
    return letter != NULL && tc_id_equal(&letter->id, id);
}

static int state_recall(const Standing *standing, const Letter *letter)
{
    bool dose = standing->machine == MACHINE_DOSE;
    const TcId *recalled = &letter->rules.in_reply_to;
    if (state_is(standing->request, recalled))
        return dose ? CONVERSATION_REQUEST_RECALLED : CONVERSATION_NOTIFICATION_RECALLED;
    if (state_is(standing->answer, recalled))
        return dose ? CONVERSATION_DOSE_ANSWER_RECALLED : CONVERSATION_ANSWER_RECALLED;
    return state_is(standing->report, recalled) ? CONVERSATION_REPORT_RECALLED : CONVERSATION_NONE;
}

static int state_event(const Standing *standing, const Letter *letter)
{
    switch (letter->rules.kind) {
    case KIND_RELEASE_NOTIFICATION: return state_notification(standing, letter);
    case KIND_RELEASE_ANSWER:
        return letter->rules.group.release_answer.reply == RELEASE_REPLY_CANNOT ? CONVERSATION_CANNOT : CONVERSATION_NAMED;
    case KIND_MEETING_REPORT: return state_report(letter->rules.group.meeting.outcome);
    case KIND_DOSE_REQUEST: return standing->request == NULL ? CONVERSATION_REQUESTED : CONVERSATION_REQUEST_AMENDED;
    case KIND_DOSE_ANSWER: return state_dose_answer(letter->rules.group.dose_answer.reply);
    case KIND_RECALL: return state_recall(standing, letter);
    default: return CONVERSATION_NONE;
    }
}

static void state_remember(Standing *standing, const Letter *letter)
{
    switch (letter->rules.kind) {
    case KIND_RELEASE_NOTIFICATION:
    case KIND_DOSE_REQUEST:
        standing->request = letter;
        standing->versions++;
        break;
    case KIND_RELEASE_ANSWER:
    case KIND_DOSE_ANSWER: standing->answer = letter; break;
    case KIND_MEETING_REPORT: standing->report = letter; break;
    default:
        if (state_is(standing->answer, &letter->rules.in_reply_to))
            standing->answer = NULL;
        if (state_is(standing->report, &letter->rules.in_reply_to))
            standing->report = NULL;
    }
}

Standing state_of(const GPtrArray *letters)
{
    Standing standing = { .name = "" };
    for (guint i = 0; i < letters->len; i++) {
        const Letter *letter = letters->pdata[i];
        const KindRule *rule = kind_rule(letter->rules.kind);
        if (!letter_counts(letter) || rule == NULL)
            continue;
        standing.machine = rule->machine == MACHINE_NONE ? standing.machine : rule->machine;
        const MachineRow *row = machine_step(standing.machine, standing.state, state_event(&standing, letter));
        if (row == NULL || ((row->effects & EFFECT_CORRECTS) != 0 && tc_id_is_none(&letter->rules.supersedes)))
            continue;
        state_remember(&standing, letter);
        standing.state = row->next;
        standing.name = machine_state_name(standing.machine, standing.state);
    }
    return standing;
}

static bool state_from_here(const TcClient *client, const Letter *letter)
{
    return letter != NULL && strcmp(letter->rules.sender, client->passport->service) == 0;
}

bool state_waits_here(const TcClient *client, const Standing *standing, const Letter *letter)
{
    bool addressed = g_strcmp0(letter->rules.recipient, client->passport->service) == 0;
    if (letter->ours)
        return false;
    if (letter == standing->answer)
        return addressed && standing->machine == MACHINE_DOSE && standing->state == DOSE_NEED_IDENTITY;
    if (letter != standing->request)
        return false;
    if (standing->machine == MACHINE_DOSE)
        return addressed && standing->state == DOSE_REQUESTED;
    /* An SPOC that was told waits with the addressee: somebody must be named. */
    return standing->state == RELEASE_OPEN || (standing->state == RELEASE_CANNOT && !state_from_here(client, standing->answer));
}

bool state_is_superseded(const GPtrArray *letters, const Letter *letter)
{
    for (guint i = 0; i < letters->len; i++) {
        const Letter *other = letters->pdata[i];
        if (letter_counts(other) && tc_id_equal(&other->rules.supersedes, &letter->id))
            return true;
    }
    return false;
}
