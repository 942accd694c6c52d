#include "broker/decode_group.h"

#include "broker/codes.h"
#include "broker/kind.h"
#include "proto/errors.h"

#include <string.h>

enum { GROUP_FIRST = 30, GROUP_LAST = 99 }; /* fields of Header */

Refusal decode_group_with(bool needed, bool given, const char *field)
{
    if (needed == given)
        return (Refusal){ 0 };
    return (Refusal){ needed ? TC_CODE_MISSING_FIELD : TC_CODE_SURPLUS_FIELD, field, NULL };
}

/* The kind's own group and no other; a kind without one has none. */
static bool decode_group_fits(const Tc__Header *from, unsigned wanted)
{
    for (unsigned i = 0; i < tc__header__descriptor.n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &tc__header__descriptor.fields[i];
        if (field->id < GROUP_FIRST || field->id > GROUP_LAST)
            continue;
        const void *const *group = (const void *const *)(const void *)((const uint8_t *)from + field->offset);
        if ((*group != NULL) != (field->id == wanted))
            return false;
    }
    return true;
}

/* ---- Consent, which any kind may carry ---- */

static void read_consent(const Tc__ConsentScope *from, ConsentScope *to)
{
    if (from == NULL)
        return;
    *to = (ConsentScope){ .state = (int)from->state, .treatment = from->n_purposes == 0, .service_count = from->n_services,
                          .from_at = from->has_from_at ? from->from_at : 0, .until_at = from->has_until_at ? from->until_at : 0 };
    for (size_t i = 0; i < from->n_purposes; i++) {
        to->treatment = to->treatment || from->purposes[i] == TC__PURPOSE__CODE__TREATMENT;
        to->reporting = to->reporting || from->purposes[i] == TC__PURPOSE__CODE__REPORTING;
    }
    for (size_t i = 0; i < from->n_parts; i++)
        to->parts |= 1u << from->parts[i];
    for (size_t i = 0; i < from->n_services; i++)
        to->services[i] = from->services[i];
}

/* A scope belongs to what was agreed, and what was narrowed says to what. */
static Refusal judge_consent(const Tc__ConsentScope *from, bool needed)
{
    if (from == NULL)
        return decode_group_with(needed, false, "header.consent");
    bool scoped = from->n_parts > 0 || from->n_services > 0 || from->has_from_at || from->has_until_at;
    if (from->state < TC__CONSENT_STATE__CODE__GIVEN)
        return (Refusal){ TC_CODE_MISSING_FIELD, "header.consent.state", NULL };
    if (from->state == TC__CONSENT_STATE__CODE__NARROWED && !scoped)
        return (Refusal){ TC_CODE_MISSING_FIELD, "header.consent.services", NULL };
    if (from->state > TC__CONSENT_STATE__CODE__NARROWED && scoped)
        return (Refusal){ TC_CODE_SURPLUS_FIELD, "header.consent.services", NULL };
    if (from->has_from_at && from->has_until_at && from->from_at >= from->until_at)
        return (Refusal){ TC_CODE_BAD_DATE, "header.consent.until_at", NULL };
    return (Refusal){ 0 };
}

/* ---- One a group: what the rules read of it ---- */

static void read_release(const Tc__ReleaseHeader *from, ReleaseFields *to)
{
    *to = (ReleaseFields){ .certainty = (int)from->certainty, .route = (int)from->route,
                           .area_certainty = (int)from->area_certainty, .meet_asked = (int)from->meet_asked,
                           .withdrawal_reason = from->has_withdrawal_reason ? (int)from->withdrawal_reason : 0,
                           .statutory_date = from->statutory_date, .expected_date = from->expected_date,
                           .court_date = from->court_date, .prison = from->prison, .area = from->area };
}

static void read_first_kinds(const Tc__Header *from, MessageGroup *to)
{
    if (from->release != NULL)
        read_release(from->release, &to->release);
    if (from->release_answer != NULL) {
        to->release_answer.reply = (int)from->release_answer->reply;
        to->release_answer.named_worker = from->release_answer->named_worker;
        to->release_answer.reason = from->release_answer->has_reason ? (int)from->release_answer->reason : 0;
    }
    if (from->meeting != NULL)
        to->meeting.outcome = (int)from->meeting->outcome;
    if (from->dose_request != NULL) {
        to->dose_request.asked_of = (int)from->dose_request->asked_of;
        if (from->dose_request->has_about)
            memcpy(to->dose_request.about.b, from->dose_request->about.data, sizeof to->dose_request.about.b);
    }
    if (from->dose_answer != NULL) {
        to->dose_answer.reply = (int)from->dose_answer->reply;
        to->dose_answer.valid_until_at = from->dose_answer->has_valid_until_at ? from->dose_answer->valid_until_at : 0;
        to->dose_answer.moved_to = from->dose_answer->moved_to;
    }
}

