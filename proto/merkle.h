/* The Merkle tree of RFC 9162 section 2.1 with SHA-256, over leaves that are themselves 32-byte digests.
 *
 * A batch's rows, and a burst's items, are leaves; each keeps its path, so that one alone can be shown to
 * belong under the signed root. tc_merkle_new hashes every node once and keeps all levels (about twice the
 * leaves), so the paths of all leaves come without hashing again. The tree copies what it needs and borrows
 * nothing. tc_merkle_climb takes a path from outside: it refuses any path that does not have exactly the
 * length its position demands, and never reads past it. Trees are read-only once made. */
#ifndef PROTO_MERKLE_H
#define PROTO_MERKLE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TC_MERKLE_LEN 32
/* Paths are bounded by the 64 bits of an index. */
#define TC_MERKLE_MAX_PATH 64

typedef struct TcMerkle TcMerkle;

/* leaves: count * 32 bytes, count at least 1. Caller frees with tc_merkle_free. */
TcMerkle *tc_merkle_new(const uint8_t *leaves, size_t count);
void tc_merkle_free(TcMerkle *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TcMerkle, tc_merkle_free)

size_t tc_merkle_count(const TcMerkle *tree);

/* Borrowed, 32 bytes, valid as long as the tree. */
const uint8_t *tc_merkle_root(const TcMerkle *tree);

/* Node number i (0 nearest the leaf) of the path of the leaf at index; borrowed, 32 bytes. NULL past the end. */
const uint8_t *tc_merkle_path_node(const TcMerkle *tree, size_t index, size_t i);

/* How many nodes the path of the leaf at index has in a tree of count leaves. */
size_t tc_merkle_path_len(uint64_t index, uint64_t count);

/* Writes the whole path, nearest the leaf first, and returns its number of nodes. */
size_t tc_merkle_path(const TcMerkle *tree, size_t index, uint8_t path[TC_MERKLE_MAX_PATH * TC_MERKLE_LEN]);

/* Works out the root from a leaf and its path (nodes * 32 bytes). False when index or nodes do not fit count. */
bool tc_merkle_climb(const uint8_t leaf[TC_MERKLE_LEN], uint64_t index, uint64_t count, const uint8_t *path,
                     size_t nodes, uint8_t root[TC_MERKLE_LEN]) G_GNUC_WARN_UNUSED_RESULT;

#endif
