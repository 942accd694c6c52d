/* A clock ran out: the sender learns what did not happen, and somebody further up the line is told. */
#include "broker/decide_work.h"

#include "broker/clock.h"
#include "broker/machine.h"

static void decide_clock_fired(Work *work)
{
    ClockEndRow row = { work->event->clock.id, AUDIT_CLOCK_FIRED };
    g_array_append_val(work->decision->clock_ends, row);
    decide_audit(work, &(AuditNote){ AUDIT_CLOCK_FIRED, work->event->clock.waiting_for, work->event->clock.message,
                                     clock_policy_name(work->event->clock.policy) });
}

static void decide_clock_say(Work *work, const char *recipient, int step, int role, const TcId *message)
{
    int policy = work->event->clock.policy;
    decide_evidence(work, recipient,
                    (EvidenceOut){ .step = step, .messages = message, .message_count = 1,
                                   .by = work->event->clock.waiting_for, .role = role,
                                   .policy = policy == POLICY_TOLD ? clock_rung(work->event->clock.rung)->policy : policy });
}

/* ---- HELD ---- */

/* Of what asks somebody to act, a person must know that it lies unread; a recall or an answer is for its sender to follow up. */
static bool decide_clock_matters(const Work *work, const MessageRef *ref)
{
    bool asks = ref->kind == KIND_RELEASE_NOTIFICATION || ref->kind == KIND_DOSE_REQUEST;
    int state = work->head->state;
    bool over = work->head->machine == MACHINE_DOSE ? state == DOSE_RECALLED : state == RELEASE_RECALLED || state == RELEASE_WITHDRAWN;
    return asks && !over && work->head->version != 0;
}

static void decide_clock_held(Work *work)
{
    const MessageRef *ref = &work->event->known.ref;
    const ClockDue *clock = &work->event->clock;
    if (work->event->known.clock_ended || tc_id_is_none(&ref->id)) {
        work->decision->no_effect = true;
        return;
    }
    work->head->conversation = clock->conversation;
    decide_clock_fired(work);
    if (ref->recalled)
        return;
    decide_clock_say(work, ref->sender, STEP_NOT_HELD, ROLE_NONE, &ref->id);
    if (!decide_clock_matters(work, ref))
        return;
    decide_head_changed(work, CONVERSATION_ESCALATED);
    decide_ladder_climb(work, clock_ladder(POLICY_HELD), &(Wait){ clock->started_at, clock->due_at });
}

/* ---- The clocks of a conversation ---- */

static int decide_clock_slot(int policy)
{
    return policy == POLICY_TOLD ? CLOCK_SLOT_TOLD : policy == POLICY_CONTACT ? CLOCK_SLOT_CONTACT : CLOCK_SLOT_ANSWER;
}

static void decide_clock_unanswered(Work *work)
{
    const ClockDue *clock = &work->event->clock;
    const MessageRef *ref = &work->event->known.ref;
    const char *starter = decide_text(work, work->head->starter);
    decide_clock_say(work, starter, STEP_NOT_ANSWERED, ROLE_NONE, &work->head->newest_notification);
    if (tc_id_equal(&ref->id, &work->head->newest_notification) && !ref->opened)
        decide_clock_say(work, starter, STEP_NOT_OPENED, ROLE_NONE, &ref->id);
    decide_ladder_climb(work, clock_ladder(clock->policy), &(Wait){ clock->started_at, clock->due_at });
}

/* Nobody confirmed that they were told: the next rung, and after the last, from the first again. */
static void decide_clock_untold(Work *work)
{
    const ClockDue *clock = &work->event->clock;
    const ClockRung *rung = clock_rung(clock->rung);
    const Wait wait = { clock->started_at, clock->due_at };
    if (rung->role == ROLE_NONE) {
        decide_ladder_climb(work, clock_ladder(rung->policy), &wait);
        return;
    }
    decide_clock_say(work, decide_text(work, work->head->starter), STEP_NOT_TOLD, rung->role, &work->head->newest_notification);
    decide_ladder_climb(work, clock->rung + 1, &wait);
}

void decide_clock(Work *work)
{
    const ClockDue *clock = &work->event->clock;
    int slot = decide_clock_slot(clock->policy);
    if (clock->policy == POLICY_HELD) {
        decide_clock_held(work);
        return;
    }
    /* A clock that its conversation no longer holds has been stopped, or has fired already. */
    if (work->head->version == 0 || !tc_id_equal(&work->head->clocks[slot].id, &clock->id)
        || (clock->policy == POLICY_TOLD && clock_rung(clock->rung) == NULL)) {
        work->decision->no_effect = true;
        return;
    }
    memset(&work->head->clocks[slot], 0, sizeof work->head->clocks[slot]);
    decide_head_changed(work, CONVERSATION_ESCALATED);
    decide_clock_fired(work);
    if (clock->policy == POLICY_TOLD)
        decide_clock_untold(work);
    else
        decide_clock_unanswered(work);
}
