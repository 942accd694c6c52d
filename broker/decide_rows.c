#include "broker/decide_work.h"

#include "proto/hash.h"

bool decide_refuse(Work *work, int code, const char *field, const char *standing)
{
    work->decision->refusal = (Refusal){ code, field, standing };
    return false;
}

const char *decide_text(Work *work, const char *text)
{
    return text == NULL ? NULL : g_string_chunk_insert(work->decision->strings, text);
}

bool decide_blocked(const Work *work, const char *service)
{
    return work->world->blocked != NULL && work->world->blocked(work->world->ctx, service);
}

const TcService *decide_service(const Work *work, const char *id)
{
    return decide_blocked(work, id) ? NULL : tc_directory_service(work->world->directory, id);
}

bool decide_has_stations(const Work *work, const char *service)
{
    const TcService *found = tc_directory_service(work->world->directory, service);
    return found != NULL && found->station_count > 1;
}

void decide_audit(Work *work, const AuditNote *note)
{
    AuditRow row = { .event = note->event, .service = note->service, .conversation = work->head->conversation,
                     .message = note->message, .detail = note->detail == NULL ? "" : note->detail };
    g_array_append_val(work->decision->audit, row);
}

void decide_audit_item(Work *work, int event, const TcId *conversation, const TcId *message)
{
    AuditRow row = { event, work->event->service, *conversation, *message, work->event->item.digest, "" };
    g_array_append_val(work->decision->audit, row);
}

/* A message goes to nobody whom the client did not agree to: that it did not is on record. */
void decide_deliver(Work *work, const char *recipient, int type, const TcId *message, Span body)
{
    if (type == DELIVERY_MESSAGE && !decide_consent_reaches(work, recipient, decide_consent_governs(work, message))) {
        decide_audit(work, &(AuditNote){ AUDIT_WITHHELD, recipient, *message, NULL });
        return;
    }
    DeliveryRow row = { recipient, type, *message, body };
    g_array_append_val(work->decision->deliveries, row);
}

void decide_evidence(Work *work, const char *recipient, EvidenceOut evidence)
{
    static const TcId none;
    evidence.at = work->world->now;
    decide_deliver(work, recipient, DELIVERY_EVIDENCE, &none, encode_evidence(work->decision->strings, &evidence));
}

void decide_head_changed(Work *work, ConversationEvent event)
{
    g_assert(!work->decision->head_changed);
    work->head->version++;
    work->decision->head_changed = true;
    work->decision->conversation_event = (int)event;
}

/* A version 8 UUID (RFC 9562): its bits are ours to define, here a digest's. */
TcId decide_id(const char *context, int number, const TcId *conversation, const TcId *cause, uint64_t version)
{
    TcHash hash;
    uint8_t digest[TC_HASH_LEN];
    TcId id;
    tc_hash_begin(&hash, context);
    tc_hash_u32(&hash, (uint32_t)number);
    tc_hash_lp(&hash, conversation->b, sizeof conversation->b);
    tc_hash_lp(&hash, cause->b, sizeof cause->b);
    tc_hash_u64(&hash, version);
    tc_hash_end(&hash, digest);
    memcpy(id.b, digest, sizeof id.b);
    id.b[6] = (uint8_t)(0x80 | (id.b[6] & 0x0f));
    id.b[8] = (uint8_t)(0x80 | (id.b[8] & 0x3f));
    return id;
}

TcId decide_held_clock(const TcId *message)
{
    static const TcId none;
    return decide_id("throughcare clock 1", POLICY_HELD, &none, message, 0);
}
