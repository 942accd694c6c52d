/* What a station confirms: what it holds, what a worker opened, whom a notice reached, what does not open. */
#include "broker/decide_work.h"

#include "broker/authorise.h"
#include "broker/clock.h"
#include "proto/errors.h"

enum { DECIDE_MOST_EVIDENCE = 256 };

static const TcKeySpan *decide_newest_key(const World *world, const char *service)
{
    const TcService *asker = tc_directory_service(world->directory, service);
    return asker == NULL ? NULL : tc_directory_key_at(asker->sealing_keys, asker->sealing_key_count, world->now);
}

/* ---- HELD ---- */

static void decide_held_evidence(Work *work, const char *sender, const GArray *ids)
{
    for (guint from = 0; from < ids->len; from += DECIDE_MOST_EVIDENCE)
        decide_evidence(work, sender,
                        (EvidenceOut){ .step = STEP_HELD, .by = work->event->service, .station = work->event->station,
                                       .messages = &g_array_index(ids, TcId, from),
                                       .message_count = MIN(ids->len - from, DECIDE_MOST_EVIDENCE) });
}

/* One piece of evidence a sender, in the order in which their first messages came. A message taken back or withheld was held as
 * that fact only. */
static void decide_held_senders(Work *work)
{
    const GArray *held = work->event->known.held;
    g_autoptr(GHashTable) of = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_array_unref);
    g_autoptr(GPtrArray) senders = g_ptr_array_new();
    for (guint i = 0; held != NULL && i < held->len; i++) {
        const MessageRef *ref = &g_array_index(held, MessageRef, i);
        if (ref->recalled || ref->withheld)
            continue;
        GArray *ids = g_hash_table_lookup(of, ref->sender);
        if (ids == NULL) {
            ids = g_array_new(FALSE, FALSE, sizeof(TcId));
            g_hash_table_insert(of, (char *)ref->sender, ids);
            g_ptr_array_add(senders, (char *)ref->sender);
        }
        g_array_append_val(ids, ref->id);
    }
    for (guint i = 0; i < senders->len; i++)
        decide_held_evidence(work, decide_text(work, senders->pdata[i]), g_hash_table_lookup(of, senders->pdata[i]));
}

