/* The local socket: mode 0600, only root and this process's own user are heard, one JSON object a line, one answer a line.
 *
 * Lines are at most 1 MiB, at most 32 peers (a new one takes the place of the one that has been quiet for longest), and a peer that
 * does not read its answer in time is dropped, so that nobody here can hold the adapter up. */
#ifndef SERVICE_LOCAL_H
#define SERVICE_LOCAL_H

#include "throughcare/throughcare.h"

typedef struct Local Local;

/* NULL and *why (caller frees). The client is borrowed until local_free. */
Local *local_new(TcClient *client, const char *path, char **why);
void local_free(Local *local);

#endif
