/* The adapter at work: one client, one folder, one list at a time, and the files that come back.
 *
 * Everything runs on one thread in GLib's default main context: the client's callbacks (events.c), the folder, the list's and
 * the report's slices, the notify command. Nothing blocks for longer than a slice and a disk write. What cannot be done now
 * (no directory, a full disk) is tried again every 10 seconds, and said once. */
#ifndef CARAT_STATION_H
#define CARAT_STATION_H

#include "adapters/carat/list.h"
#include "adapters/carat/report.h"
#include "adapters/station/tell.h"
#include "adapters/files/folder.h"

typedef struct Station {
    const Config *config;
    bool once;
    GMainLoop *loop;
    ListFolders folders;
    TcClient *client;
    char *service; /* our own id */
    Release release;
    Report *report;
    Tell *tell;
    Folder *folder;
    List *list;      /* being worked on */
    bool look;       /* the folder may hold something */
    bool unwritten;  /* the answers are older than what is known */
    bool blocked;    /* something is in the way, and has been said */
    guint rejects;   /* rows, files and refusals so far: the exit code of --once */
    bool directory_read; /* since this list was begun */
    gint64 write_after; /* monotonic: files are not written more often than people read */
    guint worker, retry, pause;
} Station;

/* NULL-free on success; false with *why. The config is borrowed. */
bool station_open(Station *station, const Config *config, bool once, char **why);
/* Until SIGTERM or SIGINT, or with once until all is done. */
void station_run(Station *station);
void station_close(Station *station);

/* Something is to be done: the worker runs soon. */
void station_wake(Station *station);

/* What the client calls; ctx is the Station. */
extern const TcCallbacks station_callbacks;

/* Today in London. Caller frees. */
char *station_today(TcClient *client);

#endif
