/* What a statement changes of what is known of a client: custody, an order of the court, a death, and who prescribes. A client whom nobody has
 * taken up is taken up by who states it, where that service may coordinate. */
#include "broker/decide_work.h"

#include <string.h>

static void statement_movement(Work *work, const Message *message, int step)
{
    Care *care = &work->care;
    if (step == MOVEMENT_RELEASED) {
        decide_care_release(work, NULL);
        return;
    }
    care->in_custody = step != MOVEMENT_HOSPITAL || care->in_custody;
    g_strlcpy(care->place, message->group.coded.place == NULL ? "" : message->group.coded.place, sizeof care->place);
    if (care->version > 0)
        decide_care_change(work, COORDINATION_NOTED, NULL, NULL, message);
    else if (decide_care_may_hold(work, message->sender))
        decide_care_change(work, COORDINATION_TAKEN_UP, message->sender, message->worker, message);
}

/* What somebody must attend by a caution or a police power binds them, not who may coordinate; nor does what came of an order change it. */
bool decide_statement_binds(const Message *message)
{
    int type = message->group.coded.type, step = message->group.coded.code;
    return message->kind == KIND_COURT_ORDER && type != ORDER_TYPE_CONDITIONAL_CAUTION && type != ORDER_TYPE_REQUIRED_ASSESSMENT && step != ORDER_OUTCOME;
}

static void statement_order(Work *work, const Message *message, int step)
{
    Care *care = &work->care;
    care->on_order = step != ORDER_CLEARED;
    bool keeps = care->version > 0 && (!care->on_order || decide_care_is(work, care->coordinator, CARE_ON_ORDER));
    const char *holder = decide_care_is(work, message->sender, CARE_ON_ORDER) ? message->sender : message->recipient;
    if (keeps)
        decide_care_change(work, COORDINATION_NOTED, NULL, NULL, message);
    else if (care->on_order)
        decide_care_change(work, care->version == 0 ? COORDINATION_TAKEN_UP : COORDINATION_PASSED, holder, NULL, message);
}

/* ---- Who prescribes: at most one ---- */

static void statement_say_prescribing(Work *work, int step, const char *by)
{
    const char *const who[] = { work->care.coordinator, work->care.residual, work->care.prescriber, work->head->starter, work->head->addressee };
    for (size_t i = 0; i < G_N_ELEMENTS(who); i++) {
        bool again = who[i][0] == '\0';
        for (size_t j = 0; j < i; j++)
            again = again || strcmp(who[i], who[j]) == 0;
        if (!again)
            decide_evidence(work, decide_text(work, who[i]),
                            (EvidenceOut){ .step = step, .messages = &work->head->newest_notification, .message_count = 1, .by = by });
    }
}

static void statement_prescriber(Work *work, const Message *message, const char *prescriber)
{
    if (work->care.version == 0 && !decide_care_may_hold(work, message->sender))
        return;
    g_strlcpy(work->care.prescriber, prescriber, sizeof work->care.prescriber);
    bool first = work->care.version == 0;
    decide_care_change(work, first ? COORDINATION_TAKEN_UP : COORDINATION_NOTED, first ? message->sender : NULL, NULL, message);
}

/* One that starts takes the responsibility; if another has it, and was not named as the one before, both and the coordinator learn that two
 * prescribe. One that stops without saying who goes on leaves a gap. */
static void statement_prescribing(Work *work, const Message *message, int step)
{
    const Care *care = &work->care;
    const char *sender = message->sender, *other = message->group.coded.service;
    if (step == PRESCRIBING_START && strcmp(care->prescriber, sender) != 0) {
        bool two = care->prescriber[0] != '\0' && (other == NULL || strcmp(other, care->prescriber) != 0);
        if (two)
            statement_say_prescribing(work, STEP_TWO_PRESCRIBE, sender);
        statement_prescriber(work, message, sender);
    }
    if (step == PRESCRIBING_STOP && strcmp(care->prescriber, sender) == 0) {
        if (other == NULL)
            statement_say_prescribing(work, STEP_NOBODY_PRESCRIBES, sender);
        statement_prescriber(work, message, other == NULL ? "" : other);
    }
}

static void statement_recalled_prescribing(Work *work, const Message *message, int step)
{
    if (step == PRESCRIBING_START && strcmp(work->care.prescriber, message->sender) == 0)
        statement_prescriber(work, message, "");
    if (step == PRESCRIBING_STOP && work->care.prescriber[0] == '\0')
        statement_prescriber(work, message, message->sender);
}

void decide_statement(Work *work, const Message *message)
{
    int step = message->group.coded.code;
    if (message->kind == KIND_PRESCRIBING)
        statement_prescribing(work, message, step);
    if (message->kind == KIND_MOVEMENT)
        statement_movement(work, message, step);
    if (decide_statement_binds(message))
        statement_order(work, message, step);
    if (message->kind == KIND_DEATH && !work->care.died)
        decide_consent_tell_holders(work, &(EvidenceOut){ .step = STEP_CLIENT_DIED, .by = message->sender });
    if (message->kind == KIND_DEATH && work->care.version > 0) {
        work->care.died = true;
        decide_care_change(work, COORDINATION_NOTED, NULL, NULL, message);
    }
}

/* A statement taken back: the client stands as before it, but who was answerable meanwhile stays so. */
void decide_statement_recalled(Work *work, const Message *message)
{
    Care *care = &work->care;
    int kind = work->event->known.ref.kind, step = head_code(work->head);
    if (kind == KIND_DEATH)
        decide_consent_tell_holders(work, &(EvidenceOut){ .step = STEP_DEATH_TAKEN_BACK, .by = message->sender });
    if (care->version == 0)
        return;
    if (kind == KIND_PRESCRIBING) {
        statement_recalled_prescribing(work, message, step);
        return;
    }
    if (kind == KIND_MOVEMENT)
        care->in_custody = step == MOVEMENT_RELEASED;
    else if (kind == KIND_COURT_ORDER && head_binds(work->head))
        care->on_order = step == ORDER_CLEARED;
    else if (kind == KIND_DEATH)
        care->died = false;
    else
        return;
    decide_care_change(work, COORDINATION_NOTED, NULL, NULL, message);
}
