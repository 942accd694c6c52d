/* What somebody typed into a form and has not sent. Kept in the spool sealed under the station's key, one note an account: nothing of it is plain on a
 * disk or in a log. A draft is found by its form's path, and where the form begins something by the act too, so that what was begun for one client never stands in the form for
 * the next; for its own account alone; it goes when it was sent or thrown away, after a week, or
 * when newer ones need its room. One thread. */
#ifndef WORKLIST_DRAFT_H
#define WORKLIST_DRAFT_H

#include "throughcare/throughcare.h"

#include <glib.h>

#define DRAFT_DAYS 7
#define DRAFTS_MAX 20               /* of one account */
#define DRAFTS_BYTES_MAX (256 << 10) /* of one account, as JSON */

typedef struct Draft { char *path; int64_t at; GHashTable *form; } Draft; /* at: microseconds since 1970, when it was last kept */

/* The path of a draft: that of its form, which is about the client of its conversation; of a form that begins something, with the name of the act. New string. */
char *draft_path(const char *form, const char *act);
/* The newest first: of Draft *; free with g_ptr_array_unref. account: its name. */
GPtrArray *draft_list(TcClient *client, const char *account);
/* The fields that were typed, a new reference, and when; NULL: there is no such draft. */
GHashTable *draft_find(TcClient *client, const char *account, const char *path, int64_t *at);
/* Keeps all fields but the session's secret, a password, the button and the path; what was kept of this path is replaced. False: the disk would not. */
bool draft_keep(TcClient *client, const char *account, const char *path, const GHashTable *form);
/* act: only if what is kept there is of this act; NULL: of any. */
void draft_forget(TcClient *client, const char *account, const char *path, const char *act);
/* Removes what is past its week. */
void draft_sweep(TcClient *client, const char *account);

#endif
