#include "adapters/files/folder.h"

#include <dirent.h>
#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

struct Folder {
    char *path;
    int fd; /* inotify */
    guint watch, timer, first;
    FolderChanged changed;
    void *ctx;
};

typedef struct Found {
    char *name;
    struct timespec at;
} Found;

bool folder_complete(const char *name)
{
    size_t len = strlen(name);
    return name[0] != '.' && len > 4 && g_ascii_strcasecmp(name + len - 4, ".csv") == 0;
}

bool folder_make(const char *path, char **why)
{
    *why = NULL;
    if (g_mkdir_with_parents(path, 0770) == 0)
        return true;
    *why = g_strdup_printf("cannot make the folder %s: %s", path, g_strerror(errno));
    return false;
}

static gboolean folder_told(int fd, GIOCondition condition, void *data)
{
    Folder *folder = data;
    /* What it says does not matter: the folder is looked at. A full queue is such news as well. */
    char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
    (void)condition;
    while (read(fd, events, sizeof events) > 0)
        continue;
    folder->changed(folder->ctx);
    return G_SOURCE_CONTINUE;
}

static gboolean folder_look(void *data)
{
    Folder *folder = data;
    folder->changed(folder->ctx);
    return G_SOURCE_CONTINUE;
}

static gboolean folder_first(void *data)
{
    Folder *folder = data;
    folder->first = 0;
    folder->changed(folder->ctx);
    return G_SOURCE_REMOVE;
}

Folder *folder_open(const char *path, guint every, FolderChanged changed, void *ctx, char **why)
{
    if (!folder_make(path, why))
        return NULL;
    int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd < 0 || inotify_add_watch(fd, path, IN_MOVED_TO | IN_CLOSE_WRITE | IN_ONLYDIR) < 0) {
        *why = g_strdup_printf("cannot watch the folder %s: %s", path, g_strerror(errno));
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    Folder *folder = g_new0(Folder, 1);
    *folder = (Folder){ .path = g_strdup(path), .fd = fd, .changed = changed, .ctx = ctx };
    folder->watch = g_unix_fd_add(fd, G_IO_IN, folder_told, folder);
    folder->timer = g_timeout_add_seconds(every, folder_look, folder);
    folder->first = g_idle_add(folder_first, folder);
    return folder;
}

void folder_close(Folder *folder)
{
    if (folder == NULL)
        return;
    g_clear_handle_id(&folder->watch, g_source_remove);
    g_clear_handle_id(&folder->timer, g_source_remove);
    g_clear_handle_id(&folder->first, g_source_remove);
    close(folder->fd);
    g_free(folder->path);
    g_free(folder);
}

const char *folder_path(const Folder *folder)
{
    return folder->path;
}

static void found_free(void *data)
{
    Found *found = data;
    g_free(found->name);
    g_free(found);
}

static int found_compare(gconstpointer a, gconstpointer b)
{
    const Found *one = *(Found *const *)a, *two = *(Found *const *)b;
    if (one->at.tv_sec != two->at.tv_sec)
        return one->at.tv_sec < two->at.tv_sec ? -1 : 1;
    if (one->at.tv_nsec != two->at.tv_nsec)
        return one->at.tv_nsec < two->at.tv_nsec ? -1 : 1;
    return strcmp(one->name, two->name);
}

static GPtrArray *found_all(DIR *dir)
{
    GPtrArray *all = g_ptr_array_new_with_free_func(found_free);
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        struct stat info;
        if (!folder_complete(entry->d_name) || fstatat(dirfd(dir), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        if (S_ISDIR(info.st_mode))
            continue;
        Found *found = g_new0(Found, 1);
        *found = (Found){ .name = g_strdup(entry->d_name), .at = info.st_mtim };
        g_ptr_array_add(all, found);
    }
    g_ptr_array_sort(all, found_compare);
    return all;
}

GPtrArray *folder_files(const Folder *folder, char **why)
{
    *why = NULL;
    DIR *dir = opendir(folder->path);
    if (dir == NULL) {
        *why = g_strdup_printf("cannot read the folder %s: %s", folder->path, g_strerror(errno));
        return NULL;
    }
    g_autoptr(GPtrArray) all = found_all(dir);
    closedir(dir);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < all->len; i++) {
        Found *found = all->pdata[i];
        g_ptr_array_add(names, g_steal_pointer(&found->name));
    }
    return names;
}
