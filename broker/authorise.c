#include "broker/authorise.h"

#include "broker/codes.h"

#define OF(SERVICE_KIND) (1u << SERVICE_##SERVICE_KIND)
/* A version may go to a new service, one that had an earlier version, or one that was told; never back to the starter. */
#define ANY_RELATION (RELATION_STARTS | RELATION_ADDRESSEE | RELATION_TOLD | RELATION_NONE)

/* Sets of kinds that the table speaks of. */
#define ANYBODY (~(OF(NONE) | OF(DAT)))
#define TAKERS (OF(CJIP) | OF(PRESCRIBER) | OF(TIER2) | OF(TIER3) | OF(TIER4) | OF(SPOC) | OF(GP) | OF(HOUSING) | OF(PROBATION))
#define REFERRERS (OF(CARAT) | OF(PRISON_HEALTH) | OF(ARREST_REFERRAL) | OF(POLICE) | OF(SOCIAL_CARE) | OF(PHARMACY) | TAKERS)
#define COORDINATORS (OF(CARAT) | OF(ARREST_REFERRAL) | OF(CJIP) | OF(PRESCRIBER) | OF(TIER2) | OF(TIER3) | OF(TIER4) | OF(PROBATION) | OF(SPOC))

static const struct {
    int kind;
    unsigned senders, relations, recipients, to;
} authorise_rows[] = {
#define ALLOW(KIND, senders, relations, recipients, to) { KIND_##KIND, senders, relations, recipients, to },
#include "broker/authorise.def"
#undef ALLOW
};

Relation authorise_relation(const Head *head, const char *service)
{
    if (head->version == 0)
        return RELATION_STARTS;
    if (strcmp(head->starter, service) == 0)
        return RELATION_STARTER;
    if (strcmp(head->addressee, service) == 0)
        return RELATION_ADDRESSEE;
    if (strcmp(head->told, service) == 0)
        return RELATION_TOLD;
    for (size_t i = 0; i < G_N_ELEMENTS(head->told_before); i++)
        if (strcmp(head->told_before[i], service) == 0)
            return RELATION_TOLD;
    return RELATION_NONE;
}

static size_t authorise_add(const char *service, const char *but, const char *parties[PARTIES_MAX], size_t count)
{
    if (*service == '\0' || strcmp(service, but) == 0)
        return count;
    for (size_t i = 0; i < count; i++)
        if (strcmp(parties[i], service) == 0)
            return count;
    parties[count] = service;
    return count + 1;
}

size_t authorise_parties(const Head *head, const char *but, const char *parties[PARTIES_MAX])
{
    size_t count = authorise_add(head->starter, but, parties, 0);
    count = authorise_add(head->addressee, but, parties, count);
    count = authorise_add(head->told, but, parties, count);
    for (size_t i = 0; i < G_N_ELEMENTS(head->told_before); i++)
        count = authorise_add(head->told_before[i], but, parties, count);
    return count;
}

bool authorise(const AuthoriseCase *what)
{
    for (size_t i = 0; i < G_N_ELEMENTS(authorise_rows); i++)
        if (authorise_rows[i].kind == what->kind && (authorise_rows[i].senders & 1u << what->sender) != 0
            && (authorise_rows[i].relations & what->relation) != 0
            && (authorise_rows[i].recipients & 1u << what->recipient) != 0
            && (authorise_rows[i].to & what->to) != 0)
            return true;
    return false;
}

bool authorise_takes_referrals(int service_kind)
{
    return service_kind > SERVICE_NONE && service_kind <= SERVICE_SPOC && (TAKERS & 1u << service_kind) != 0;
}
