/* The pages. Each takes a request that was read and answers it. */
#ifndef WORKLIST_PAGES_H
#define WORKLIST_PAGES_H

#include "adapters/worklist/request.h"

/* Finds the page of a path, sees that who asks may see it, and has it answered. */
void pages_answer(Request *request);

/* The pages that are always at hand for whoever is signed in: [{ "words", "address", "here" }]. */
json_t *pages_navigation(const Request *request);

void page_sign_in(Request *request, const char *rest);
void page_sign_out(Request *request, const char *rest);
void page_today(Request *request, const char *rest);
void page_client(Request *request, const char *rest);
void page_form(Request *request, const char *rest);    /* "FORM" or "CONVERSATION/FORM" */
void page_sent(Request *request, const char *rest);
void page_dose(Request *request, const char *rest);
void page_views(Request *request, const char *rest);

/* Records that somebody looked at a client (never at which facts). */
void view_record(Worklist *worklist, const Account *account, const char *conversation, const char *what);
/* The newest first: [{ "at", "person", "worker", "conversation", "what" }], at most limit. */
json_t *view_list(Worklist *worklist, int limit);

#endif
