/* How a filter stands on the page: what it offers with counts, what is set as tags to take away, and the quick ways. */
#ifndef WORKLIST_FILTER_VIEW_H
#define WORKLIST_FILTER_VIEW_H

#include "adapters/worklist/filter.h"
#include "adapters/worklist/request.h"

/* { "show", "fields": [{ "name", "label", "options": [{ "value", "label", "chosen" }] }], "checks": [{ "name", "value", "label", "chosen" }],
 * "tags": [{ "words", "address" }], "quick": [{ "words", "address", "here" }] } */
json_t *filter_view(Request *request, const Filter *filter);

#endif
