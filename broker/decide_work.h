/* What decide's files share: the work at hand, and the few ways to add a row to a decision. For decide*.c only.
 *
 * A Work lives on decide's stack. `head` is the decision's own copy, changed in place. A rule checks everything it may refuse
 * before it adds a row, so a refused decision holds none. Texts that come from the head or from the directory are copied into the
 * decision, which may move; those of the event stay where they are. */
#ifndef BROKER_DECIDE_WORK_H
#define BROKER_DECIDE_WORK_H

#include "broker/clock.h"
#include "broker/codes.h"
#include "broker/decide.h"
#include "broker/encode.h"
#include "broker/machine.h"

typedef struct Work {
    const Event *event;
    const World *world;
    Decision *decision;
    Head *head;
    Care care;                 /* the client's, as the rows added so far leave it */
} Work;

/* ---- decide_rows.c ---- */

/* Always false, so that checks can return it. standing: NULL for none. */
bool decide_refuse(Work *work, int code, const char *field, const char *standing);
const char *decide_text(Work *work, const char *text);
bool decide_blocked(const Work *work, const char *service);
/* The service, if the directory has it and it is not blocked. */
const TcService *decide_service(const Work *work, const char *id);
/* The directory lists more than one station of it: what one of them said is news to the others. */
bool decide_has_stations(const Work *work, const char *service);

typedef struct AuditNote { int event; const char *service; TcId message; const char *detail; } AuditNote; /* detail NULL: "" */
/* A row about the head's conversation. */
void decide_audit(Work *work, const AuditNote *note);
/* The row that the receipt of an envelope or wrap proves. */
void decide_audit_item(Work *work, int event, const TcId *conversation, const TcId *message);

void decide_deliver(Work *work, const char *recipient, int type, const TcId *message, Span body);
/* Evidence about what somebody sent; at is filled in. */
void decide_evidence(Work *work, const char *recipient, EvidenceOut evidence);
/* The head changes: one version on. Once a decision. */
void decide_head_changed(Work *work, ConversationEvent event);
/* An id that follows from what caused it; parts: lengths and bytes hashed under a context of their own. */
TcId decide_id(const char *context, int number, const TcId *conversation, const TcId *cause, uint64_t version);
/* The id of a message's HELD clock. */
TcId decide_held_clock(const TcId *message);

/* ---- decide_slot.c: the clocks of a conversation ---- */
typedef struct SlotStart { int slot, policy; int64_t due_at; uint32_t rung; const char *waiting_for; } SlotStart;
bool decide_slot_running(const Work *work, int slot);
TcId decide_slot_start(Work *work, const SlotStart *start);   /* gives the clock's id; ends one that runs in the slot */
void decide_slot_end(Work *work, int slot, int how);          /* AUDIT_CLOCK_FIRED or AUDIT_CLOCK_STOPPED; nothing runs: nothing */

/* ---- decide_due.c: as the area has set its clocks ---- */
typedef struct Due { int64_t usual, from, no_later; } Due; /* usual: as the page has it; from: when it begins; no_later: what it must not pass, 0 nothing */
int64_t decide_due(const Work *work, int policy, const Due *due);
const Availability *decide_hours(const Work *work); /* when the addressee works; NULL: it has not said */
int64_t decide_due_reminder(const Work *work, int policy, int64_t due_at); /* 0: none */
void decide_due_ladder(const Work *work, int policy, ClockLadder *ladder);

/* ---- decide_ladder.c: who is told ---- */
typedef struct Wait { int64_t since_at, due_at; } Wait;
void decide_ladder_begin(Work *work, int policy, const Wait *wait);    /* tells the first rung that somebody holds */
void decide_ladder_go_on(Work *work, uint32_t row, const Wait *wait); /* the next rung after this row; after the last, from the first again */
void decide_ladder_party(Work *work, const char *service);            /* makes a service a told party of the head */
void decide_ladder_show(Work *work, const char *service);             /* what one who takes part from now on must see */

/* ---- decide_care_allowed.c, decide_care.c, decide_statement.c: who is answerable for the client ---- */
#define CARE_ON_ORDER (1u << SERVICE_PROBATION | 1u << SERVICE_CJIP) /* who may hold a client who is on a court order */
bool decide_care_allowed(Work *work, const Message *message, unsigned effects);
bool decide_care_is(const Work *work, const char *service, unsigned kinds); /* kinds: bits 1 << ServiceKind */
bool decide_care_may_hold(const Work *work, const char *service);
/* One version more of work->care, as it stands. message: what caused it; NULL: a clock, or the operator. holder NULL: stays. */
void decide_care_change(Work *work, int step, const char *holder, const char *worker, const Message *message);
void decide_statement(Work *work, const Message *message);
bool decide_statement_binds(const Message *message);      /* an order that decides who may coordinate */
void decide_statement_recalled(Work *work, const Message *message);
void decide_care_parties(Work *work, unsigned effects); /* who must hear of a message because of it: before the message is delivered */
void decide_care(Work *work, const Message *message, unsigned effects);
void decide_care_release(Work *work, const char *receiver); /* out of custody; receiver: who has or meets the client, NULL: nobody */
void decide_care_hand_back(Work *work);

const char *decide_care_spoc(const Work *work, const char *of);
const char *decide_care_first(Work *work, const Message *message); /* who takes up a client whom nobody has; NULL: nobody here may */

/* ---- decide_consent.c: what the client agreed to ---- */
bool decide_consent_allowed(Work *work, const Message *message);
void decide_consent_note(Work *work, const Message *message);
void decide_consent(Work *work, const Message *message);
bool decide_consent_reaches(const Work *work, const char *service, unsigned governed); /* consent_governs of what would be shared */
bool decide_consent_refuse(Work *work, const char *field);
unsigned decide_consent_governs(const Work *work, const TcId *message);
void decide_consent_withhold(Work *work); /* what is on its way to somebody whom the client did not agree to */
void decide_consent_tell_holders(Work *work, const EvidenceOut *what); /* everybody who was told anything of the client */

/* ---- one file each ---- */
void decide_message(Work *work);
void decide_effects(Work *work, const Message *message, unsigned effects); /* EFFECT_* of machine.h */
void decide_effects_contact(Work *work); /* the clock of a release that must run whoever is named */
bool decide_recall_allowed(Work *work, const Message *message);
void decide_recall(Work *work, const Message *message);
void decide_link_client(Work *work, const Message *message); /* whose conversation this is, at its first message */
void decide_link(Work *work, const Message *message);
bool decide_merge_allowed(Work *work, const Message *message);
void decide_merge(Work *work, const Message *message);   /* two clients are one, or one is two: before decide_link */
bool decide_request_resolve(Work *work, Message *message, int *why); /* whom a message without a recipient goes to; false: refused */
void decide_request_asked(Work *work, int why);           /* the addressee is asked: who hears of it, and its keys */
void decide_request_move_on(Work *work, const Message *message);
void decide_request_accepted(Work *work);                 /* the addressee took the client on: the rest of the keys */
bool decide_request_sees_all(const Work *work, const char *service); /* every part of known.ref, not the minimum alone */
void decide_wrap(Work *work);
void decide_confirmation(Work *work);
void decide_clock(Work *work);

#endif