static void read_statement(const Tc__Header *from, CodedFields *to)
{
    if (from->movement != NULL)
        *to = (CodedFields){ .code = (int)from->movement->step, .place = from->movement->place };
    if (from->prescribing != NULL)
        *to = (CodedFields){ .code = (int)from->prescribing->step, .service = from->prescribing->other };
    if (from->court_order != NULL)
        *to = (CodedFields){ .code = (int)from->court_order->step, .type = (int)from->court_order->type,
                             .day = from->court_order->ends_on };
    if (from->safeguarding != NULL)
        *to = (CodedFields){ .type = (int)from->safeguarding->subject };
    if (from->merge != NULL)
        *to = (CodedFields){ .code = (int)from->merge->verdict, .reason = (int)from->merge->reason };
}

static void read_referral(const Tc__Header *from, CodedFields *to)
{
    if (from->referral != NULL)
        *to = (CodedFields){ .type = (int)from->referral->pathway };
    if (from->referral_answer != NULL)
        *to = (CodedFields){ .code = (int)from->referral_answer->reply, .worker = from->referral_answer->named_worker,
                             .reason = from->referral_answer->has_reason ? (int)from->referral_answer->reason : 0,
                             .service = from->referral_answer->redirect_to };
    if (from->appointment != NULL)
        *to = (CodedFields){ .code = (int)from->appointment->change, .type = (int)from->appointment->type,
                             .choice = from->appointment->has_clients_choice && from->appointment->clients_choice };
    if (from->attendance != NULL)
        *to = (CodedFields){ .code = (int)from->attendance->outcome };
    if (from->treatment != NULL)
        *to = (CodedFields){ .code = (int)from->treatment->step,
                             .reason = from->treatment->has_reason ? (int)from->treatment->reason : 0 };
}

static void read_care(const Tc__Header *from, CodedFields *to)
{
    if (from->transfer_offer != NULL)
        *to = (CodedFields){ .type = (int)from->transfer_offer->scope, .service = from->transfer_offer->residual,
                             .day = from->transfer_offer->script_end };
    if (from->transfer_answer != NULL)
        *to = (CodedFields){ .code = (int)from->transfer_answer->reply, .worker = from->transfer_answer->named_worker,
                             .reason = from->transfer_answer->has_reason ? (int)from->transfer_answer->reason : 0 };
    if (from->drop_out != NULL)
        *to = (CodedFields){ .reason = (int)from->drop_out->trigger, .type = (int)from->drop_out->tier };
    if (from->attempt != NULL)
        *to = (CodedFields){ .code = (int)from->attempt->result, .type = (int)from->attempt->channel };
    if (from->lost != NULL)
        *to = (CodedFields){ .checked = from->lost->custody_checked && from->lost->hospital_checked && from->lost->pharmacy_checked,
                             .worker = from->lost->signed_off_by };
}

void decode_group_request(const Tc__ServiceRequest *from, ServiceRequest *to)
{
    *to = (ServiceRequest){ 0 };
    if (from == NULL)
        return;
    g_strlcpy(to->area, from->area, sizeof to->area);
    to->kind = (int)from->kind;
    for (size_t i = 0; i < from->n_capabilities; i++)
        to->capabilities |= 1u << from->capabilities[i];
}

void decode_group_read(const Tc__Header *from, Message *to)
{
    read_first_kinds(from, &to->group);
    read_statement(from, &to->group.coded);
    if (from->merge != NULL && from->merge->has_other)
        memcpy(to->group.merge.other.b, from->merge->other.data, sizeof to->group.merge.other.b);
    read_referral(from, &to->group.coded);
    read_care(from, &to->group.coded);
    read_consent(from->consent, &to->consent);
}

/* ---- What goes with what ---- */

static Refusal first_of(Refusal first, Refusal second) { return first.code != 0 ? first : second; }

