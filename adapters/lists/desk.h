/* An adapter of lists at work: one client, one folder, one list at a time, and the files that come back.
 *
 * Everything runs on one thread in GLib's default main context: the client's callbacks, the folder, the list's and the
 * report's slices, the notify command. Nothing blocks for longer than a slice and a disk write. What cannot be done now
 * (no directory, a full disk) is tried again every 10 seconds, and said once. */
#ifndef LISTS_DESK_H
#define LISTS_DESK_H

#include "adapters/files/folder.h"
#include "adapters/lists/list.h"
#include "adapters/station/tell.h"
#include "throughcare/throughcare.h"

typedef struct Desk Desk;

/* What one adapter makes of it; ctx goes to every function, and to those of `list`. */
typedef struct DeskWork {
    const char *program;            /* "throughcare-carat": with its version, what the broker is told */
    const char *passport, *folder;
    char **notify;                  /* argument vector; NULL for none */
    guint look_every;               /* seconds */
    ListWork list;
    bool (*open)(void *ctx, Desk *desk, char **why);  /* the client is there; false with *why: the adapter cannot begin */
    const char *(*ready)(void *ctx);                  /* before each list; NULL, or what is in the way */
    bool (*event)(void *ctx, const TcEvent *event);   /* false: it comes again */
    bool (*report_step)(void *ctx);                   /* some 50 ms of work on the files that come back; true when nothing is left of it */
    bool (*report_write)(void *ctx, char **why);
    void (*written)(void *ctx);                       /* the files say what is known */
    bool (*safe)(void *ctx);                          /* a broker has, or will never have, everything that was sent */
    void (*daily)(void *ctx);                         /* at the start, and every hour */
    void *ctx;
} DeskWork;

struct Desk {
    const DeskWork *work;
    bool once;
    GMainLoop *loop;
    ListFolders folders;
    TcClient *client;
    char *service;   /* our own id */
    Tell *tell;
    Folder *folder;
    List *list;      /* being worked on */
    bool look;       /* the folder may hold something */
    bool unwritten;  /* the files that come back are older than what is known */
    bool blocked;    /* something is in the way, and has been said */
    bool ready;      /* since this list was begun */
    guint rejects;   /* rows, files and refusals so far: the exit code of --once */
    gint64 write_after; /* monotonic: files are not written more often than people read */
    guint worker, retry, pause;
};

/* False with *why. work is borrowed. desk_close is called in both cases. */
bool desk_open(Desk *desk, const DeskWork *work, bool once, char **why);
/* Until SIGTERM or SIGINT, or with once until all is done. */
void desk_run(Desk *desk);
void desk_close(Desk *desk);

/* Something new is known: the files that come back are written again, soon. */
void desk_news(Desk *desk);
/* Says a clock that ran out to a person here; the broker is told whether it was. */
void desk_notice(Desk *desk, const TcEvent *event);
/* What a broker refused later is added to the reject file of the list that it came from; message: whose copy here says whom the row is about, or NULL.
 * False: the event must come again. */
bool desk_refused(Desk *desk, const TcEvent *event, const char *list, guint line, const char *message, const char *reason);

/* Today in London. Caller frees. */
char *desk_today(const Desk *desk);

#endif
