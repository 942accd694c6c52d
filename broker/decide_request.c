/* A referral to a kind of service: who is asked, who is asked next after a decline, and who may read how much. PROTOCOL.md section 6.
 *
 * Whoever is asked gets the minimum: its adapter finds that it cannot open the referral, says so, and the sender's or the SPOC's grants the
 * key. Whoever accepts gets the rest, asked of the sender at once. */
#include "broker/decide_work.h"

#include "broker/authorise.h"
#include "broker/candidate.h"
#include "proto/errors.h"

#include <string.h>

enum { REQUEST_LEFT_OUT = 32 }; /* candidates whom the client did not agree to; behind more of them, a person decides */

/* ---- Who is asked ---- */

static const char *request_why(int why)
{
    static const char *const names[] = { "", "fits", "fallback", "drop_in", "spoc", "redirected" };
    return names[why];
}

/* Everybody who was asked already, and the sender, are left out; so are those whom the client did not agree to. Beyond what a head can
 * remember, a person decides: the SPOC. governed: of the referral. */
static Candidate request_find(const Work *work, const ServiceRequest *request, int urgency, const char *sender, unsigned governed)
{
    const char *asked[PARTIES_MAX + REQUEST_LEFT_OUT + 1];
    size_t count = work->head->version == 0 ? 0 : authorise_parties(work->head, sender, asked), most;
    const TcArea *area = tc_directory_area(work->world->directory, request->area);
    asked[count++] = sender;
    most = count + REQUEST_LEFT_OUT;
    while (area == NULL || (count < most && most < PARTIES_MAX + REQUEST_LEFT_OUT)) {
        Candidate found = candidate_next(work->world, request, urgency, asked, count);
        if (area == NULL || found.service == NULL || found.why == CANDIDATE_SPOC || decide_consent_reaches(work, found.service->id, governed))
            return found;
        asked[count++] = found.service->id;
    }
    return (Candidate){ decide_service(work, area->spoc), CANDIDATE_SPOC };
}

static ServiceRequest request_of(const Message *message)
{
    ServiceRequest request = message->request;
    request.capabilities |= candidate_pathway_needs(message->group.coded.type);
    return request;
}

static bool request_is_same(const Work *work, const ServiceRequest *request)
{
    const ServiceRequest *now = &work->head->request;
    return work->head->version > 0 && now->kind == request->kind && now->capabilities == request->capabilities && strcmp(now->area, request->area) == 0;
}

static bool request_choose(Work *work, Message *message, int *why)
{
    message->request = request_of(message);
    if (tc_directory_area(work->world->directory, message->request.area) == NULL)
        return decide_refuse(work, TC_CODE_UNKNOWN_RECIPIENT, "header.request.area", NULL);
    if (!authorise_takes_referrals(message->request.kind))
        return decide_refuse(work, TC_CODE_NOT_ALLOWED, "header.request.kind", NULL);
    if (request_is_same(work, &message->request)) {
        message->recipient = decide_text(work, work->head->addressee);
        return true;
    }
    Candidate found = request_find(work, &message->request, message->urgency, message->sender, consent_governs(message));
    if (found.service == NULL)
        return decide_refuse(work, TC_CODE_UNKNOWN_RECIPIENT, "header.request.area", NULL);
    message->recipient = found.service->id;
    *why = found.why;
    return true;
}

bool decide_request_resolve(Work *work, Message *message, int *why)
{
    *why = CANDIDATE_NONE;
    if (message->recipient != NULL)
        return true;
    if (message->kind != KIND_RECALL)
        return request_choose(work, message, why);
    message->recipient = decide_text(work, work->event->known.ref.recipient); /* "" when it is not there: refused as that */
    return true;
}

/* ---- What follows ---- */

