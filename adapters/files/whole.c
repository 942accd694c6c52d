#include "adapters/files/whole.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WHOLE_NAMES_MAX 1000

static char *whole_why(const char *act, const char *folder)
{
    int error = errno;
    return g_strdup_printf("cannot %s %s: %s", act, folder, g_strerror(error));
}

static bool folder_sync(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool done = fsync(fd) == 0;
    close(fd);
    return done;
}

static WholeFile file_of(const struct stat *info)
{
    return (WholeFile){ .device = info->st_dev, .inode = info->st_ino, .size = (guint64)info->st_size,
                        .seconds = info->st_mtim.tv_sec, .nanoseconds = info->st_mtim.tv_nsec };
}

static bool file_same(const WholeFile *a, const WholeFile *b)
{
    return a->device == b->device && a->inode == b->inode && a->size == b->size && a->seconds == b->seconds
           && a->nanoseconds == b->nanoseconds;
}

static bool file_stands(int fd, const struct stat *before)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        return false;
    WholeFile was = file_of(before), is = file_of(&info);
    return file_same(&was, &is);
}

static WholeResult fd_read(int fd, const char *folder, const struct stat *before, GBytes **bytes, char **why)
{
    gsize size = (gsize)before->st_size, have = 0;
    g_autofree char *data = g_try_malloc(size + 1);
    if (data == NULL) {
        errno = ENOMEM;
        *why = whole_why("read a file in", folder);
        return WHOLE_FAILED;
    }
    while (have < size + 1) {
        ssize_t got = read(fd, data + have, size + 1 - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            *why = whole_why("read a file in", folder);
            return WHOLE_FAILED;
        }
        if (got == 0)
            break;
        have += (gsize)got;
    }
    if (have != size || !file_stands(fd, before)) {
        *why = g_strdup_printf("a file in %s is still being written", folder);
        return WHOLE_CHANGED;
    }
    *bytes = g_bytes_new_take(g_steal_pointer(&data), size);
    return WHOLE_DONE;
}

WholeResult whole_read(const char *folder, const char *name, gsize limit, GBytes **bytes, WholeFile *file, char **why)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    struct stat before = { 0 };
    *bytes = NULL;
    *why = NULL;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        bool refused = errno == ELOOP || errno == EACCES;
        WholeResult result = refused ? WHOLE_REFUSED : errno == ENOENT ? WHOLE_GONE : WHOLE_FAILED;
        *why = !refused ? whole_why("read a file in", folder)
               : g_strdup(errno == ELOOP ? "it is a link, not a file" : "this program may not read it: check the file's permissions");
        return result;
    }
    WholeResult result = WHOLE_REFUSED;
    if (fstat(fd, &before) != 0 || !S_ISREG(before.st_mode))
        *why = g_strdup("it is not a file");
    else if ((gsize)before.st_size > limit)
        *why = g_strdup_printf("larger than %" G_GSIZE_FORMAT " MB: split the list", limit >> 20);
    else
        result = fd_read(fd, folder, &before, bytes, why);
    if (file != NULL)
        *file = file_of(&before);
    close(fd);
    return result;
}

bool whole_replace(const char *folder, const char *name, const char *data, gsize len, char **why)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GError) error = NULL;
    *why = NULL;
    /* DURABLE syncs the new file before the rename; the rename itself is durable with the folder. */
    if (!g_file_set_contents_full(path, data, (gssize)len, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0640,
                                  &error)) {
        *why = g_strdup_printf("cannot write in %s: %s", folder, g_strerror(errno));
        return false;
    }
    if (folder_sync(folder))
        return true;
    *why = whole_why("write in", folder);
    return false;
}

bool whole_remove(const char *folder, const char *name, char **why)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    *why = NULL;
    if (g_unlink(path) != 0)
        return errno == ENOENT || ((*why = whole_why("remove a file from", folder)), false);
    if (folder_sync(folder))
        return true;
    *why = whole_why("remove a file from", folder);
    return false;
}

/* "list.csv", 2 -> "list.2.csv" */
static char *name_numbered(const char *name, unsigned number)
{
    const char *dot = strrchr(name, '.');
    if (number <= 1)
        return g_strdup(name);
    if (dot == NULL)
        return g_strdup_printf("%s.%u", name, number);
    return g_strdup_printf("%.*s.%u%s", (int)(dot - name), name, number, dot);
}

static bool file_sync(const char *path)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return errno != ENOENT; /* a link, or not readable by us, can still be moved */
    bool done = fsync(fd) == 0 || errno == EINVAL;
    close(fd);
    return done;
}

/* Renames to a name that is free, and gives it; NULL with errno. */
static char *path_move(const char *path, const char *to, const char *new_name)
{
    for (unsigned number = 1; number <= WHOLE_NAMES_MAX; number++) {
        g_autofree char *file = name_numbered(new_name, number), *target = g_build_filename(to, file, NULL);
        if (renameat2(AT_FDCWD, path, AT_FDCWD, target, RENAME_NOREPLACE) == 0)
            return g_steal_pointer(&target);
        if (errno != EEXIST)
            break;
    }
    return NULL;
}

/* False when what was moved is another file than was meant, and has been put back. */
static bool moved_is(const char *moved, const WholeFile *file, const char *from, const char *name)
{
    struct stat info;
    if (file == NULL || lstat(moved, &info) != 0)
        return true;
    WholeFile is = file_of(&info);
    if (file_same(file, &is))
        return true;
    g_autofree char *back = path_move(moved, from, name);
    return back == NULL; /* it could not go back: where it is, it is at least whole */
}

WholeResult whole_move(const char *from, const char *name, const char *to, const char *new_name, const WholeFile *file, char **why)
{
    g_autofree char *path = g_build_filename(from, name, NULL), *moved = NULL;
    *why = NULL;
    errno = 0;
    if (!file_sync(path) || (moved = path_move(path, to, new_name)) == NULL) {
        WholeResult result = errno == ENOENT ? WHOLE_GONE : WHOLE_FAILED;
        *why = whole_why("move a file to", to);
        return result;
    }
    bool meant = moved_is(moved, file, from, name);
    if (!folder_sync(to) || !folder_sync(from)) {
        *why = whole_why("move a file to", to);
        return WHOLE_FAILED;
    }
    return meant ? WHOLE_DONE : WHOLE_CHANGED;
}
