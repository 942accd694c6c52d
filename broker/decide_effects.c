/* What a row of a lifecycle does to the clocks of its conversation. */
#include "broker/decide_work.h"

#include "broker/clock.h"

static int64_t decide_effects_answer_due(const Work *work, int policy, int64_t usual)
{
    const Head *head = work->head;
    bool fixed = policy == POLICY_NAMED || policy == POLICY_CELL_ANSWERED || policy == POLICY_DOSE_ANSWERED;
    int64_t script_end = policy == POLICY_TRANSFER_ANSWERED && head->release_at != 0 ? usual : 0;
    return decide_due(work, policy, &(Due){ usual, work->world->now, fixed ? head->release_at : script_end });
}

static void decide_effects_start_answer(Work *work)
{
    const Head *head = work->head;
    int policy = clock_answer_policy(head->machine, head_urgency(head));
    int64_t usual = policy == POLICY_FIRST_ATTEMPT ? clock_attempt_due(work->care.released_at, work->world->now, decide_hours(work))
                                                   : clock_answer_due(policy, head_urgency(head), head->release_at, work->world->now, decide_hours(work));
    if (!decide_slot_running(work, CLOCK_SLOT_ANSWER))
        decide_slot_start(work, &(SlotStart){ CLOCK_SLOT_ANSWER, policy, decide_effects_answer_due(work, policy, usual), 0, head->addressee });
}

static void decide_effects_start_contact(Work *work, int policy, int64_t usual, int64_t from)
{
    int64_t due = decide_due(work, policy, &(Due){ usual, from, 0 });
    decide_slot_start(work, &(SlotStart){ CLOCK_SLOT_CONTACT, policy, due, 0, work->head->addressee });
}

/* The clocks of a referral that was taken on. */
static void decide_effects_start_next(Work *work, unsigned effects)
{
    const Head *head = work->head;
    int64_t now = work->world->now;
    if ((effects & EFFECT_START_BOOKING) != 0)
        decide_effects_start_contact(work, POLICY_BOOKED, clock_booked_due(head_urgency(head), now, decide_hours(work)), now);
    if ((effects & EFFECT_START_SEEN) != 0)
        decide_effects_start_contact(work, POLICY_SEEN, clock_seen_due(head->release_at, now), MAX(head->release_at, now));
    if ((effects & EFFECT_START_ATTEMPT) != 0)
        decide_effects_start_contact(work, POLICY_FIRST_ATTEMPT, clock_attempt_due(work->care.released_at, now, decide_hours(work)), now);
}

/* What is due besides an appointment runs until the client was seen, or until it is over. */
static void decide_effects_treatment(Work *work, unsigned effects)
{
    const Head *head = work->head;
    const TcService *service = tc_directory_service(work->world->directory, head->addressee);
    bool waits = head->state == REFERRAL_ACCEPTED || head->state == REFERRAL_BOOKED || head->state == REFERRAL_MISSED;
    if (head->machine != MACHINE_REFERRAL)
        return;
    if (!waits)
        decide_slot_end(work, CLOCK_SLOT_TREATMENT, AUDIT_CLOCK_STOPPED);
    int policy = clock_treatment_policy(head_pathway(head), head_urgency(head), service == NULL ? SERVICE_NONE : service->kind);
    if ((effects & EFFECT_PASS_FOUND) == 0 || head->state != REFERRAL_ACCEPTED || policy == POLICY_NONE || decide_slot_running(work, CLOCK_SLOT_TREATMENT))
        return;
    int64_t now = work->world->now, due = decide_due(work, policy, &(Due){ clock_treatment_due(policy, now), now, 0 });
    decide_slot_start(work, &(SlotStart){ CLOCK_SLOT_TREATMENT, policy, due, 0, head->addressee });
}

void decide_effects_contact(Work *work)
{
    const Head *head = work->head;
    if (head->release_at == 0 || decide_slot_running(work, CLOCK_SLOT_CONTACT))
        return;
    decide_effects_start_contact(work, POLICY_CONTACT, clock_contact_due(head->release_at, work->world->now, 0), head->release_at);
}

static int64_t decide_effects_moved_due(const Work *work, int policy, int64_t running)
{
    const Head *head = work->head;
    int64_t now = work->world->now;
    if (policy == POLICY_NAMED)
        return decide_effects_answer_due(work, policy, clock_named_due(head->release_at, now, running));
    if (policy == POLICY_CONTACT)
        return head->release_at == 0 ? running
                                     : decide_due(work, policy, &(Due){ clock_contact_due(head->release_at, now, running), head->release_at, 0 });
    if (policy == POLICY_DOSE_ANSWERED)
        return decide_effects_answer_due(work, policy, clock_dose_due(head->release_at, now));
    return MIN(running, decide_effects_answer_due(work, policy, clock_answer_due(policy, head_urgency(head), head->release_at, now, decide_hours(work))));
}

static void decide_effects_move(Work *work, int slot)
{
    if (!decide_slot_running(work, slot))
        return;
    int policy = work->head->clocks[slot].policy;
    int64_t running = work->head->clocks[slot].due_at;
    int64_t due = decide_effects_moved_due(work, policy, running);
    if (due != running)
        decide_slot_start(work, &(SlotStart){ slot, policy, due, 0, work->head->addressee });
}

static void decide_effects_escalate(Work *work)
{
    int64_t now = work->world->now;
    decide_slot_end(work, CLOCK_SLOT_ANSWER, AUDIT_CLOCK_FIRED);
    decide_ladder_begin(work, clock_answer_policy(work->head->machine, head_urgency(work->head)), &(Wait){ now, now });
    if (work->head->machine == MACHINE_RELEASE)
        decide_effects_contact(work); /* at release, somebody must be answerable all the same */
}

void decide_effects(Work *work, const Message *message, unsigned effects)
{
    bool happened = message->kind == KIND_RELEASE_NOTIFICATION && message->group.release.certainty == CERTAINTY_HAPPENED;
    if ((effects & EFFECT_STOP_ANSWER) != 0)
        decide_slot_end(work, CLOCK_SLOT_ANSWER, AUDIT_CLOCK_STOPPED);
    if ((effects & EFFECT_STOP_CONTACT) != 0)
        decide_slot_end(work, CLOCK_SLOT_CONTACT, AUDIT_CLOCK_STOPPED);
    if ((effects & EFFECT_STOP_TOLD) != 0)
        decide_slot_end(work, CLOCK_SLOT_TOLD, AUDIT_CLOCK_STOPPED);
    if ((effects & EFFECT_MOVE) != 0) {
        decide_effects_move(work, CLOCK_SLOT_ANSWER);
        decide_effects_move(work, CLOCK_SLOT_CONTACT);
    }
    if ((effects & EFFECT_START_ANSWER) != 0)
        decide_effects_start_answer(work);
    if ((effects & EFFECT_START_CONTACT) != 0 || (happened && (effects & EFFECT_CONTACT_IF_HAPPENED) != 0))
        decide_effects_contact(work);
    decide_effects_start_next(work, effects);
    decide_effects_treatment(work, effects);
    if ((effects & EFFECT_ESCALATE) != 0)
        decide_effects_escalate(work);
}
