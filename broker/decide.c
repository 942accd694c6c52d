#include "broker/decide_work.h"

#include "proto/digests.h"

/* An act of the operator, or the directory that is in force from now on: nothing but its row. A directory's row holds the digest
 * of the signed snapshot as it is kept. */
static void decide_admin(Work *work)
{
    const AdminAct *act = &work->event->admin;
    AuditRow row = { .event = act->audit_event, .service = act->subject, .detail = act->detail };
    if (act->body.len > 0)
        tc_digest_directory(act->body.data, act->body.len, &row.digest);
    g_array_append_val(work->decision->audit, row);
}

static void decide_item(Work *work)
{
    switch (work->event->item.kind) {
    case ITEM_MESSAGE: decide_message(work); break;
    case ITEM_WRAP: decide_wrap(work); break;
    case ITEM_CONFIRMATION: decide_confirmation(work); break;
    }
}

void decide(const Event *event, const World *world, Decision *decision)
{
    Work work = { event, world, decision, &decision->head, event->known.care };
    decision->head = event->known.head;
    switch (event->kind) {
    case EVENT_ITEM: decide_item(&work); break;
    case EVENT_CLOCK: decide_clock(&work); break;
    case EVENT_ADMIN: decide_admin(&work); break;
    case EVENT_HAND_BACK: decide_care_hand_back(&work); break;
    }
}
