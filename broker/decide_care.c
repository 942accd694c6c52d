/* Who is answerable for a client: one coordinator at every version, from the first who takes the client up.
 *
 * Whoever offers a transfer stays the coordinator until the acceptance is in the record. Custody holds nobody who is free: at release
 * the client passes to who receives them, else to the area's single point of contact. On a court order only probation or a CJIP team may
 * hold it. The rules are PROTOCOL.md section 7; the database refuses a gap, a second holder and a foreign hand-over by itself. */
#include "broker/decide_work.h"

#include "broker/authorise.h"
#include "proto/uuid.h"

#include <string.h>

#define OF(SERVICE_KIND) (1u << SERVICE_##SERVICE_KIND)
#define CUSTODY (OF(CARAT) | OF(PRISON_HEALTH))
/* Who may be a coordinator at all. */
#define MAY_HOLD (OF(CARAT) | OF(ARREST_REFERRAL) | OF(CJIP) | OF(PRESCRIBER) | OF(TIER2) | OF(TIER3) | OF(TIER4) | OF(PROBATION) | OF(SPOC))
/* Who finds clients for others: what they hold passes on with the first acceptance. */
#define FINDERS (OF(CARAT) | OF(ARREST_REFERRAL) | OF(TIER2) | OF(SPOC))

bool decide_care_is(const Work *work, const char *service, unsigned kinds)
{
    const TcService *found = tc_directory_service(work->world->directory, service);
    return found != NULL && (kinds & 1u << found->kind) != 0;
}

bool decide_care_may_hold(const Work *work, const char *service)
{
    return decide_care_is(work, service, work->care.on_order ? CARE_ON_ORDER : MAY_HOLD) && !decide_blocked(work, service);
}

/* ---- One version more ---- */

static const char *care_step_name(int step)
{
    static const char *const names[] = { "", "taken_up", "passed", "transferred", "resumed", "handed_back", "noted", "merged", "parted" };
    return names[step];
}

static void care_say(Work *work, const char *service)
{
    const TcId *message = tc_id_is_none(&work->care.message) ? &work->head->newest_notification : &work->care.message;
    if (*service != '\0')
        decide_evidence(work, decide_text(work, service),
                        (EvidenceOut){ .step = STEP_ANSWERABLE, .messages = message, .message_count = tc_id_is_none(message) ? 0 : 1,
                                       .by = decide_text(work, work->care.coordinator),
                                       .worker = work->care.worker[0] == '\0' ? NULL : decide_text(work, work->care.worker) });
}

/* Who becomes answerable takes part from now on, and gets what it is about. */
static void care_admit(Work *work)
{
    const char *holder = decide_text(work, work->care.coordinator);
    if (work->head->version == 0 || authorise_relation(work->head, holder) != RELATION_NONE)
        return;
    decide_ladder_party(work, holder);
    decide_ladder_show(work, holder);
}

/* Those who must know, each once: who is answerable now, who was, and who keeps a residual role. */
static void care_tell(Work *work, const char *from)
{
    const Care *care = &work->care;
    care_admit(work);
    care_say(work, care->coordinator);
    if (strcmp(from, care->coordinator) != 0)
        care_say(work, from);
    if (strcmp(care->residual, care->coordinator) != 0 && strcmp(care->residual, from) != 0)
        care_say(work, care->residual);
}

/* All of a version, as the database's own check computes it (migration 017): text, because names hold no '|'. */
static TcDigest care_digest(const CareRow *row)
{
    const Care *care = &row->care;
    char client[TC_UUID_TEXT_LEN + 1], same_as[TC_UUID_TEXT_LEN + 1] = "";
    TcDigest digest;
    tc_uuid_format(care->client.b, client);
    if (!tc_id_is_none(&care->same_as))
        tc_uuid_format(care->same_as.b, same_as);
    g_autofree char *released = care->released_at == 0 ? g_strdup("") : g_strdup_printf("|%" G_GINT64_FORMAT, (gint64)care->released_at);
    g_autofree char *text = g_strdup_printf("%s|%u|%d|%s|%s|%s|%s|%s|%s|%d|%d|%d|%s%s%s%s%s%s", client, care->version, care->step, care->coordinator, care->worker,
                                            care->residual, care->receiver, care->prescriber, care->place, care->in_custody, care->on_order,
                                            care->died, row->from, care->consent[0] == '\0' ? "" : "|", care->consent,
                                            same_as[0] == '\0' ? "" : "|", same_as, released);
    gsize len = sizeof digest.b;
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(checksum, (const guchar *)text, (gssize)strlen(text));
    g_checksum_get_digest(checksum, digest.b, &len);
    return digest;
}

