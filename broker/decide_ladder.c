/* Telling a person further up the line, rung by rung, until somebody confirms it. */
#include "broker/decide_work.h"

#include "broker/authorise.h"
#include "broker/clock.h"
#include "broker/kind.h"

/* Who holds a role is asked of the silent service; one that has left the directory leaves it to the starter's. */
static const TcService *decide_ladder_holder(const Work *work, uint32_t row)
{
    const TcDirectory *directory = work->world->directory;
    const TcService *silent = tc_directory_service(directory, work->head->addressee);
    if (silent == NULL)
        silent = tc_directory_service(directory, work->head->starter);
    const TcService *holder = silent == NULL ? NULL : tc_directory_role(directory, silent, clock_rung(row)->role);
    return holder == NULL || decide_blocked(work, holder->id) ? NULL : holder;
}

/* The same service in a second role would only be told the same again. */
static bool decide_ladder_was_told(const Work *work, const ClockLadder *ladder, size_t at, const TcService *holder)
{
    for (size_t earlier = 0; earlier < at; earlier++)
        if (decide_ladder_holder(work, ladder->rows[earlier]) == holder)
            return true;
    return false;
}

static void decide_ladder_remember(Head *head, const char *service)
{
    size_t last = G_N_ELEMENTS(head->told_before) - 1;
    if (*service == '\0')
        return;
    for (size_t i = 0; i <= last; i++)
        if (strcmp(head->told_before[i], service) == 0)
            return;
    for (size_t i = 0; i <= last; i++)
        if (head->told_before[i][0] == '\0') {
            g_strlcpy(head->told_before[i], service, sizeof head->told_before[i]);
            return;
        }
    memmove(head->told_before[0], head->told_before[1], last * sizeof head->told_before[0]);
    g_strlcpy(head->told_before[last], service, sizeof head->told_before[last]);
}

void decide_ladder_party(Work *work, const char *service)
{
    Head *head = work->head;
    if (strcmp(head->told, service) == 0)
        return;
    decide_ladder_remember(head, head->told);
    g_strlcpy(head->told, service, sizeof head->told);
}

/* What somebody must see who takes part from now on: the newest version and, unless that waits for its first answer, what was said to
 * it, so that they know who was named or took the client on before they act. Every later message comes by itself. */
void decide_ladder_show(Work *work, const char *service)
{
    const Head *head = work->head;
    const char *to = decide_text(work, service);
    bool waits = g_strcmp0(machine_task_status(head->machine, head->state), "requested") == 0;
    decide_deliver(work, to, DELIVERY_MESSAGE, &head->newest_notification, (Span){ 0 });
    if (!waits && !tc_id_is_none(&head->newest_answer))
        decide_deliver(work, to, DELIVERY_MESSAGE, &head->newest_answer, (Span){ 0 });
    if (!waits && !tc_id_is_none(&head->newest_report))
        decide_deliver(work, to, DELIVERY_MESSAGE, &head->newest_report, (Span){ 0 });
}

/* An SPOC takes part from now on. */
static void decide_ladder_admit(Work *work, const TcService *holder)
{
    Relation relation = authorise_relation(work->head, holder->id);
    if (relation == RELATION_NONE)
        decide_ladder_show(work, holder->id);
    if (relation == RELATION_NONE || relation == RELATION_TOLD)
        decide_ladder_party(work, holder->id);
}

typedef struct Rung { uint32_t row, number; } Rung; /* number: how far up the ladder */

static void decide_ladder_notice(Work *work, Rung at, const char *holder, const TcId *clock, const Wait *wait)
{
    const Head *head = work->head;
    const ClockRung *rung = clock_rung(at.row);
    NoticeOut notice = { .clock = *clock, .conversation = head->conversation, .message = head->newest_notification,
                         .policy = rung->policy, .role = rung->role, .waiting_for = head->addressee,
                         .kind = kind_of_request(head->machine),
                         .since_at = wait->since_at, .due_at = wait->due_at, .rung = at.number };
    decide_deliver(work, holder, DELIVERY_NOTICE, clock, encode_notice(work->decision->strings, &notice));
}

/* step ESCALATED with the holder, or NOBODY_TOLD with the service that stays silent. */
static void decide_ladder_say(Work *work, uint32_t row, int step, const char *service)
{
    const ClockRung *rung = clock_rung(row);
    decide_audit(work, &(AuditNote){ AUDIT_ESCALATED, service, work->head->newest_notification, rung->name });
    decide_evidence(work, decide_text(work, work->head->starter),
                    (EvidenceOut){ .step = step, .messages = &work->head->newest_notification, .message_count = 1,
                                   .by = service, .policy = rung->policy, .role = rung->role });
}

static void decide_ladder_climb(Work *work, const ClockLadder *ladder, size_t at, const Wait *wait)
{
    const TcService *holder = NULL;
    for (; at + 1 < ladder->count; at++) {
        holder = decide_ladder_holder(work, ladder->rows[at]);
        if (holder != NULL && !decide_ladder_was_told(work, ladder, at, holder))
            break;
        holder = NULL;
    }
    uint32_t row = ladder->rows[at];
    const char *service = decide_text(work, holder != NULL ? holder->id : work->head->addressee);
    TcId clock = decide_slot_start(work, &(SlotStart){ CLOCK_SLOT_TOLD, POLICY_TOLD,
                                                       work->world->now + clock_rung_time(row), row, service });
    decide_ladder_say(work, row, holder != NULL ? STEP_ESCALATED : STEP_NOBODY_TOLD, service);
    if (holder == NULL)
        return;
    if (clock_rung(row)->role == ROLE_SPOC)
        decide_ladder_admit(work, holder);
    decide_ladder_notice(work, (Rung){ row, (uint32_t)at }, service, &clock, wait);
}

void decide_ladder_begin(Work *work, int policy, const Wait *wait)
{
    ClockLadder ladder;
    decide_due_ladder(work, policy, &ladder);
    decide_ladder_climb(work, &ladder, 0, wait);
}

void decide_ladder_go_on(Work *work, uint32_t row, const Wait *wait)
{
    ClockLadder ladder;
    decide_due_ladder(work, clock_rung(row)->policy, &ladder);
    size_t at = clock_ladder_find(&ladder, row);
    decide_ladder_climb(work, &ladder, at + 1 < ladder.count ? at + 1 : 0, wait);
}
