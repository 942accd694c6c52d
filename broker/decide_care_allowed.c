/* What may not be done to a client's care, and what stands instead: checked before anything of a message is taken. */
#include "broker/decide_work.h"

#include "broker/clock.h"
#include "proto/errors.h"

#include <string.h>


static const char *care_standing(Work *work, const char *service)
{
    return *service == '\0' ? NULL : decide_text(work, service);
}

static bool care_offer_allowed(Work *work, const Message *message)
{
    const Care *care = &work->care;
    if ((message->group.coded.type & SCOPE_COORDINATION) == 0)
        return true;
    if (care->version == 0 || strcmp(care->coordinator, message->sender) != 0)
        return decide_refuse(work, TC_CODE_NOT_COORDINATOR, "header.transfer_offer.scope", care_standing(work, care->coordinator));
    if (care->on_order && !decide_care_is(work, message->recipient, CARE_ON_ORDER))
        return decide_refuse(work, TC_CODE_ON_ORDER, "header.recipient", NULL);
    return true;
}

static bool care_transfer_allowed(Work *work, const Message *message)
{
    const Care *care = &work->care;
    if ((head_scope(work->head) & SCOPE_COORDINATION) == 0)
        return true;
    if (strcmp(care->coordinator, work->head->starter) != 0)
        return decide_refuse(work, TC_CODE_NOT_COORDINATOR, "header.in_reply_to", care_standing(work, care->coordinator));
    if (care->on_order && !decide_care_is(work, message->sender, CARE_ON_ORDER))
        return decide_refuse(work, TC_CODE_ON_ORDER, "header.transfer_answer.reply", NULL);
    return true;
}

static bool care_resume_allowed(Work *work, const Message *message)
{
    const Care *care = &work->care;
    if (strcmp(care->residual, message->sender) != 0 && strcmp(care->coordinator, message->sender) != 0)
        return decide_refuse(work, TC_CODE_NOT_RESIDUAL, "header.kind", care_standing(work, care->residual));
    return decide_care_may_hold(work, message->sender) || decide_refuse(work, TC_CODE_ON_ORDER, "header.kind", NULL);
}

/* "Lost" needs two channels, a visit where the risk is high, and every check. */
static bool care_lost_allowed(Work *work, const Message *message)
{
    uint32_t channels = work->head->marks & MARK_CHANNELS;
    bool two = (channels & (channels - 1)) != 0;
    const char *missing = !two                                                                                 ? "two_channels"
                          : (work->head->marks & MARK_HIGH) != 0 && (channels & 1u << CHANNEL_VISIT) == 0 ? "visit"
                          : !message->group.coded.checked                                                      ? "checks"
                                                                                                               : NULL;
    return missing == NULL || decide_refuse(work, TC_CODE_CHECKS_MISSING, "header.lost", missing);
}

static bool care_arranges(int kind)
{
    return kind == KIND_REFERRAL || kind == KIND_APPOINTMENT || kind == KIND_TRANSFER_OFFER || kind == KIND_DROP_OUT || kind == KIND_ATTEMPT
           || kind == KIND_RELEASE_NOTIFICATION || kind == KIND_DOSE_REQUEST;
}

static bool care_world_allows(Work *work, const Message *message)
{
    const Care *care = &work->care;
    const ReleaseFields *release = &message->group.release;
    bool appoints = message->kind == KIND_APPOINTMENT && message->group.coded.code <= APPOINTMENT_MOVED;
    if (care->died && care_arranges(message->kind))
        return decide_refuse(work, TC_CODE_CLIENT_DIED, "header.kind", NULL);
    if (appoints && message->event_at < work->world->now - CLOCK_APPOINTMENT_GRACE)
        return decide_refuse(work, TC_CODE_IN_THE_PAST, "header.event_at", NULL);
    if (message->kind == KIND_RELEASE_NOTIFICATION && care->in_custody && care->place[0] != '\0'
        && release->certainty != CERTAINTY_WITHDRAWN && strcmp(care->place, release->prison) != 0)
        return decide_refuse(work, TC_CODE_NOT_HELD_THERE, "header.release.prison", care_standing(work, care->place));
    return true;
}

bool decide_care_allowed(Work *work, const Message *message, unsigned effects)
{
    if (!care_world_allows(work, message))
        return false;
    if ((effects & EFFECT_OFFER) != 0)
        return care_offer_allowed(work, message);
    if ((effects & EFFECT_TRANSFER) != 0)
        return care_transfer_allowed(work, message);
    if ((effects & EFFECT_RESUME) != 0)
        return care_resume_allowed(work, message);
    return (effects & EFFECT_LOSE) == 0 || care_lost_allowed(work, message);
}
