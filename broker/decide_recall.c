/* Taking a message back. One that its recipient does not hold yet is stopped: its place in the queue says so instead. The recall
 * itself is delivered either way, because a copy may be under way that the broker cannot call back. The message's HELD clock is left
 * alone: it may have fired already, and if not ends quietly when it does. */
#include "broker/decide_work.h"

#include "proto/errors.h"

bool decide_recall_allowed(Work *work, const Message *message)
{
    const MessageRef *ref = &work->event->known.ref;
    if (tc_id_is_none(&ref->id) || !tc_id_equal(&ref->conversation, &message->conversation))
        return decide_refuse(work, TC_CODE_NOT_FOUND, "header.in_reply_to", NULL);
    if (strcmp(ref->sender, message->sender) != 0 || ref->kind == KIND_RECALL)
        return decide_refuse(work, TC_CODE_NOT_ALLOWED, "header.in_reply_to", NULL);
    if (ref->kind == KIND_CONSENT || ref->kind == KIND_MERGE) /* what stood before it is not known to stand now: a newer one says what does */
        return decide_refuse(work, TC_CODE_NOT_ALLOWED, "header.in_reply_to", NULL);
    if (strcmp(ref->recipient, message->recipient) != 0)
        return decide_refuse(work, TC_CODE_NOT_ALLOWED, "header.recipient", NULL);
    return !ref->recalled || decide_refuse(work, TC_CODE_ALREADY_RECALLED, "header.in_reply_to", NULL);
}

void decide_recall(Work *work, const Message *message)
{
    const MessageRef *ref = &work->event->known.ref;
    bool held = ref->delivery != 0 && ref->delivery <= work->event->known.floor_service; /* 0: not numbered yet */
    RecallRow recall = { ref->id, !held };
    g_array_append_val(work->decision->recalls, recall);
    decide_audit(work, &(AuditNote){ AUDIT_RECALLED, work->event->service, ref->id, held ? "told" : "stopped" });
    decide_evidence(work, work->event->service,
                    (EvidenceOut){ .step = held ? STEP_RECALL_TOLD : STEP_RECALL_STOPPED, .messages = &ref->id,
                                   .message_count = 1, .by = message->recipient });
}
