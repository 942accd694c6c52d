#include "broker/candidate.h"

#include "broker/authorise.h"
#include "broker/clock.h"
#include "broker/codes.h"
#include "broker/working.h"

#include <string.h>

typedef struct Search {
    const World *world;
    const ServiceRequest *request;
    const char *const *asked; size_t asked_count;
    int64_t by;                /* it must be open by then */
} Search;

uint32_t candidate_pathway_needs(int pathway)
{
    switch (pathway) {
    case PATHWAY_CRACK: return 1u << CAPABILITY_CRACK;
    case PATHWAY_INPATIENT_DETOXIFICATION: return 1u << CAPABILITY_INPATIENT_DETOXIFICATION;
    case PATHWAY_RESIDENTIAL: return 1u << CAPABILITY_RESIDENTIAL;
    default: return 0;
    }
}

int64_t candidate_open_by(int urgency, int64_t now)
{
    switch (urgency) {
    case URGENCY_BEFORE_LEAVES_CELL: return now;
    case URGENCY_SAME_DAY: return working_midnight(now);
    case URGENCY_WITHIN_48H: return now + 48 * CLOCK_HOUR;
    default: return now + 7 * 24 * CLOCK_HOUR;
    }
}

static const Availability *said(const Search *search, const TcService *service)
{
    const World *world = search->world;
    const Availability *availability = world->availability == NULL ? NULL : world->availability(world->ctx, service->id);
    return availability == NULL ? &availability_unsaid : availability;
}

static bool may_be_asked(const Search *search, const TcService *service)
{
    const World *world = search->world;
    for (size_t i = 0; i < search->asked_count; i++)
        if (strcmp(search->asked[i], service->id) == 0)
            return false;
    return authorise_takes_referrals(service->kind) && (world->blocked == NULL || !world->blocked(world->ctx, service->id));
}

/* When it opens, if that is soon enough and it has places; 0: it cannot. */
static int64_t can_see(const Search *search, const TcService *service)
{
    const Availability *availability = said(search, service);
    int64_t open = availability->places == 0 ? 0 : availability_open_from(availability, search->world->now);
    return open > search->by ? 0 : open;
}

static bool is_of_kind(const Search *search, const TcService *service)
{
    uint32_t needs = search->request->capabilities;
    return (int)service->kind == search->request->kind && strcmp(service->area, search->request->area) == 0
           && (said(search, service)->capabilities & needs) == needs;
}

static bool is_better(const Search *search, const TcService *service, const TcService *best)
{
    if (best == NULL)
        return true;
    int64_t opens = can_see(search, service), other = can_see(search, best);
    if (opens != other)
        return opens < other;
    int places = said(search, service)->places, others = said(search, best)->places;
    return places != others ? places > others : strcmp(service->id, best->id) < 0;
}

static const TcService *best_of(const Search *search, bool (*fits)(const Search *, const TcService *))
{
    const TcDirectory *directory = search->world->directory;
    const TcService *best = NULL;
    for (size_t i = 0; i < directory->service_count; i++) {
        const TcService *service = &directory->services[i];
        if (fits(search, service) && may_be_asked(search, service) && can_see(search, service) != 0 && is_better(search, service, best))
            best = service;
    }
    return best;
}

static bool is_drop_in(const Search *search, const TcService *service)
{
    return service->kind == SERVICE_TIER2 && strcmp(service->area, search->request->area) == 0;
}

/* It stands in for whoever named it, so it need not be of the kind asked for; it must be able to see the client. */
static const TcService *best_fallback(const Search *search)
{
    const TcDirectory *directory = search->world->directory;
    const TcService *best = NULL;
    for (size_t i = 0; i < directory->service_count; i++) {
        const TcService *service = &directory->services[i];
        const TcService *fallback = is_of_kind(search, service) ? tc_directory_role(directory, service, ROLE_FALLBACK) : NULL;
        if (fallback != NULL && may_be_asked(search, fallback) && can_see(search, fallback) != 0 && is_better(search, fallback, best))
            best = fallback;
    }
    return best;
}

Candidate candidate_next(const World *world, const ServiceRequest *request, int urgency, const char *const *asked, size_t asked_count)
{
    Search search = { world, request, asked, asked_count, candidate_open_by(urgency, world->now) };
    bool today = urgency == URGENCY_BEFORE_LEAVES_CELL || urgency == URGENCY_SAME_DAY;
    Candidate found = { best_of(&search, is_of_kind), CANDIDATE_FITS };
    if (found.service == NULL)
        found = (Candidate){ best_fallback(&search), CANDIDATE_FALLBACK };
    if (found.service == NULL && today)
        found = (Candidate){ best_of(&search, is_drop_in), CANDIDATE_DROP_IN };
    if (found.service != NULL)
        return found;
    const TcArea *area = tc_directory_area(world->directory, request->area);
    return (Candidate){ area == NULL ? NULL : tc_directory_service(world->directory, area->spoc), CANDIDATE_SPOC };
}
