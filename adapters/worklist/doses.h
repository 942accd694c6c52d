/* What several words on the doses of one client say beside each other. Works on the items of medication_list; pure. */
#ifndef WORKLIST_DOSES_H
#define WORKLIST_DOSES_H

#include <jansson.h>
#include <stdbool.h>

/* "35 mg, once daily"; "35 mg each time, twice daily": milligrams are always those of one time. line: as a message has it. Caller frees with g_free. */
char *doses_amount(const json_t *line);
/* Marks each dose that nobody who prescribes has confirmed with "differs" where the doses confirmed of the same medicine, which may be relied on now, are all of
 * one other amount; with "doubts" where it was told after that, so that neither is certain. items: [{ "row": the message's, "confirmed", "unconfirmed", "doses": [{ "line": as the message has it }] }]. */
void doses_compare(json_t *items);
/* Takes out of the list each word that a newer one of the same sender about the same medicines follows, and puts it into that one's "older": one dose told twice
 * must not look like two. Only what nobody confirmed, or what may not be continued any more, is taken out; and nothing for a newer one that is not confirmed
 * where it was an answer itself. */
void doses_fold(json_t *items);
/* Whether every medicine that a message tells of has been confirmed after it, in a dose that may be relied on now. row: the message's; message: as opened. */
bool doses_confirmed_since(const json_t *items, const json_t *row, const json_t *message);

#endif
