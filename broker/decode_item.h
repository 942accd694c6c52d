/* One item of a submission: its body unpacked, checked and turned into plain fields. For decode.c only.
 * Everything made lies in the arena. A refusal leaves kind and digest set and the rest not to be read. */
#ifndef BROKER_DECODE_ITEM_H
#define BROKER_DECODE_ITEM_H

#include "broker/decode.h"
#include "proto/arena.h"
#include "throughcare.pb-c.h"

/* Wipes the tokens of `from` once they are under the broker's HMAC. */
void decode_item(TcArena *arena, Tc__Item *from, const uint8_t *token_key, ItemIn *to);

#endif