static Refusal judge_first_kinds(const Tc__Header *from)
{
    if (from->release != NULL)
        return decode_group_with(from->release->certainty == TC__CERTAINTY__CODE__WITHDRAWN, from->release->has_withdrawal_reason,
                                 "header.release.withdrawal_reason");
    if (from->release_answer != NULL) {
        bool cannot = from->release_answer->reply == TC__RELEASE_REPLY__CODE__CANNOT;
        return first_of(decode_group_with(!cannot, from->release_answer->named_worker != NULL, "header.release_answer.named_worker"),
                        decode_group_with(cannot, from->release_answer->has_reason, "header.release_answer.reason"));
    }
    if (from->dose_answer != NULL)
        return first_of(decode_group_with(from->dose_answer->reply == TC__DOSE_REPLY__CODE__CONFIRMED,
                                          from->dose_answer->has_valid_until_at, "header.dose_answer.valid_until_at"),
                        decode_group_with(from->dose_answer->reply == TC__DOSE_REPLY__CODE__MOVED_TO,
                                          from->dose_answer->moved_to != NULL, "header.dose_answer.moved_to"));
    return (Refusal){ 0 };
}

static Refusal judge_referral_answer(const Tc__ReferralAnswerHeader *from)
{
    int reply = (int)from->reply;
    return first_of(decode_group_with(reply == REFERRAL_REPLY_ACCEPT, from->named_worker != NULL, "header.referral_answer.named_worker"),
                    first_of(decode_group_with(reply == REFERRAL_REPLY_DECLINE, from->has_reason, "header.referral_answer.reason"),
                             decode_group_with(reply == REFERRAL_REPLY_REDIRECT, from->redirect_to != NULL,
                                               "header.referral_answer.redirect_to")));
}

static Refusal judge_availability(const Tc__AvailabilityHeader *from)
{
    for (size_t i = 0; i < from->n_hours; i++)
        if (from->hours[i]->day == TC__WEEKDAY__CODE__NONE || from->hours[i]->opens >= from->hours[i]->closes)
            return (Refusal){ TC_CODE_BAD_DATE, "header.availability.hours", NULL };
    for (size_t i = 0; i < from->n_closures; i++)
        if (strcmp(from->closures[i]->from_day, from->closures[i]->to_day) > 0)
            return (Refusal){ TC_CODE_BAD_DATE, "header.availability.closures", NULL };
    return (Refusal){ 0 };
}

static Refusal judge_mission(const Tc__Header *from)
{
    if (from->availability != NULL)
        return judge_availability(from->availability);
    if (from->referral_answer != NULL)
        return judge_referral_answer(from->referral_answer);
    if (from->court_order != NULL) {
        bool outcome = from->court_order->has_outcome && from->court_order->outcome > TC__ORDER_OUTCOME__CODE__NOT_ASKED;
        return decode_group_with(from->court_order->step == TC__ORDER_STEP__CODE__OUTCOME, outcome, "header.court_order.outcome");
    }
    if (from->merge != NULL)
        return first_of(decode_group_with(true, from->merge->verdict != TC__MERGE_VERDICT__CODE__NONE, "header.merge.verdict"),
                        decode_group_with(true, from->merge->reason > TC__MERGE_REASON__CODE__NOT_ASKED, "header.merge.reason"));
    if (from->treatment != NULL)
        return decode_group_with(from->treatment->step != TC__TREATMENT_STEP__CODE__STARTED, from->treatment->has_reason,
                                 "header.treatment.reason");
    if (from->transfer_answer != NULL) {
        bool accepts = from->transfer_answer->reply == TC__TRANSFER_REPLY__CODE__ACCEPT;
        return first_of(decode_group_with(accepts, from->transfer_answer->named_worker != NULL, "header.transfer_answer.named_worker"),
                        decode_group_with(!accepts, from->transfer_answer->has_reason, "header.transfer_answer.reason"));
    }
    return (Refusal){ 0 };
}

Refusal decode_group(const Tc__Header *from, Message *to)
{
    const KindRule *rule = kind_rule(to->kind);
    if (rule == NULL || !decode_group_fits(from, rule->group))
        return (Refusal){ TC_CODE_WRONG_GROUP, "header", NULL };
    decode_group_read(from, to);
    return first_of(judge_consent(from->consent, to->kind == KIND_CONSENT || to->kind == KIND_FIGURES), first_of(judge_first_kinds(from), judge_mission(from)));
}
