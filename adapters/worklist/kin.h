/* Which cases may be about the same client, found by what ties them: a number of the person, the day of birth, the name, or the conversation that one arose
 * from or was compared with. A birthday or a name of more than 200 cases ties nobody. So a page does not look at all there is. Whether they are the same is for client.h to say. One thread. */
#ifndef WORKLIST_KIN_H
#define WORKLIST_KIN_H

#include "adapters/worklist/case.h"

typedef struct Kin Kin;

Kin *kin_new(void);
void kin_free(Kin *kin); /* takes NULL */
/* it: borrowed until it is removed, which must be before anything in it changes. */
void kin_add(Kin *kin, Case *it);
void kin_remove(Kin *kin, Case *it);
/* Adds to a list those that are tied to this one and are not in it yet; never this one itself. */
void kin_near(const Kin *kin, const Case *it, GPtrArray *into);

#endif
