/* A clock ran out: the sender learns what did not happen, and somebody further up the line is told. */
#include "broker/decide_work.h"

#include "broker/clock.h"
#include "broker/kind.h"
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

/* Of what asks somebody to act, a person must know that it lies unread; a statement, a recall or an answer is for its sender to follow up. */
static bool decide_clock_matters(const Work *work, const MessageRef *ref)
{
    const KindRule *rule = kind_rule(ref->kind);
    const Head *head = work->head;
    if (head->version == 0 || rule == NULL || rule->place != PLACE_REQUEST || head->machine == MACHINE_STATEMENT)
        return false;
    const char *task = machine_task_status(head->machine, head->state);
    bool withdrawn = head->machine == MACHINE_RELEASE && head->state == RELEASE_WITHDRAWN;
    return !withdrawn && strcmp(task, "entered-in-error") != 0;
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
    decide_ladder_begin(work, POLICY_HELD, &(Wait){ clock->started_at, clock->due_at });
}

/* ---- The clocks of a conversation ---- */

/* The slot in which this clock runs; -1: its conversation holds it no longer. */
static int decide_clock_slot(const Work *work)
{
    for (int slot = 0; slot < (int)G_N_ELEMENTS(work->head->clocks); slot++)
        if (work->head->version != 0 && tc_id_equal(&work->head->clocks[slot].id, &work->event->clock.id))
            return slot;
    return -1;
}

/* Somebody in custody misses no appointment, and nobody writes to the dead: the clock ends, and the record says why. */
static bool decide_clock_is_idle(Work *work)
{
    const ClockDue *clock = &work->event->clock;
    const char *why = work->care.died ? "died" : work->care.in_custody && clock_needs_client(clock->policy) ? "in_custody" : NULL;
    if (why == NULL)
        return false;
    g_autofree char *detail = g_strdup_printf("%s/%s", clock_policy_name(clock->policy), why);
    ClockEndRow row = { clock->id, AUDIT_CLOCK_STOPPED };
    g_array_append_val(work->decision->clock_ends, row);
    decide_audit(work, &(AuditNote){ AUDIT_CLOCK_STOPPED, clock->waiting_for, clock->message, decide_text(work, detail) });
    return true;
}

/* An offer that nobody answered: it is over, and the offerer is answerable as before. */
static void decide_clock_expired(Work *work)
{
    const MachineRow *row = machine_step(work->head->machine, work->head->state, CONVERSATION_TRANSFER_EXPIRED);
    const TcId *offer = &work->head->newest_notification;
    if (row == NULL)
        return;
    work->head->state = row->next;
    decide_clock_say(work, decide_text(work, work->head->starter), STEP_EXPIRED, ROLE_NONE, offer);
    decide_clock_say(work, decide_text(work, work->head->addressee), STEP_EXPIRED, ROLE_NONE, offer);
}

/* Nobody said in time whether the client was met: out of custody all the same, somebody is answerable from now on. */
static void decide_clock_released(Work *work)
{
    decide_care_release(work, work->head->state == RELEASE_NAMED ? work->head->addressee : NULL);
}

static void decide_clock_unanswered(Work *work)
{
    const ClockDue *clock = &work->event->clock;
    const MessageRef *ref = &work->event->known.ref;
    const char *starter = decide_text(work, work->head->starter);
    decide_clock_say(work, starter, STEP_NOT_ANSWERED, ROLE_NONE, &work->head->newest_notification);
    if (tc_id_equal(&ref->id, &work->head->newest_notification) && !ref->opened)
        decide_clock_say(work, starter, STEP_NOT_OPENED, ROLE_NONE, &ref->id);
    decide_ladder_begin(work, clock->policy, &(Wait){ clock->started_at, clock->due_at });
    if (clock->policy == POLICY_NAMED)
        decide_effects_contact(work);
}

/* Nobody confirmed that they were told: the next rung, and after the last, from the first again. */
static void decide_clock_untold(Work *work)
{
    const ClockDue *clock = &work->event->clock;
    const ClockRung *rung = clock_rung(clock->rung);
    const Wait wait = { clock->started_at, clock->due_at };
    if (rung->role != ROLE_NONE)
        decide_clock_say(work, decide_text(work, work->head->starter), STEP_NOT_TOLD, rung->role, &work->head->newest_notification);
    decide_ladder_go_on(work, clock->rung, &wait);
}

/* The service that is waited for hears of it before the clock runs out, if that still runs. */
static void decide_clock_reminder(Work *work)
{
    const ClockDue *clock = &work->event->clock;
    const Head *head = work->head;
    int slot = (int)(clock->rung & 0xff), policy = (int)(clock->rung >> 8);
    bool runs = head->version != 0 && slot < (int)G_N_ELEMENTS(head->clocks) && decide_slot_running(work, slot) && head->clocks[slot].policy == policy
                && tc_id_equal(&clock->message, &head->newest_notification) && head->clocks[slot].due_at > work->world->now;
    if (!runs || work->care.died || (work->care.in_custody && clock_needs_client(policy))) {
        work->decision->no_effect = true;
        return;
    }
    const char *service = decide_text(work, head->addressee);
    NoticeOut notice = { .clock = clock->id, .conversation = head->conversation, .message = head->newest_notification, .policy = policy,
                         .role = ROLE_NONE, .waiting_for = service, .kind = kind_of_request(head->machine), .since_at = clock->started_at,
                         .due_at = head->clocks[slot].due_at };
    decide_clock_fired(work);
    decide_deliver(work, service, DELIVERY_NOTICE, &clock->id, encode_notice(work->decision->strings, &notice));
}

void decide_clock(Work *work)
{
    const ClockDue *clock = &work->event->clock;
    int slot = decide_clock_slot(work);
    if (clock->policy == POLICY_HELD) {
        decide_clock_held(work);
        return;
    }
    if (clock->policy == POLICY_REMINDER) {
        decide_clock_reminder(work);
        return;
    }
    /* A clock that its conversation no longer holds has been stopped, or has fired already. */
    if (slot < 0 || (clock->policy == POLICY_TOLD && clock_rung(clock->rung) == NULL)) {
        work->decision->no_effect = true;
        return;
    }
    memset(&work->head->clocks[slot], 0, sizeof work->head->clocks[slot]);
    bool expires = clock->policy == POLICY_TRANSFER_ANSWERED;
    decide_head_changed(work, expires ? CONVERSATION_TRANSFER_EXPIRED : CONVERSATION_ESCALATED);
    if (decide_clock_is_idle(work))
        return;
    decide_clock_fired(work);
    if (expires)
        decide_clock_expired(work);
    else if (clock->policy == POLICY_TOLD)
        decide_clock_untold(work);
    else
        decide_clock_unanswered(work);
    if (clock->policy == POLICY_CONTACT)
        decide_clock_released(work);
}
