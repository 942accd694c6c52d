/* What a row says of somebody who agreed to be counted: sent to the area's reporting service in a message of its own, once a key, after the row's
 * message and without a tie to it. Columns whose path begins with "count." are for this alone. */
#ifndef LISTS_FIGURES_H
#define LISTS_FIGURES_H

#include "adapters/lists/row.h"
#include "throughcare/throughcare.h"

/* key: the adapter's own for the person or case; it never leaves. True also when nothing is to be counted, or nobody here counts. */
bool figures_send(TcClient *client, const Row *row, const char *key, TcError *error);

#endif