static void care_record(Work *work, const CareRow *row)
{
    g_autofree char *detail = g_strdup_printf("%s/%u", care_step_name(row->care.step), row->care.version);
    AuditRow audit = { AUDIT_COORDINATION, decide_text(work, row->care.coordinator), work->head->conversation, row->care.message,
                       care_digest(row), decide_text(work, detail) };
    g_array_append_val(work->decision->cares, *row);
    g_array_append_val(work->decision->audit, audit);
}

void decide_care_change(Work *work, int step, const char *holder, const char *worker, const Message *message)
{
    Care *care = &work->care;
    CareRow row = { 0 };
    if (care->version > 0)
        g_strlcpy(row.from, care->coordinator, sizeof row.from);
    if (holder != NULL) {
        g_strlcpy(care->coordinator, holder, sizeof care->coordinator);
        g_strlcpy(care->worker, worker == NULL ? "" : worker, sizeof care->worker);
    }
    if (tc_id_is_none(&care->client)) /* else it may stand for a client merged into it */
        care->client = work->head->client;
    care->version++;
    care->step = step;
    care->conversation = work->head->conversation;
    care->message = message == NULL ? (TcId){ { 0 } } : message->id;
    row.care = *care;
    care_record(work, &row);
    if (strcmp(row.from, care->coordinator) != 0)
        care_tell(work, row.from);
}

const char *decide_care_first(Work *work, const Message *message)
{
    const TcService *spoc = tc_directory_service(work->world->directory, decide_care_spoc(work, message->recipient));
    const char *const holders[] = { message->sender, message->recipient, spoc == NULL ? "" : spoc->id };
    for (size_t i = 0; i < G_N_ELEMENTS(holders); i++)
        if (decide_care_may_hold(work, holders[i]))
            return decide_text(work, holders[i]);
    return NULL;
}

/* ---- Who hears of it ---- */

static void care_party(Work *work, const char *service)
{
    const Head *head = work->head;
    if (*service == '\0' || strcmp(service, head->starter) == 0 || strcmp(service, head->addressee) == 0)
        return;
    decide_ladder_party(work, decide_text(work, service));
}

void decide_care_parties(Work *work, unsigned effects)
{
    const Care *care = &work->care;
    if ((effects & (EFFECT_WAKE | EFFECT_NOTE)) == 0)
        return;
    care_party(work, care->coordinator);
    care_party(work, care->residual);
    if ((effects & EFFECT_WAKE) == 0 || care->residual[0] != '\0')
        return;
    const TcService *starter = tc_directory_service(work->world->directory, work->head->starter);
    const TcService *spoc = starter == NULL ? NULL : tc_directory_role(work->world->directory, starter, ROLE_SPOC);
    if (spoc != NULL && care->version > 0)
        care_party(work, spoc->id);
}

/* ---- What changes ---- */

static void care_take_up(Work *work, const Message *message)
{
    if (work->care.version > 0 || !decide_care_may_hold(work, message->sender))
        return;
    work->care.in_custody = decide_care_is(work, message->sender, CUSTODY);
    decide_care_change(work, COORDINATION_TAKEN_UP, message->sender, message->worker, message);
}

/* In custody the one who found the client holds on until release, and it is noted who takes over then. */
static void care_pass_found(Work *work, const Message *message)
{
    Care *care = &work->care;
    const char *worker = message->group.coded.worker;
    if (!decide_care_may_hold(work, message->sender))
        return;
    if (care->version == 0) {
        decide_care_change(work, COORDINATION_TAKEN_UP, message->sender, worker, message);
        return;
    }
    if (strcmp(care->coordinator, work->head->starter) != 0 || !decide_care_is(work, care->coordinator, FINDERS))
        return;
    if (care->in_custody && decide_care_is(work, care->coordinator, CUSTODY)) {
        g_strlcpy(care->receiver, message->sender, sizeof care->receiver);
        decide_care_change(work, COORDINATION_NOTED, NULL, NULL, message);
        return;
    }
    decide_care_change(work, COORDINATION_PASSED, message->sender, worker, message);
}

