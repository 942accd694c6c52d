/* Files read, replaced and moved as wholes: nobody ever sees half of one, and what was done stays done after a power cut.
 *
 * Names are single path elements inside a folder. Reading takes regular files only, follows no link at the end, and notices
 * when the file changed meanwhile. Errors are sentences for the log: they name the folder and the system's reason, never a
 * file's name or content. *why belongs to the caller. Blocks for as long as the disk does. */
#ifndef FILES_WHOLE_H
#define FILES_WHOLE_H

#include <glib.h>
#include <stdbool.h>

typedef enum WholeResult {
    WHOLE_DONE,
    WHOLE_GONE,    /* no such file: somebody took it away */
    WHOLE_CHANGED, /* it was written to while being read: read it again later */
    WHOLE_REFUSED, /* not a regular file, not ours to read, or larger than the limit: it will never be read */
    WHOLE_FAILED,  /* the system could not: try again later */
} WholeResult;

/* Which file it was, in which state: a file that was replaced or written to is another one. */
typedef struct WholeFile {
    guint64 device, inode, size;
    gint64 seconds, nanoseconds;
} WholeFile;

/* The bytes of folder/name, at most limit. file (may be NULL) is set for WHOLE_DONE and WHOLE_REFUSED where it could be seen. */
WholeResult whole_read(const char *folder, const char *name, gsize limit, GBytes **bytes, WholeFile *file, char **why);

/* folder/name holds exactly these bytes afterwards, durably, or what it held before. Mode 0640. */
bool whole_replace(const char *folder, const char *name, const char *data, gsize len, char **why);

/* Removes folder/name, durably; it need not exist. */
bool whole_remove(const char *folder, const char *name, char **why);

/* Moves from/name to to/new_name, durably, in one step. Never replaces a file: when there is one, a number is put before the name's end.
 * file (may be NULL): the one that is meant; when another has taken its name meanwhile, that one stays and the result is WHOLE_CHANGED. */
WholeResult whole_move(const char *from, const char *name, const char *to, const char *new_name, const WholeFile *file, char **why);

#endif
