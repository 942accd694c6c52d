/* What the spool knows, as JSON: rows of a conversation, the inbox, the status. throughcare.h says what callers get.
 * Rows hold header fields only, which the broker knows too; only tc_client_message opens anything. */
#ifndef SDK_VIEW_H
#define SDK_VIEW_H

#include "adapters/sdk/letter.h"

/* One message without its sealed parts. New reference. */
json_t *view_message_row(const TcClient *client, const Letter *letter);

/* A new array with the rows in order of their time; takes rows. */
json_t *view_sorted(json_t *rows);

#endif
