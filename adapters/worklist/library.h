/* What the library says to people (errors, what raised an alert, how a dose stands), in the reader's language. The library speaks English and knows no other; the
 * catalogue has its sentences one a msgid (adapters/po/extract), and those with values in them stand here as well. */
#ifndef WORKLIST_LIBRARY_H
#define WORKLIST_LIBRARY_H

#include "adapters/worklist/worklist.h"

/* Services, codes and days in it are put into words too. What is not known stays as it is. Caller frees. */
char *library_said(const Worklist *worklist, const char *text);

#endif
