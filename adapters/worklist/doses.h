/* What several words on the doses of one client say beside each other. Works on the items of medication_list; pure. */
#ifndef WORKLIST_DOSES_H
#define WORKLIST_DOSES_H

#include <jansson.h>

/* Marks each dose that nobody who prescribes has confirmed with "differs" where the doses confirmed of the same medicine, which may be relied on now, are all of
 * one other amount. items: [{ "confirmed", "unconfirmed", "doses": [{ "line": as the message has it }] }]. */
void doses_compare(json_t *items);

#endif
