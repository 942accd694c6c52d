/* One act of saying something. Its form bears its name from the first time that it is shown, so that a form that is sent twice, gone back to or opened again is one act. An act is
 * its account's alone: whoever gets the address of another's begins one of their own. One thread. */
#ifndef WORKLIST_ACT_H
#define WORKLIST_ACT_H

#include "adapters/worklist/worklist.h"

#define ACT_ID 37 /* bytes of a message's id, as text */

char *act_new(void);
/* Whoever goes on with a form that was sent says something more: its fields get another name, and the mark that says so on the page. */
void act_renew(GHashTable *form);
/* Is it the name of an act? */
bool act_known(const char *act);
/* What the SDK knows one of its messages by, 0 the first: the last one's name is the act's, so that an act counts as sent when all of it was. New string. */
char *act_key(const Account *account, const char *act, size_t message, size_t messages);
/* Was it sent? id: of its first message, or of the one that it took back. */
bool act_sent(const Worklist *worklist, const Account *account, const char *act, char id[ACT_ID]);
/* It took a message back, which the SDK has under no name. */
void act_took_back(const Worklist *worklist, const Account *account, const char *act, const char *id);

#endif
