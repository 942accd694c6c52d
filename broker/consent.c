#include "broker/consent.h"

#include "broker/codes.h"
#include "broker/kind.h"

#include <stdio.h>
#include <string.h>

/* ---- As kept ---- */

void consent_write(const ConsentScope *scope, char *text)
{
    int len = g_snprintf(text, CONSENT_TEXT_MAX, "%d %u %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " ", scope->state, scope->parts,
                         (gint64)scope->from_at, (gint64)scope->until_at);
    for (size_t i = 0; i < scope->service_count; i++)
        len += g_snprintf(text + len, (gulong)(CONSENT_TEXT_MAX - len), "%s%s", i == 0 ? "" : ",", scope->services[i]);
}

typedef struct Kept { int state; unsigned parts; int64_t from_at, until_at; const char *services; } Kept;

static bool consent_read(const char *text, Kept *kept)
{
    gint64 from_at, until_at;
    int at = 0;
    if (sscanf(text, "%d %u %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "%n", &kept->state, &kept->parts, &from_at, &until_at, &at) != 4)
        return false;
    kept->from_at = from_at;
    kept->until_at = until_at;
    kept->services = text[at] == ' ' ? text + at + 1 : "";
    return true;
}

static bool consent_in_time(const Kept *kept, int64_t now)
{
    return now >= kept->from_at && (kept->until_at == 0 || now < kept->until_at);
}

static bool consent_names(const char *services, const char *service)
{
    size_t len = strlen(service);
    for (const char *at = services; *at != '\0'; at += strcspn(at, ","), at += *at == ',')
        if (strcspn(at, ",") == len && strncmp(at, service, len) == 0)
            return true;
    return false;
}

/* ---- Judged ---- */

bool consent_allows(const char *text, const char *service, unsigned governed, int64_t now)
{
    Kept kept;
    if (governed == 0 || *text == '\0')
        return true;
    if (!consent_read(text, &kept) || kept.state == CONSENT_WITHDRAWN || kept.state == CONSENT_REFUSED || !consent_in_time(&kept, now))
        return false;
    if (kept.services[0] != '\0' && !consent_names(kept.services, service))
        return false;
    return kept.parts == 0 || (governed & ~kept.parts & ~(unsigned)CONSENT_ANYTHING) == 0;
}

const char *consent_standing(const char *text, int64_t now)
{
    Kept kept;
    if (!consent_read(text, &kept))
        return "";
    if (kept.state == CONSENT_WITHDRAWN || kept.state == CONSENT_REFUSED)
        return kept.state == CONSENT_WITHDRAWN ? "withdrawn" : "refused";
    if (!consent_in_time(&kept, now))
        return "ended";
    return kept.state == CONSENT_NARROWED ? "narrowed" : "given";
}

unsigned consent_would_govern(const Message *message)
{
    unsigned parts = 0;
    const KindRule *rule = kind_rule(message->kind);
    for (size_t i = 0; i < message->part_count; i++)
        parts |= 1u << message->parts[i].part;
    switch (message->kind) {
    case KIND_CONSENT:
    case KIND_RECALL:
    case KIND_DEATH:
    case KIND_AVAILABILITY:
    case KIND_FIGURES: /* it says itself that the client agreed */
    case KIND_SAFEGUARDING_CONCERN:
    case KIND_SAFEGUARDING_ACKNOWLEDGEMENT: return 0;
    case KIND_MERGE: return parts == 0 ? 0 : parts | CONSENT_ANYTHING;
    default: return parts == 0 && rule != NULL && rule->place == PLACE_ANSWER ? 0 : parts | CONSENT_ANYTHING;
    }
}

unsigned consent_governs(const Message *message)
{
    int basis = message->legal_basis;
    bool needless = message->statutory || basis == BASIS_STATUTORY || basis == BASIS_VITAL_INTERESTS || basis == BASIS_SAFEGUARDING;
    return needless ? 0 : consent_would_govern(message);
}
