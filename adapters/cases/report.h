/* cases.csv: one line a conversation that this service takes part in, in plain words, and the reference by which a list can act on it.
 *
 * Lines are made from the conversations in the spool, a slice at a time, and again only for those about which something new is known; then the
 * file is replaced as a whole. Names come from what opens here; they are in this file and in memory, nowhere else. */
#ifndef CASES_REPORT_H
#define CASES_REPORT_H

#include "throughcare/throughcare.h"

#include <glib.h>

typedef struct Report Report;

/* Everything the spool knows is news at first. folder and client are borrowed. NULL with *why. */
Report *report_new(TcClient *client, const char *folder, char **why);
void report_free(Report *report);

void report_touch(Report *report, const char *conversation);
bool report_step(Report *report);               /* some 50 ms of work; true when nothing is left of it */
bool report_write(Report *report, char **why);
bool report_unsent(const Report *report);       /* something that was sent is not yet safe with a broker */

#endif