void decide_request_asked(Work *work, int why)
{
    const char *service = decide_text(work, work->head->addressee);
    const TcId *referral = &work->head->newest_notification;
    if (why == CANDIDATE_SPOC)
        work->head->marks |= MARK_LAST;
    decide_audit(work, &(AuditNote){ AUDIT_ASKED, service, *referral, request_why(why) });
    decide_evidence(work, decide_text(work, work->head->starter),
                    (EvidenceOut){ .step = STEP_ASKED, .messages = referral, .message_count = 1, .by = service, .why = why });
}

/* The service that a decline names, if it can be asked. */
static Candidate request_redirected(const Work *work, const Message *message)
{
    const char *to = message->group.coded.code == REFERRAL_REPLY_REDIRECT ? message->group.coded.service : NULL;
    const TcService *service = to == NULL ? NULL : decide_service(work, to);
    bool fits = service != NULL && authorise_takes_referrals(service->kind) && authorise_relation(work->head, service->id) == RELATION_NONE;
    return (Candidate){ fits ? service : NULL, CANDIDATE_REDIRECTED };
}

/* The clock goes on: it is the client's, not the service's. */
static void request_clock_follows(Work *work)
{
    if (!decide_slot_running(work, CLOCK_SLOT_ANSWER))
        return;
    decide_slot_start(work, &(SlotStart){ CLOCK_SLOT_ANSWER, work->head->clocks[CLOCK_SLOT_ANSWER].policy,
                                          work->head->clocks[CLOCK_SLOT_ANSWER].due_at, 0, decide_text(work, work->head->addressee) });
}

void decide_request_move_on(Work *work, const Message *message)
{
    Head *head = work->head;
    Candidate next = request_redirected(work, message);
    if (next.service == NULL)
        next = request_find(work, &head->request, head_urgency(head), head->starter, decide_consent_governs(work, &head->newest_notification));
    if (next.service == NULL || strcmp(next.service->id, head->starter) == 0 || strcmp(next.service->id, head->addressee) == 0) {
        head->marks |= MARK_LAST; /* nobody is left: the clock runs, and its ladder tells a person */
        return;
    }
    bool party = authorise_relation(head, next.service->id) != RELATION_NONE;
    decide_ladder_party(work, decide_text(work, head->addressee));
    g_strlcpy(head->addressee, next.service->id, sizeof head->addressee);
    if (!party)
        decide_deliver(work, next.service->id, DELIVERY_MESSAGE, &head->newest_notification, (Span){ 0 });
    request_clock_follows(work);
    decide_request_asked(work, next.why);
}

/* ---- Who may read how much ---- */

static bool request_is_taken(const Head *head)
{
    return head->machine == MACHINE_REFERRAL && head->state != REFERRAL_ASKED && head->state != REFERRAL_QUESTIONED
           && head->state != REFERRAL_DECLINED && head->state != REFERRAL_RECALLED;
}

bool decide_request_sees_all(const Work *work, const char *service)
{
    const MessageRef *ref = &work->event->known.ref;
    const Head *head = work->head;
    if (strcmp(ref->sender, service) == 0 || (request_is_taken(head) && strcmp(head->addressee, service) == 0))
        return true;
    bool asked_only = ref->kind == KIND_REFERRAL && head->machine == MACHINE_REFERRAL && head->request.kind != 0;
    return strcmp(ref->recipient, service) == 0 && !asked_only;
}

/* Only the sender holds every part. */
void decide_request_accepted(Work *work)
{
    static const TcId none;
    const char *service = decide_text(work, work->head->addressee), *sender = decide_text(work, work->head->starter);
    const TcService *reader = tc_directory_service(work->world->directory, service);
    const TcKeySpan *key = reader == NULL ? NULL : tc_directory_key_at(reader->sealing_keys, reader->sealing_key_count, work->world->now);
    if (work->head->request.kind == 0 || key == NULL)
        return;
    WrapRequestOut request = { .message = work->head->newest_notification, .service = service, .key_id = key->key };
    decide_audit(work, &(AuditNote){ AUDIT_WRAP_REQUESTED, sender, request.message, service });
    decide_deliver(work, sender, DELIVERY_WRAP_REQUEST, &none, encode_wrap_request(work->decision->strings, &request));
}
