/* The record: every audit row and every batch, in order, from the database or from an export, checked as they come.
 *
 * Nothing is believed: row hashes, the chain, each batch's tree, each head's signature and every message's digest are computed again by
 * PROTOCOL.md section 1. Heads and receipts that others hold are compared with what came. The first thing that does not fit is named. */
#ifndef CLI_RECORD_H
#define CLI_RECORD_H

#include "proto/digests.h"
#include "proto/directory.h"

#include <jansson.h>
#include <stdio.h>

typedef struct Record Record;

/* directory: whose broker keys sign heads; borrowed. */
Record *record_new(const TcDirectory *directory);
void record_free(Record *record);

/* What somebody holds: the JSON of tc_client_receipts. Add before the rows. False: it is not of that shape, or of another log. */
bool record_hold(Record *record, const json_t *held);

/* In order: a row; after a batch's last row, its head; anywhere, what a stored message says of itself. False when it does not fit. */
bool record_row(Record *record, const TcAuditRow *row, const TcDigest *hash);
bool record_head(Record *record, const TcHead *head, const uint8_t signature[64]);
bool record_message(Record *record, const TcId *id, uint64_t sequence, const TcDigest *digest, const void *header, size_t len);
/* Nothing more comes: is anything missing that a batch, a head or a receipt speaks of, or an accepted message whose week was not dropped on record? */
/* What stands beside the log is not what the log says, in words; said at the end. True. */
bool record_mismatch(Record *record, const char *problem);
bool record_end(Record *record);

/* Why false: a sentence naming the first thing that does not fit. */
const char *record_problem(const Record *record);
typedef struct RecordCounts { uint64_t rows, batches, messages, heads_held, receipts_held; } RecordCounts;
RecordCounts record_counts(const Record *record);

#endif
