/* What was refused, for Today, until it is dealt with: messages from here that the broker did not take, and rows of lists: what the adapter of lists beside this worklist (throughcare-carat) left in its folder rejected/, until it takes the file
 * away or somebody here marks it as dealt with. Only names of files and numbers of rows leave this file: what the rows hold is for whoever opens the file itself.
 * The folder is looked at every few seconds at most. One thread. */
#ifndef WORKLIST_REFUSED_H
#define WORKLIST_REFUSED_H

#include "adapters/worklist/worklist.h"

/* What the broker refused after it was sent: [{ "id": its message, "conversation", "name", "kind", "at", "problem" }], the newest first. New reference. */
json_t *refused_messages(Worklist *worklist);
/* { "closed": the folder cannot be read, "lists": [{ "file", "rows", "whole": nothing of the list was sent, "at", "mark" }] }, the newest list first;
 * NULL: no folder is set. New reference. */
json_t *refused_view(Worklist *worklist);
/* This file, as it was when the mark was shown, or the message whose id it is, is dealt with: durably. False and *error; one that has changed or gone since is left alone. */
bool refused_dealt_with(Worklist *worklist, const char *mark, TcError *error);

#endif