const char *decide_care_spoc(const Work *work, const char *of)
{
    const TcDirectory *directory = work->world->directory;
    const TcService *service = tc_directory_service(directory, of);
    const TcService *spoc = service == NULL ? tc_directory_service(directory, directory->areas[0].spoc)
                                            : tc_directory_role(directory, service, ROLE_SPOC);
    return spoc == NULL ? directory->areas[0].spoc : spoc->id;
}

static const Message *care_message(const Work *work)
{
    return work->event->kind == EVENT_ITEM ? &work->event->item.message : NULL;
}

void decide_care_release(Work *work, const char *receiver)
{
    Care *care = &work->care;
    const char *addressee = work->head->addressee;
    bool free_already = care->version > 0 && !care->in_custody;
    bool held_outside = care->version > 0 && !decide_care_is(work, care->coordinator, CUSTODY);
    if (free_already && held_outside)
        return;
    if (receiver == NULL || !decide_care_may_hold(work, receiver))
        receiver = care->receiver[0] != '\0' && decide_care_may_hold(work, care->receiver) ? care->receiver : decide_care_spoc(work, addressee);
    receiver = decide_text(work, receiver);
    care->released_at = work->world->now;
    care->in_custody = false;
    care->place[0] = care->receiver[0] = '\0';
    decide_care_change(work, held_outside ? COORDINATION_NOTED : care->version == 0 ? COORDINATION_TAKEN_UP : COORDINATION_PASSED,
                held_outside ? NULL : receiver, NULL, care_message(work));
}

/* A CJIP team that hands on keeps a residual role, unless the offer names another. */
static void care_transfer(Work *work, const Message *message)
{
    Care *care = &work->care;
    const Head *head = work->head;
    bool prescribes = (head_scope(head) & SCOPE_PRESCRIBING) != 0 && care->version > 0
                      && (care->prescriber[0] == '\0' || strcmp(care->prescriber, head->starter) == 0);
    if (prescribes)
        g_strlcpy(care->prescriber, message->sender, sizeof care->prescriber);
    if ((head_scope(head) & SCOPE_COORDINATION) == 0) {
        if (prescribes)
            decide_care_change(work, COORDINATION_NOTED, NULL, NULL, message);
        return;
    }
    if (head->residual[0] != '\0')
        g_strlcpy(care->residual, head->residual, sizeof care->residual);
    else if (decide_care_is(work, head->starter, OF(CJIP)))
        g_strlcpy(care->residual, head->starter, sizeof care->residual);
    decide_care_change(work, COORDINATION_TRANSFERRED, message->sender, message->group.coded.worker, message);
}

void decide_care(Work *work, const Message *message, unsigned effects)
{
    bool happened = message->kind == KIND_RELEASE_NOTIFICATION && message->group.release.certainty == CERTAINTY_HAPPENED;
    if ((effects & EFFECT_TAKE_UP) != 0)
        care_take_up(work, message);
    decide_consent(work, message);
    if ((effects & EFFECT_PASS_FOUND) != 0)
        care_pass_found(work, message);
    if ((effects & EFFECT_RELEASE) != 0)
        decide_care_release(work, strcmp(message->sender, work->head->starter) == 0 ? work->head->addressee : message->sender);
    else if (happened)
        decide_care_release(work, work->head->state == RELEASE_NAMED ? work->head->addressee : NULL);
    if ((effects & EFFECT_TRANSFER) != 0)
        care_transfer(work, message);
    if ((effects & EFFECT_RESUME) != 0 && strcmp(work->care.coordinator, message->sender) != 0)
        decide_care_change(work, COORDINATION_RESUMED, message->sender, message->worker, message);
    if ((effects & EFFECT_NOTE) != 0)
        decide_statement(work, message);
    if ((effects & EFFECT_UNNOTE) != 0)
        decide_statement_recalled(work, message);
}

/* ---- The coordinator is gone ---- */

void decide_care_hand_back(Work *work)
{
    Care *care = &work->care;
    if (care->version == 0 || decide_service(work, care->coordinator) != NULL) {
        work->decision->no_effect = true;
        return;
    }
    const char *holder = care->residual[0] != '\0' && strcmp(care->residual, care->coordinator) != 0 && decide_care_may_hold(work, care->residual)
                             ? care->residual
                             : decide_care_spoc(work, care->coordinator);
    holder = decide_text(work, holder);
    if (work->head->version > 0 && authorise_relation(work->head, holder) == RELATION_NONE)
        decide_head_changed(work, CONVERSATION_ESCALATED);
    decide_care_change(work, COORDINATION_HANDED_BACK, holder, NULL, NULL);
}
