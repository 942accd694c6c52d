#include "adapters/sdk/state.h"

#include "broker/clock.h"
#include "broker/codes.h"
#include "broker/kind.h"
#include "broker/machine.h"
#include "broker/occurrence.h"

static const Letter *state_find(const GPtrArray *letters, const TcId *id)
{
    for (guint i = 0; !tc_id_is_none(id) && i < letters->len; i++)
        if (tc_id_equal(&((const Letter *)letters->pdata[i])->id, id))
            return letters->pdata[i];
    return NULL;
}

/* As the broker does it (decide_message.c), without what only the broker knows. */
static void state_take(Standing *standing, Head *head, const Letter *letter)
{
    const Message *message = &letter->rules;
    const MachineRow *row = machine_step(occurrence_machine(head, message), head->state, occurrence_of(head, message, letter->at));
    if (row == NULL || ((row->effects & EFFECT_CORRECTS) != 0 && tc_id_is_none(&message->supersedes)))
        return;
    head->machine = occurrence_machine(head, message);
    head->state = row->next;
    occurrence_remember(head, message, letter->at);
    if (message->kind != KIND_RECALL && kind_rule(message->kind)->place == PLACE_REQUEST) {
        g_strlcpy(head->addressee, message->recipient == NULL ? "" : message->recipient, sizeof head->addressee); /* "": who, the broker knows */
        standing->versions++;
    }
}

Standing state_of(const GPtrArray *letters)
{
    Head head = { 0 };
    Standing standing = { .name = "" };
    for (guint i = 0; i < letters->len; i++) {
        const Letter *letter = letters->pdata[i];
        if (letter_counts(letter) && kind_rule(letter->rules.kind) != NULL)
            state_take(&standing, &head, letter);
    }
    standing.machine = head.machine;
    standing.state = head.state;
    if (head.state != STATE_NEW)
        standing.name = machine_state_name(head.machine, head.state);
    standing.request = state_find(letters, &head.newest_notification);
    standing.answer = state_find(letters, &head.newest_answer);
    standing.report = state_find(letters, &head.newest_report);
    standing.when = head.release_at;
    return standing;
}

static bool state_from_here(const TcClient *client, const Letter *letter)
{
    return letter != NULL && strcmp(letter->rules.sender, client->passport->service) == 0;
}

/* An SPOC that was told of a silence waits with the addressee, but for a dose, which it cannot know, and an offer made to another. */
static bool state_asks(int machine, int state, bool addressed)
{
    switch (machine) {
    case MACHINE_DOSE: return addressed && state == DOSE_REQUESTED;
    case MACHINE_REFERRAL: return state == REFERRAL_ASKED || (state == REFERRAL_DECLINED && !addressed) || (addressed && state == REFERRAL_ACCEPTED);
    case MACHINE_TRANSFER: return addressed && state == TRANSFER_OFFERED;
    case MACHINE_DROPOUT: return state == DROPOUT_WOKEN;
    case MACHINE_CONCERN: return state == CONCERN_RAISED;
    default: return false;
    }
}

bool state_waits_here(const TcClient *client, const Standing *standing, const Letter *letter)
{
    bool ours = state_from_here(client, standing->answer);
    bool addressed = letter->rules.recipient == NULL ? ours : g_strcmp0(letter->rules.recipient, client->passport->service) == 0;
    if (letter->ours)
        return false;
    /* By request: what this service has declined waits for the next. */
    if (letter->rules.recipient == NULL && ours && standing->state == REFERRAL_ASKED)
        return false;
    if (letter == standing->answer)
        return addressed && standing->machine == MACHINE_DOSE && standing->state == DOSE_NEED_IDENTITY;
    if (letter != standing->request)
        return false;
    if (standing->machine != MACHINE_RELEASE)
        return state_asks(standing->machine, standing->state, addressed);
    /* An SPOC that was told waits with the addressee: somebody must be named. */
    return standing->state == RELEASE_OPEN || (standing->state == RELEASE_CANNOT && !state_from_here(client, standing->answer));
}

int64_t state_answer_by(const Standing *standing, const Letter *letter)
{
    int urgency = letter->rules.urgency;
    if (letter != standing->request || standing->machine == MACHINE_STATEMENT || standing->state == STATE_NEW)
        return 0;
    return clock_answer_due(clock_answer_policy(standing->machine, urgency), urgency, standing->when, letter->at, NULL);
}

int64_t state_due(const Standing *standing, const Letter *letter)
{
    if (letter == standing->request && standing->machine == MACHINE_REFERRAL && standing->state == REFERRAL_ACCEPTED)
        return standing->answer == NULL ? 0 : clock_booked_due(letter->rules.urgency, standing->answer->at, NULL);
    return state_answer_by(standing, letter);
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
