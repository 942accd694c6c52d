/* The Unix socket that nginx passes requests to (evhttp), and the SDK in the same loop. */
#ifndef WORKLIST_SERVER_H
#define WORKLIST_SERVER_H

#include "adapters/worklist/worklist.h"

/* Listens at path and serves until SIGTERM or SIGINT. False and *problem (g_free): it could not begin. */
bool server_run(Worklist *worklist, const char *path, char **problem);

#endif
