/* An arena: memory for one message from outside, with a budget, freed all at once.
 *
 * Whatever is unpacked from a frame lives in the frame's arena, and goes with the last reference; single pieces are never
 * freed. When the budget is spent tc_arena_alloc gives NULL, so bytes from outside cannot make a process grow without
 * bound. Memory is not cleared, neither at the start nor at the end: key material does not belong here.
 * References may be dropped on any thread; allocating belongs to one at a time. */
#ifndef PROTO_ARENA_H
#define PROTO_ARENA_H

#include <glib.h>
#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

typedef struct TcArena TcArena;

/* budget: bytes in all, counted with the arena's own blocks. */
TcArena *tc_arena_new(size_t budget);
TcArena *tc_arena_ref(TcArena *arena);
void tc_arena_unref(TcArena *arena); /* takes NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TcArena, tc_arena_unref)

/* Aligned for anything; NULL when the budget does not allow it. */
void *tc_arena_alloc(TcArena *arena, size_t size) G_GNUC_WARN_UNUSED_RESULT;

/* The arena as protobuf-c wants it; borrowed, lives as long as the arena. */
ProtobufCAllocator *tc_arena_allocator(TcArena *arena);

/* Bytes taken from the system so far. */
size_t tc_arena_size(const TcArena *arena);

#endif
