/* What the SDK's refusal of a row means to its list. */
#ifndef LISTS_FAILURE_H
#define LISTS_FAILURE_H

#include "adapters/lists/list.h"
#include "throughcare/throughcare.h"

/* LIST_ROW_LATER for what is wrong here and not with the row (the list waits), else LIST_ROW_REFUSED with the column. why: the caller's. */
ListRow failure_of(const RowTable *table, const TcError *error, const char **column, char **why);
/* The sentence of a broker's refusal, or of a message that no broker took in time; the caller's. */
char *failure_sentence(const TcEvent *event);

#endif
