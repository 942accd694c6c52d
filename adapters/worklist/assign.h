/* Giving a case to another worker. What only this service needs to know is kept here; whom another service was told to expect, they are told anew:
 * a release for which somebody is named gets a new answer with the new name, and how to reach them. One thread. */
#ifndef WORKLIST_ASSIGN_H
#define WORKLIST_ASSIGN_H

#include "adapters/worklist/worklist.h"

/* by: who says so. *told: set when another service is told. False and *error: nothing has changed. The case is made anew: find it again. */
bool assign_case(Worklist *worklist, const Account *by, const char *conversation, const Account *to, bool *told, TcError *error);

#endif
