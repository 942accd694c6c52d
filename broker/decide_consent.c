/* Consent: what may be shared about a client, and with whom. A statement of it, or the first message that carries a scope, puts it on record with
 * who is answerable; from then on nothing outside it is taken, granted or delivered, what waits in a queue included. PROTOCOL.md section 7. */
#include "broker/decide_work.h"

#include "broker/consent.h"
#include "broker/kind.h"
#include "proto/errors.h"

#include <string.h>

bool decide_consent_reaches(const Work *work, const char *service, unsigned governed)
{
    return consent_allows(work->care.consent, service, governed, work->world->now);
}

bool decide_consent_refuse(Work *work, const char *field)
{
    return decide_refuse(work, TC_CODE_NO_CONSENT, field, consent_standing(work->care.consent, work->world->now));
}

/* Of the event's own message; of the request that it answers, or that a clock speaks of; of any other, that there is such a message. */
unsigned decide_consent_governs(const Work *work, const TcId *message)
{
    const Event *event = work->event;
    const MessageRef *const known[] = { &event->known.reply_ref, &event->known.ref };
    if (event->kind == EVENT_ITEM && event->item.kind == ITEM_MESSAGE && tc_id_equal(message, &event->item.message.id))
        return consent_governs(&event->item.message);
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        const KindRule *rule = tc_id_equal(&known[i]->conversation, &work->head->conversation) ? kind_rule(known[i]->kind) : NULL;
        if (rule != NULL && rule->place == PLACE_REQUEST)
            return known[i]->governed;
    }
    return CONSENT_ANYTHING;
}

/* ---- May it be taken? ---- */

/* What a message itself says of consent holds for it, whatever stands for the client. */
static bool consent_own_allows(Work *work, const Message *message)
{
    char text[CONSENT_TEXT_MAX];
    if (message->kind == KIND_CONSENT || message->consent.state == 0 || !message->consent.treatment)
        return true;
    consent_write(&message->consent, text);
    return consent_allows(text, message->recipient, consent_governs(message), work->world->now)
           || decide_refuse(work, TC_CODE_NO_CONSENT, "header.consent", consent_standing(text, work->world->now));
}

bool decide_consent_allowed(Work *work, const Message *message)
{
    if (!consent_own_allows(work, message))
        return false;
    if (!decide_consent_reaches(work, message->recipient, consent_governs(message)))
        return decide_consent_refuse(work, "header.recipient");
    if (!decide_consent_reaches(work, message->recipient, consent_would_govern(message)) && message->sharing_reason < REASON_OVERDOSE_RISK)
        return decide_refuse(work, TC_CODE_REASON_NEEDED, "header.sharing_reason", consent_standing(work->care.consent, work->world->now));
    return true;
}

static const char *consent_basis_name(const Message *message)
{
    static const char *const names[] = { "", "", "consent", "direct_care", "statutory", "vital_interests", "safeguarding" };
    return names[message->statutory ? BASIS_STATUTORY : message->legal_basis];
}

static const char *consent_reason_name(int reason)
{
    static const char *const names[] = { "", "", "overdose_risk", "suicide_risk", "risk_to_others", "child_at_risk", "adult_at_risk", "court", "duty_by_law" };
    return names[reason];
}

/* Somebody shares although the client did not agree: which basis, and why, is on record by itself. */
void decide_consent_note(Work *work, const Message *message)
{
    if (decide_consent_reaches(work, message->recipient, consent_would_govern(message)))
        return;
    g_autofree char *detail = g_strdup_printf("%s/%s", consent_basis_name(message), consent_reason_name(message->sharing_reason));
    decide_audit(work, &(AuditNote){ AUDIT_WITHOUT_CONSENT, message->sender, message->id, decide_text(work, detail) });
}

/* ---- It stands from now on ---- */

void decide_consent_withhold(Work *work)
{
    const GArray *queued = work->event->known.queued;
    for (guint i = 0; queued != NULL && i < queued->len; i++) {
        const QueuedPlain *row = &g_array_index(queued, QueuedPlain, i);
        if (decide_consent_reaches(work, row->recipient, row->governed))
            continue;
        g_autofree char *number = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)row->number);
        WithholdRow withhold = { decide_text(work, row->recipient), row->number, row->message };
        g_array_append_val(work->decision->withholds, withhold);
        decide_audit(work, &(AuditNote){ AUDIT_WITHHELD, withhold.recipient, row->message, decide_text(work, number) });
        decide_evidence(work, decide_text(work, row->sender),
                        (EvidenceOut){ .step = STEP_WITHHELD, .messages = &row->message, .message_count = 1, .by = withhold.recipient });
    }
}

void decide_consent_tell_holders(Work *work, const EvidenceOut *what)
{
    const GArray *holders = work->event->known.holders;
    guint next;
    for (guint i = 0; holders != NULL && i < holders->len; i = next) { /* in the order of services */
        const HolderPlain *first = &g_array_index(holders, HolderPlain, i);
        TcId messages[64];
        size_t count = 0;
        for (next = i; next < holders->len && count < G_N_ELEMENTS(messages); next++) {
            const HolderPlain *holder = &g_array_index(holders, HolderPlain, next);
            if (strcmp(holder->service, first->service) != 0)
                break;
            messages[count++] = holder->message;
        }
        EvidenceOut evidence = *what;
        evidence.messages = messages;
        evidence.message_count = count;
        decide_evidence(work, decide_text(work, first->service), evidence);
    }
}

/* Whoever says it takes the client up, where nobody has: the record of who is answerable is where it stands. */
static void consent_record(Work *work, const Message *message)
{
    Care *care = &work->care;
    consent_write(&message->consent, care->consent);
    const char *holder = care->version > 0 ? NULL : decide_care_first(work, message);
    if (care->version > 0)
        decide_care_change(work, COORDINATION_NOTED, NULL, NULL, message);
    else if (holder != NULL)
        decide_care_change(work, COORDINATION_TAKEN_UP, holder, strcmp(holder, message->sender) == 0 ? message->worker : NULL, message);
}

void decide_consent(Work *work, const Message *message)
{
    bool first = message->consent.state != 0 && message->consent.treatment && work->care.consent[0] == '\0';
    if (message->kind != KIND_CONSENT && !first)
        return;
    if (message->consent.treatment)
        consent_record(work, message);
    if (message->kind != KIND_CONSENT)
        return;
    decide_consent_tell_holders(work, &(EvidenceOut){ .step = STEP_CONSENT_CHANGED, .by = message->sender, .consent = &message->consent });
    decide_consent_withhold(work);
}
