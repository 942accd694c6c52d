/* Where a record comes from: the database, or a file exported from it. Either hands rows, heads and messages to a sink, in order. */
#ifndef CLI_SOURCE_H
#define CLI_SOURCE_H

#include "adapters/cli/record.h"

typedef struct Sink {
    bool (*row)(void *ctx, const TcAuditRow *row, const TcDigest *hash);
    bool (*head)(void *ctx, const TcHead *head, const uint8_t signature[64]);
    bool (*message)(void *ctx, const TcId *id, uint64_t sequence, const TcDigest *digest, const void *header, size_t len);
    bool (*mismatch)(void *ctx, const char *problem); /* something beside the log is not what the log says */
    void *ctx;
} Sink;

/* False when the source could not be read (said already), or the sink said no. Says how far it is every few seconds, on a terminal. */
bool source_database(const char *conninfo, const Sink *sink);
bool source_export(const char *path, const Sink *sink);
/* A sink that writes the export format: one JSON object a line. */
Sink source_writer(FILE *out);

#endif
