/* A wrap: part keys for somebody who is entitled to the message, from somebody who holds them. */
#include "broker/decide_work.h"

#include "broker/authorise.h"
#include "broker/clock.h"
#include "proto/errors.h"
#include "proto/uuid.h"

static bool decide_wrap_known(Work *work)
{
    const MessageRef *earlier = &work->event->known.duplicate;
    if (tc_id_is_none(&earlier->id))
        return false;
    if (tc_digest_equal(&earlier->digest, &work->event->item.digest))
        work->decision->no_effect = true;
    else
        decide_refuse(work, TC_CODE_ID_REUSED, "wrap.id", NULL);
    return true;
}

/* Sender, recipient, or a party that the message was delivered to. */
static bool decide_wrap_party(const Work *work, const char *service)
{
    const MessageRef *ref = &work->event->known.ref;
    return strcmp(ref->sender, service) == 0 || strcmp(ref->recipient, service) == 0
           || (work->head->version != 0 && authorise_relation(work->head, service) != RELATION_NONE);
}

/* The sender seals the minimum for the recipient's SPOC from the start, in case it must be told. */
static bool decide_wrap_for_spoc(const Work *work, const Wrap *wrap, const WrapKey *key)
{
    const MessageRef *ref = &work->event->known.ref;
    const TcService *recipient = tc_directory_service(work->world->directory, ref->recipient);
    if (recipient == NULL || key->part != PART_MINIMUM || strcmp(wrap->maker, ref->sender) != 0)
        return false;
    const TcService *spoc = tc_directory_role(work->world->directory, recipient, ROLE_SPOC);
    const TcArea *area = work->head->request.kind == 0 ? NULL : tc_directory_area(work->world->directory, work->head->request.area);
    return (spoc != NULL && strcmp(spoc->id, key->service) == 0) || (area != NULL && strcmp(area->spoc, key->service) == 0);
}

/* A key that the directory does not hold for the service would open for somebody else. */
static bool decide_wrap_key_listed(const Work *work, const WrapKey *key)
{
    const TcService *service = tc_directory_service(work->world->directory, key->service);
    for (size_t i = 0; service != NULL && i < service->sealing_key_count; i++)
        if (tc_digest_equal(&service->sealing_keys[i].key, &key->key_id))
            return true;
    return false;
}

static bool decide_wrap_entitled(Work *work, const Wrap *wrap)
{
    const MessageRef *ref = &work->event->known.ref;
    for (size_t i = 0; i < wrap->key_count; i++) {
        const WrapKey *key = &wrap->keys[i];
        if (!decide_wrap_party(work, key->service) && !decide_wrap_for_spoc(work, wrap, key))
            return decide_refuse(work, TC_CODE_NOT_ENTITLED, "wrap.keys.service", NULL);
        if (strcmp(key->service, ref->sender) != 0 && !decide_consent_reaches(work, key->service, ref->governed == 0 ? 0 : CONSENT_ANYTHING | 1u << key->part))
            return decide_consent_refuse(work, "wrap.keys.service");
        if (key->part != PART_MINIMUM && ref->kind == KIND_REFERRAL && work->head->request.kind != 0 && !decide_request_sees_all(work, key->service))
            return decide_refuse(work, TC_CODE_NOT_ENTITLED, "wrap.keys.part", NULL);
        if (!decide_wrap_key_listed(work, key))
            return decide_refuse(work, TC_CODE_NOT_ENTITLED, "wrap.keys.key_id", NULL);
    }
    return true;
}

static bool decide_wrap_time(Work *work, const Wrap *wrap)
{
    if (!tc_uuid_is_v7(wrap->id.b) || tc_uuid_time(wrap->id.b) < work->world->oldest_id_at)
        return decide_refuse(work, TC_CODE_ID_EXPIRED, "wrap.id", NULL);
    if (tc_uuid_time(wrap->id.b) > work->world->now + 5 * CLOCK_MINUTE)
        return decide_refuse(work, TC_CODE_CLOCK_AHEAD, "wrap.id", NULL);
    return true;
}

static bool decide_wrap_allowed(Work *work, const Wrap *wrap)
{
    const MessageRef *ref = &work->event->known.ref;
    if (tc_directory_expired(work->world->directory, work->world->now))
        return decide_refuse(work, TC_CODE_DIRECTORY_EXPIRED, NULL, NULL);
    if (!decide_wrap_time(work, wrap))
        return false;
    if (tc_id_is_none(&ref->id))
        return decide_refuse(work, TC_CODE_NOT_FOUND, "wrap.message", NULL);
    if (!decide_wrap_party(work, wrap->maker))
        return decide_refuse(work, TC_CODE_NOT_A_PARTY, "wrap.maker", NULL);
    if (!tc_digest_equal(&wrap->content_digest, &ref->content_digest))
        return decide_refuse(work, TC_CODE_WRONG_DIGEST, "wrap.content_digest", NULL);
    if (ref->recalled)
        return decide_refuse(work, TC_CODE_ALREADY_RECALLED, "wrap.message", NULL);
    return decide_wrap_entitled(work, wrap);
}

/* The sender's first wrap travels with its message; any other is news to those it holds a key for, each told once; its maker's own other
 * stations among them. */
static void decide_wrap_deliver(Work *work, const Wrap *wrap)
{
    if (strcmp(wrap->maker, work->event->known.ref.sender) == 0 && wrap->request == 0)
        return;
    for (size_t i = 0; i < wrap->key_count; i++) {
        const char *service = wrap->keys[i].service;
        bool seen = strcmp(service, wrap->maker) == 0 && !decide_has_stations(work, service);
        for (size_t j = 0; !seen && j < i; j++)
            seen = strcmp(service, wrap->keys[j].service) == 0;
        if (!seen && decide_wrap_party(work, service))
            decide_deliver(work, service, DELIVERY_WRAPS, &wrap->id, (Span){ 0 });
    }
}

void decide_wrap(Work *work)
{
    const Wrap *wrap = &work->event->item.wrap;
    if (strcmp(wrap->maker, work->event->service) != 0)
        decide_refuse(work, TC_CODE_NOT_YOURS, "wrap.maker", NULL);
    else if (decide_blocked(work, wrap->maker))
        decide_refuse(work, TC_CODE_BLOCKED, NULL, NULL);
    else if (!decide_wrap_known(work) && decide_wrap_allowed(work, wrap)) {
        work->decision->store_wrap = &work->event->item;
        decide_audit_item(work, AUDIT_WRAPPED, &work->event->known.ref.conversation, &wrap->message);
        decide_wrap_deliver(work, wrap);
    }
}
