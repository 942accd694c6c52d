/* What every page has at hand. One process, one organisation, one thread: libevent's loop, in which the SDK is dispatched too. */
#ifndef WORKLIST_WORKLIST_H
#define WORKLIST_WORKLIST_H

#include "adapters/worklist/account.h"
#include "adapters/worklist/caseload.h"
#include "adapters/worklist/session.h"

typedef struct Worklist {
    TcClient *client;
    Accounts *accounts;
    Sessions *sessions;
    Caseload *caseload;
    GHashTable *templates; /* name -> Template */
    TcState state;         /* of the connection, as the SDK told last */
    json_t *directory;     /* tc_client_directory, read again when a message comes */
    int64_t views;         /* how many are recorded; -1: not counted yet */
    char *service, *name, *kind, *area;
} Worklist;

/* The name of a service, as the directory has it; the id itself for one that is not there. Borrowed. */
const char *worklist_service_name(const Worklist *worklist, const char *service);

#endif
