/* Rows of broker/sql/ as plain structs. The order of columns is that of the statements. */
#ifndef BROKER_STORE_ROWS_H
#define BROKER_STORE_ROWS_H

#include "broker/store_inner.h"

void rows_head(const PGresult *result, int row, TcHead *head, uint8_t signature[64]);      /* head_row, start_position */
void rows_conversation(const PGresult *result, int row, Head *head);                       /* load_heads */
void rows_care(const PGresult *result, int row, Care *care); /* 17 columns, in the order of load_care.sql */
void rows_ref(const PGresult *result, int row, MessageRef *ref);                           /* load_messages, held_messages */
void rows_clock(const PGresult *result, int row, ClockDue *clock);                         /* clocks_running */
/* session, signature, index, count, path from this column on */
void rows_provenance(const PGresult *result, int row, int column, Provenance *provenance); /* windows */

#endif