/* Cumulative. Another station catching up moves its own floor; senders are told at the first. */
static void decide_held(Work *work, const Confirmation *confirmation)
{
    const Known *known = &work->event->known;
    char detail[48];
    if (confirmation->upto <= known->floor_station) {
        work->decision->no_effect = true;
        return;
    }
    if (known->last_delivery != 0 && confirmation->upto > known->last_delivery) {
        decide_refuse(work, TC_CODE_NOT_FOUND, "confirmation.upto", NULL);
        return;
    }
    g_snprintf(detail, sizeof detail, "%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT, known->floor_station + 1, confirmation->upto);
    AuditRow row = { .event = AUDIT_HELD, .service = work->event->service, .detail = decide_text(work, detail) };
    FloorRow floor = { work->event->service, work->event->station, confirmation->upto };
    g_array_append_val(work->decision->audit, row);
    g_array_append_val(work->decision->floors, floor);
    if (confirmation->upto > known->floor_service)
        decide_held_senders(work);
}

/* ---- OPENED, CANNOT_OPEN ---- */

static void decide_keep_confirmation(Work *work, const Confirmation *confirmation)
{
    ConfirmationRow row = { confirmation->message, work->event->service, work->event->station, confirmation->worker,
                            confirmation->step, confirmation->delivery };
    g_array_append_val(work->decision->confirmations, row);
}

static void decide_audit_ref(Work *work, int event, const char *service, const char *detail)
{
    const MessageRef *ref = &work->event->known.ref;
    AuditRow row = { .event = event, .service = service, .conversation = ref->conversation, .message = ref->id,
                     .detail = detail == NULL ? "" : detail };
    g_array_append_val(work->decision->audit, row);
}

static void decide_opened(Work *work, const Confirmation *confirmation)
{
    const MessageRef *ref = &work->event->known.ref;
    bool recipient = strcmp(ref->recipient, work->event->service) == 0;
    bool party = work->head->version != 0 && authorise_relation(work->head, work->event->service) != RELATION_NONE;
    if (strcmp(ref->sender, work->event->service) == 0 || (!recipient && !party)) {
        decide_refuse(work, TC_CODE_NOT_A_PARTY, "confirmation.message", NULL);
        return;
    }
    decide_audit_ref(work, AUDIT_OPENED, work->event->service, confirmation->worker);
    decide_keep_confirmation(work, confirmation);
    decide_evidence(work, ref->sender,
                    (EvidenceOut){ .step = STEP_OPENED, .messages = &ref->id, .message_count = 1,
                                   .by = work->event->service, .station = work->event->station,
                                   .worker = confirmation->worker });
}

typedef struct KeyAsk { WrapRequestOut request; const char *asked[3]; size_t asked_count; } KeyAsk;

static void decide_ask_one(Work *work, KeyAsk *ask, const char *service)
{
    bool seen = *service == '\0' || (strcmp(service, work->event->service) == 0 && !decide_has_stations(work, service));
    static const TcId none;
    for (size_t i = 0; i < ask->asked_count; i++)
        seen = seen || strcmp(ask->asked[i], service) == 0;
    if (seen)
        return;
    service = ask->asked[ask->asked_count++] = decide_text(work, service);
    decide_audit_ref(work, AUDIT_WRAP_REQUESTED, service, work->event->service);
    decide_deliver(work, service, DELIVERY_WRAP_REQUEST, &none, encode_wrap_request(work->decision->strings, &ask->request));
}

/* The minimum is all that somebody gets who was only told. */
static void decide_ask_parts(const Work *work, const Confirmation *confirmation, WrapRequestOut *request)
{
    static const int minimum[] = { PART_MINIMUM };
    bool full = decide_request_sees_all(work, work->event->service);
    request->parts = full ? confirmation->parts : minimum;
    request->part_count = full ? confirmation->part_count : G_N_ELEMENTS(minimum);
}

/* Asked of the sender, of the recipient and of the SPOC that was told, and so of the asker's other stations: whoever holds the keys grants them. Nothing is kept that would
 * make a second ask a repeat: a service may lose its keys twice. */
static void decide_cannot_open(Work *work, const Confirmation *confirmation)
{
    const MessageRef *ref = &work->event->known.ref;
    const TcKeySpan *key = decide_newest_key(work->world, work->event->service);
    bool party = work->head->version != 0 && authorise_relation(work->head, work->event->service) != RELATION_NONE;
    if (!party && strcmp(ref->sender, work->event->service) != 0 && strcmp(ref->recipient, work->event->service) != 0) {
        decide_refuse(work, TC_CODE_NOT_A_PARTY, "confirmation.message", NULL);
        return;
    }
    if (strcmp(ref->sender, work->event->service) != 0 && !decide_consent_reaches(work, work->event->service, ref->governed == 0 ? 0 : CONSENT_ANYTHING)) {
        decide_consent_refuse(work, "confirmation.message");
        return;
    }
    if (key == NULL) {
        decide_refuse(work, TC_CODE_NOT_ENTITLED, "confirmation.service", NULL);
        return;
    }
    KeyAsk ask = { .request = { .message = ref->id, .service = work->event->service, .key_id = key->key } };
    decide_ask_parts(work, confirmation, &ask.request);
    decide_audit_ref(work, AUDIT_CANNOT_OPEN, work->event->service, NULL);
    const TcArea *area = work->head->request.kind == 0 ? NULL : tc_directory_area(work->world->directory, work->head->request.area);
    decide_ask_one(work, &ask, ref->sender);
    decide_ask_one(work, &ask, area == NULL ? ref->recipient : area->spoc);
    decide_ask_one(work, &ask, area == NULL ? work->head->told : "");
}

/* ---- TOLD, NOT_TOLD ---- */

static void decide_told_evidence(Work *work, const Confirmation *confirmation, const ClockRung *rung)
{
    decide_evidence(work, decide_text(work, work->head->starter),
                    (EvidenceOut){ .step = confirmation->step, .messages = &work->head->newest_notification,
                                   .message_count = 1, .by = work->event->service, .station = work->event->station,
                                   .worker = confirmation->worker, .policy = rung == NULL ? POLICY_NONE : rung->policy,
                                   .role = rung == NULL ? ROLE_NONE : rung->role });
}

/* The notice of a rung that has failed already is still evidence, but the ladder goes on from where it is. */
static void decide_told(Work *work, const Confirmation *confirmation)
{
    const TcId *clock = &work->event->known.notice_clock;
    const Wait wait = { work->head->clocks[CLOCK_SLOT_TOLD].due_at - clock_rung_time(work->head->clocks[CLOCK_SLOT_TOLD].rung),
                        work->world->now };
    uint32_t row = work->head->clocks[CLOCK_SLOT_TOLD].rung;
    bool told = confirmation->step == STEP_TOLD;
    if (tc_id_is_none(clock) || work->head->version == 0) {
        decide_refuse(work, TC_CODE_NOT_FOUND, "confirmation.delivery", NULL);
        return;
    }
    bool current = decide_slot_running(work, CLOCK_SLOT_TOLD) && tc_id_equal(&work->head->clocks[CLOCK_SLOT_TOLD].id, clock);
    decide_audit(work, &(AuditNote){ told ? AUDIT_TOLD : AUDIT_NOT_TOLD, work->event->service,
                                     work->head->newest_notification, confirmation->worker });
    decide_keep_confirmation(work, confirmation);
    decide_told_evidence(work, confirmation, current ? clock_rung(row) : NULL);
    if (!current)
        return;
    decide_head_changed(work, told ? CONVERSATION_TOLD : CONVERSATION_ESCALATED);
    decide_slot_end(work, CLOCK_SLOT_TOLD, AUDIT_CLOCK_STOPPED);
    if (!told)
        decide_ladder_go_on(work, row, &wait);
}

void decide_confirmation(Work *work)
{
    const Confirmation *confirmation = &work->event->item.confirmation;
    bool of_message = confirmation->step == STEP_OPENED || confirmation->step == STEP_CANNOT_OPEN;
    if (strcmp(confirmation->service, work->event->service) != 0)
        decide_refuse(work, TC_CODE_NOT_YOURS, "confirmation.service", NULL);
    else if (strcmp(confirmation->station, work->event->station) != 0)
        decide_refuse(work, TC_CODE_NOT_YOURS, "confirmation.station", NULL);
    else if (confirmation->step == STEP_HELD)
        decide_held(work, confirmation);
    else if (work->event->known.confirmation_known)
        work->decision->no_effect = true;
    else if (of_message && tc_id_is_none(&work->event->known.ref.id))
        decide_refuse(work, TC_CODE_NOT_FOUND, "confirmation.message", NULL);
    else if (confirmation->step == STEP_OPENED)
        decide_opened(work, confirmation);
    else if (confirmation->step == STEP_CANNOT_OPEN)
        decide_cannot_open(work, confirmation);
    else
        decide_told(work, confirmation);
}
