/* What is known about one release, in plain words: one conversation in, one line of the answers file out.
 *
 * Reads a conversation as the SDK gives it, with the state that the broker's own table gives it. Sealed parts come through a
 * function, so that this file never needs a client. Pure. */
#ifndef CARAT_KNOWN_H
#define CARAT_KNOWN_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

typedef struct Known {
    char *text;   /* "Somebody is named and will meet him: ..." */
    char *worker; /* the named worker, or "" */
    char *reach;  /* how to reach them, or "" */
    char *when;   /* when the newest of it happened, London time, or "" */
    char *over;   /* the day, where a meeting or the client's own choice ended this release; else NULL */
    bool named;   /* somebody will meet or see the person */
    bool recalled; /* taken back */
    bool waiting; /* something that was sent from here is not yet safe with a broker */
    char *refused;  /* the last notification that no broker will have, or NULL */
    char *standing; /* the newest notification that was not refused, or NULL: what an amendment supersedes */
} Known;

/* A message with its sealed parts, new reference; NULL when it cannot be opened. */
typedef json_t *(*KnownOpen)(void *ctx, const char *message);

/* conversation may be NULL: nothing is known. sent_to: the recipient's name, for people. sex: of the person, as the message has it, or "". */
Known *known_read(const json_t *conversation, KnownOpen open, void *ctx, const char *sent_to, const char *sex);
void known_free(Known *known);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Known, known_free)

/* "24 Nov 2026 16:05" in London, of an RFC 3339 time; "" for anything else. Caller frees. */
char *known_time(const char *time);

#endif
