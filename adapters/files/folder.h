/* A folder where other programs put files: who watches it hears of every complete one.
 *
 * The rule, one for all adapters: a file is complete when its name ends in ".csv" (in any case). Whoever writes one uses
 * another name (or one that begins with a dot) and renames it at the end. Names that begin with a dot are passed over.
 * The kernel tells of new files (inotify); a look at every `every` seconds finds what it could not tell, such as a file that
 * came over a network share. Belongs to the thread of the main context it was opened in. */
#ifndef FILES_FOLDER_H
#define FILES_FOLDER_H

#include <glib.h>
#include <stdbool.h>

typedef struct Folder Folder;
typedef void (*FolderChanged)(void *ctx);

/* Makes the folder when it is missing (mode 0770 within the umask). changed runs in the default main context, once at the
 * start. NULL with *why, owned by the caller. */
Folder *folder_open(const char *path, guint every, FolderChanged changed, void *ctx, char **why);
void folder_close(Folder *folder);

const char *folder_path(const Folder *folder);

/* Complete files, oldest first (then by name); char *, the caller's. NULL with *why when the folder cannot be read. */
GPtrArray *folder_files(const Folder *folder, char **why) G_GNUC_WARN_UNUSED_RESULT;

/* True for the name of a complete file. */
bool folder_complete(const char *name);

/* Makes a folder as folder_open does. */
bool folder_make(const char *path, char **why);

#endif
