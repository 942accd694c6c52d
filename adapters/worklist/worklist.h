/* What every page has at hand. One process, one organisation, one thread: libevent's loop, in which the SDK is dispatched too. */
#ifndef WORKLIST_WORKLIST_H
#define WORKLIST_WORKLIST_H

#include "adapters/worklist/account.h"
#include "adapters/worklist/answerable.h"
#include "adapters/worklist/caseload.h"
#include "adapters/worklist/cover.h"
#include "adapters/worklist/session.h"

typedef struct Worklist {
    TcClient *client;
    Accounts *accounts;
    Sessions *sessions;
    Caseload *caseload;
    Answerables *answerables;
    Cover *cover;          /* who stands in for whom */
    json_t *offered;       /* what the filters offer: code -> how many, by the filter's name; made anew now and then, when the lists changed */
    guint64 offered_at;    /* caseload_changes when it was … */
    int64_t offered_time;  /* … and the time */
    GHashTable *templates; /* name -> Template */
    TcState state;         /* of the connection, as the SDK told last */
    json_t *directory;     /* tc_client_directory, read again when a message comes */
    char *sign_on;         /* the secret that nginx sends with the name of whom it signed in; NULL: no single sign-on */
    int64_t news;          /* how many messages and notices came since the start */
    struct Live *live;     /* the open pages, NULL: before the loop and after it */
    int64_t views;         /* how many are recorded; -1: not counted yet */
    GHashTable *opened;    /* what the page that is being shown has opened: message -> JSON; NULL when it is not for reading only */
    char *lists;           /* the folder of the adapter of lists beside this worklist; NULL: none */
    json_t *rejected;      /* what lies in its rejected/, as rejected.c last saw it … */
    int64_t rejected_at;   /* … at this monotonic time */
    char *service, *name, *kind, *area;
} Worklist;

/* A service as the directory has it; NULL: it is not there. Borrowed until the directory is read again. */
const json_t *worklist_service(const Worklist *worklist, const char *id);
/* The name of a service, as the directory has it; the id itself for one that is not there. Borrowed. */
const char *worklist_service_name(const Worklist *worklist, const char *service);
/* The name of one of our own workers by the reference; the reference itself for one without an account. Borrowed. */
const char *worklist_worker_name(const Worklist *worklist, const char *reference);
/* The same with the reference, which stays what it was whoever has it now: "Sam Made-Up, w-017". New string. */
char *worklist_worker_said(const Worklist *worklist, const char *reference);
/* Between these two every message is opened once, however many facts of it a page shows; what was opened does not outlive the page. */
void worklist_begin_page(Worklist *worklist);
void worklist_end_page(Worklist *worklist);
/* tc_client_message. New reference, not to be changed; NULL: there is none, or it cannot be read. */
json_t *worklist_message(const Worklist *worklist, const char *id);

#endif
