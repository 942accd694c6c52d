#include "proto/arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>

enum { ARENA_FIRST_BLOCK = 4096, ARENA_LARGEST_BLOCK = 65536, ARENA_ALIGN = alignof(max_align_t) };

typedef struct Block {
    struct Block *older;
    size_t used, size; /* of bytes */
    alignas(max_align_t) uint8_t bytes[];
} Block;

struct TcArena {
    gatomicrefcount references;
    size_t budget, taken;
    Block *newest;
    ProtobufCAllocator allocator;
};

static void *arena_protobuf_alloc(void *arena, size_t size)
{
    return tc_arena_alloc(arena, size);
}

static void arena_protobuf_free(void *arena, void *memory)
{
    (void)arena;
    (void)memory;
}

TcArena *tc_arena_new(size_t budget)
{
    TcArena *arena = g_new0(TcArena, 1);
    g_atomic_ref_count_init(&arena->references);
    arena->budget = budget;
    arena->allocator = (ProtobufCAllocator){ arena_protobuf_alloc, arena_protobuf_free, arena };
    return arena;
}

TcArena *tc_arena_ref(TcArena *arena)
{
    g_atomic_ref_count_inc(&arena->references);
    return arena;
}

void tc_arena_unref(TcArena *arena)
{
    if (arena == NULL || !g_atomic_ref_count_dec(&arena->references))
        return;
    for (Block *block = arena->newest, *older; block != NULL; block = older) {
        older = block->older;
        g_free(block);
    }
    g_free(arena);
}

/* Blocks double up to a limit; a large piece gets a block of its own size. */
static bool arena_grow(TcArena *arena, size_t piece)
{
    size_t size = arena->newest == NULL ? ARENA_FIRST_BLOCK : MIN(arena->newest->size * 2, ARENA_LARGEST_BLOCK);
    size_t left = arena->budget - arena->taken;
    size = MAX(size, piece);
    if (left < sizeof(Block) || piece > left - sizeof(Block))
        return false;
    size = MIN(size, left - sizeof(Block));
    Block *block = g_try_malloc(sizeof(Block) + size);
    if (block == NULL)
        return false;
    *block = (Block){ arena->newest, 0, size };
    arena->newest = block;
    arena->taken += sizeof(Block) + size;
    return true;
}

void *tc_arena_alloc(TcArena *arena, size_t size)
{
    if (size > arena->budget)
        return NULL;
    size_t piece = (size + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
    if ((arena->newest == NULL || arena->newest->size - arena->newest->used < piece) && !arena_grow(arena, piece))
        return NULL;
    void *memory = arena->newest->bytes + arena->newest->used;
    arena->newest->used += piece;
    return memory;
}

ProtobufCAllocator *tc_arena_allocator(TcArena *arena)
{
    return &arena->allocator;
}

size_t tc_arena_size(const TcArena *arena)
{
    return arena->taken;
}
