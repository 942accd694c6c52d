/* One request from nginx, bounded and decoded, and its answer. What came in its fields is text (query.h). */
#ifndef WORKLIST_REQUEST_H
#define WORKLIST_REQUEST_H

#include "adapters/worklist/worklist.h"

#include <event2/http.h>

typedef struct Request {
    struct evhttp_request *http;
    Worklist *worklist;
    char *path;                 /* as asked; never with personal data in it */
    GHashTable *query, *form;   /* name -> value; of a name that comes twice the first */
    char *cookie;               /* to set with the answer, or NULL */
    Session *session;           /* NULL: nobody is signed in */
    Session *ended;             /* whose session has just ended by itself, or NULL */
    const Account *named;       /* whom nginx says to have signed in, with its secret; NULL: nobody */
    bool post;
    bool typed;                 /* form is what somebody typed: in this request, or when their session had just ended */
    struct Turn *turn;          /* the answer waits for its end; NULL: it goes at once */
    char *marked;               /* the conversation that was marked as opened by this, or NULL */
} Request;

/* turn: for what only reads (turn.h). False: it was refused with an error page, already answered. */
bool request_read(Request *request, struct evhttp_request *http, Worklist *worklist, struct Turn *turn);
void request_clear(Request *request);

const char *request_value(const GHashTable *fields, const char *name); /* "" when missing */

/* From now on the pages are in this language, for whoever is signed in, or in this browser. */
void request_set_language(Request *request, const char *language);

/* A page of a template: view is taken; "title" in it is the page's. */
void reply_page(Request *request, int status, const char *name, json_t *view);
/* A sentence for the script of a page. */
void reply_text(Request *request, int status, const char *words);
/* The head of an answer that goes on (evhttp_send_reply_chunk). */
void reply_begin(Request *request, const char *type);
/* A file to be kept: name is ASCII without quotes. */
void reply_file(Request *request, const char *type, const char *name, const GString *bytes);
/* After a form: the browser asks for another page (303). path begins with /. cookie: "name=value; …" or NULL. */
void reply_redirect(Request *request, const char *path, const char *cookie);
/* A page that says what is wrong and what to do. */
void reply_problem(Request *request, int status, const char *title, const char *words);
/* The same where a client cannot be shown because that could not be recorded. */
void reply_unkept(Request *request);

#endif
