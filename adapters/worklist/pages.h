/* The pages. Each takes a request that was read and answers it. */
#ifndef WORKLIST_PAGES_H
#define WORKLIST_PAGES_H

#include "adapters/worklist/form.h"
#include "adapters/worklist/request.h"

/* Finds the page of a path, sees that who asks may see it, and has it answered. */
void pages_answer(Request *request);

/* The pages that are always at hand for whoever is signed in: [{ "words", "address", "here" }]. */
json_t *pages_navigation(const Request *request);

void page_sign_in(Request *request, const char *rest);
void page_sign_out(Request *request, const char *rest);
void page_stay(Request *request, const char *rest);    /* the session goes on: how many seconds, and at most */
void page_live(Request *request, const char *rest);
void page_password(Request *request, const char *rest);
void page_changes(Request *request, const char *rest); /* what changed with accounts */
void page_reason(Request *request, const char *rest);  /* takes why somebody looks at a client */
void page_reasons(Request *request, const char *rest); /* who gave which */
/* True: this is about a client whom whoever is signed in may not see without a reason, and that was answered with the question. */
bool reason_asked(Request *request);
/* The address that a reason is given for, begun as a page here about a client; NULL: it is not one. */
const char *reason_path(const Request *request);
/* True: whoever is signed in would be asked for one before they see this client. */
bool reason_needed(const Request *request, Case *it);
void page_today(Request *request, const char *rest);
void page_refused(Request *request, const char *rest); /* what was refused is dealt with */
void page_find(Request *request, const char *rest);    /* a client by name */
void page_client(Request *request, const char *rest);
void page_handover(Request *request, const char *rest);
void page_disclosures(Request *request, const char *rest);
void page_answerable(Request *request, const char *rest);
void page_form(Request *request, const char *rest);    /* "FORM" or "CONVERSATION/FORM"; what was typed for it: ?draft=ACT, and for that act's view &step=check or change */
void page_draft(Request *request, const char *rest);   /* keeps what is typed, or throws it away */
void page_sent(Request *request, const char *rest);
void page_dose(Request *request, const char *rest);
void page_overdue(Request *request, const char *rest);
void page_caseloads(Request *request, const char *rest);
void page_away(Request *request, const char *rest);
void page_hours(Request *request, const char *rest);
void page_accounts(Request *request, const char *rest);
void page_reports(Request *request, const char *rest);
void page_reports_csv(Request *request, const char *rest);
void page_views(Request *request, const char *rest);
void page_views_csv(Request *request, const char *rest);

/* What whoever is signed in has typed and not sent: [{ "path", "title", "name", "at", "gone": it cannot be sent any more, "more": older ones of the same form, where there are any: { "count", "drafts" } }]; begun: of that form alone, by its path; "": of all. */
json_t *drafts_view(const Request *request, const char *begun);
/* Whom it is for, as far as it says so, cut short: a new string. */
char *drafts_whose(const Case *it, const GHashTable *typed);
/* The client of a page, with the name opened; NULL: it was answered that there is none here. Borrowed until the next refresh. */
Case *page_case(Request *request, const char *conversation);

/* Of those who may be somebody (client_perhaps) no more is told than that they are known here, where whoever asks had to say why. */
void page_guard(const Request *request, json_t *perhaps);
/* The client's alerts, risks to staff and safe contacts, for a page about them: { "contacts", "alerts", "staff_risk", "doubted", "numbers" }. */
json_t *page_safety(const Worklist *w, Case *it);

/* Records that whoever is signed in looks at a client (never at which facts). False: it could not be, and that was answered. */
bool view_record(Request *request, const Case *it, const char *what);

#endif
