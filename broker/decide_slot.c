/* The up to four clocks of a conversation, each in its slot of the head. Starting one in a slot ends the one before it. */
#include "broker/decide_work.h"

#include "broker/clock.h"

bool decide_slot_running(const Work *work, int slot)
{
    return !tc_id_is_none(&work->head->clocks[slot].id);
}

void decide_slot_end(Work *work, int slot, int how)
{
    if (!decide_slot_running(work, slot))
        return;
    ClockEndRow row = { work->head->clocks[slot].id, how };
    g_array_append_val(work->decision->clock_ends, row);
    decide_audit(work, &(AuditNote){ how, decide_text(work, work->head->addressee), work->head->newest_notification,
                                     clock_policy_name(work->head->clocks[slot].policy) });
    memset(&work->head->clocks[slot], 0, sizeof work->head->clocks[slot]);
}

/* Its row says which slot and policy it speaks of; it says nothing when that no longer runs. */
static void decide_slot_remind(Work *work, const SlotStart *start)
{
    const Head *head = work->head;
    int64_t at = start->policy == POLICY_TOLD ? 0 : decide_due_reminder(work, start->policy, start->due_at);
    if (at == 0)
        return;
    ClockRow row = { decide_id("throughcare reminder 1", start->policy, &head->conversation, &head->newest_notification, head->version),
                     head->conversation, head->newest_notification, POLICY_REMINDER, work->world->now, at,
                     (uint32_t)start->slot | (uint32_t)start->policy << 8, decide_text(work, start->waiting_for) };
    g_array_append_val(work->decision->clocks, row);
}

/* A rung being climbed is audited as ESCALATED, so its clock's start is not told twice. */
TcId decide_slot_start(Work *work, const SlotStart *start)
{
    Head *head = work->head;
    decide_slot_end(work, start->slot, AUDIT_CLOCK_STOPPED);
    TcId id = decide_id("throughcare clock 1", start->policy, &head->conversation, &head->newest_notification, head->version);
    ClockRow row = { id, head->conversation, head->newest_notification, start->policy, work->world->now, start->due_at,
                     start->rung, decide_text(work, start->waiting_for) };
    g_array_append_val(work->decision->clocks, row);
    head->clocks[start->slot].id = id;
    head->clocks[start->slot].policy = start->policy;
    head->clocks[start->slot].due_at = start->due_at;
    head->clocks[start->slot].rung = start->rung;
    decide_slot_remind(work, start);
    if (start->policy != POLICY_TOLD)
        decide_audit(work, &(AuditNote){ AUDIT_CLOCK_STARTED, row.waiting_for, head->newest_notification,
                                         clock_policy_name(start->policy) });
    return id;
}
