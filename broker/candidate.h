/* Who can take a request for a service: area, kind, capabilities and urgency in, the next service to ask out. PROTOCOL.md section 6.
 *
 * In this order: a service of the kind in the area that can do what is needed, has places and is open in time (the one open soonest, then
 * the one with most places); the fallback of one that could but is full or closed; for a client who must be seen today, a drop-in or
 * outreach service; the area's single point of contact. The last is always there: nobody is sent nowhere. Pure; nothing here allocates. */
#ifndef BROKER_CANDIDATE_H
#define BROKER_CANDIDATE_H

#include "broker/decide.h"

typedef struct Candidate { const TcService *service; int why; /* CandidateReason.Code */ } Candidate;

/* What a pathway needs of a service: bits 1 << Capability.Code. */
uint32_t candidate_pathway_needs(int pathway);

/* By when a service must be open to be asked. */
int64_t candidate_open_by(int urgency, int64_t now);

/* asked: services that are not asked (again). Gives the SPOC even if it is among them; service NULL only when the directory has none. */
Candidate candidate_next(const World *world, const ServiceRequest *request, int urgency, const char *const *asked, size_t asked_count);

#endif
