/* Rows of lists that were refused, for Today: what the adapter of lists beside this worklist (throughcare-carat) left in its folder rejected/, until it takes the file
 * away or somebody here marks it as dealt with. Only names of files and numbers of rows leave this file: what the rows hold is for whoever opens the file itself.
 * The folder is looked at every few seconds at most. One thread. */
#ifndef WORKLIST_REJECTED_H
#define WORKLIST_REJECTED_H

#include "adapters/worklist/worklist.h"

/* { "closed": the folder cannot be read, "lists": [{ "file", "rows", "whole": nothing of the list was sent, "at", "mark" }] }, the newest list first;
 * NULL: no folder is set. New reference. */
json_t *rejected_view(Worklist *worklist);
/* This file, as it was when the mark was shown, is dealt with; one that has changed or gone since is left alone. False and *error: it could not be kept. */
bool rejected_dealt_with(Worklist *worklist, const char *mark, TcError *error);

#endif
