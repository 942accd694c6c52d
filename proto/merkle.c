#include "proto/merkle.h"

#include "proto/hash.h"

#include <string.h>

/* Levels lie one after another in nodes, the leaves' hashes first; level l has widths[l] nodes. A last node
 * without a partner moves up unhashed, which gives exactly the tree of RFC 9162. */
struct TcMerkle {
    uint8_t *nodes;
    size_t starts[TC_MERKLE_MAX_PATH + 1];
    size_t widths[TC_MERKLE_MAX_PATH + 1];
    size_t levels;
};

static void merkle_leaf(const uint8_t *leaf, uint8_t *out)
{
    TcHash hash;
    tc_hash_begin_bare(&hash);
    tc_hash_u8(&hash, 0x00);
    tc_hash_bare(&hash, leaf, TC_MERKLE_LEN);
    tc_hash_end(&hash, out);
}

static void merkle_node(const uint8_t *left, const uint8_t *right, uint8_t *out)
{
    TcHash hash;
    tc_hash_begin_bare(&hash);
    tc_hash_u8(&hash, 0x01);
    tc_hash_bare(&hash, left, TC_MERKLE_LEN);
    tc_hash_bare(&hash, right, TC_MERKLE_LEN);
    tc_hash_end(&hash, out);
}

static uint8_t *merkle_at(const TcMerkle *tree, size_t level, size_t index)
{
    return tree->nodes + (tree->starts[level] + index) * TC_MERKLE_LEN;
}

/* Lays out the levels and returns the number of nodes in all. */
static size_t merkle_plan(TcMerkle *tree, size_t count)
{
    size_t total = 0;
    for (size_t width = count;; width = (width + 1) / 2) {
        tree->starts[tree->levels] = total;
        tree->widths[tree->levels++] = width;
        total += width;
        if (width == 1)
            return total;
    }
}

static void merkle_fill_level(TcMerkle *tree, size_t level)
{
    size_t below = tree->widths[level - 1];
    for (size_t i = 0; i < tree->widths[level]; i++) {
        const uint8_t *left = merkle_at(tree, level - 1, 2 * i);
        if (2 * i + 1 < below)
            merkle_node(left, left + TC_MERKLE_LEN, merkle_at(tree, level, i));
        else
            memcpy(merkle_at(tree, level, i), left, TC_MERKLE_LEN);
    }
}

TcMerkle *tc_merkle_new(const uint8_t *leaves, size_t count)
{
    g_assert(count >= 1);
    TcMerkle *tree = g_new0(TcMerkle, 1);
    tree->nodes = g_malloc_n(merkle_plan(tree, count), TC_MERKLE_LEN);
    for (size_t i = 0; i < count; i++)
        merkle_leaf(leaves + i * TC_MERKLE_LEN, merkle_at(tree, 0, i));
    for (size_t level = 1; level < tree->levels; level++)
        merkle_fill_level(tree, level);
    return tree;
}

void tc_merkle_free(TcMerkle *tree)
{
    if (tree == NULL)
        return;
    g_free(tree->nodes);
    g_free(tree);
}

size_t tc_merkle_count(const TcMerkle *tree)
{
    return tree->widths[0];
}

const uint8_t *tc_merkle_root(const TcMerkle *tree)
{
    return merkle_at(tree, tree->levels - 1, 0);
}

const uint8_t *tc_merkle_path_node(const TcMerkle *tree, size_t index, size_t i)
{
    g_assert(index < tree->widths[0]);
    for (size_t level = 0; level + 1 < tree->levels; level++, index /= 2) {
        size_t sibling = index ^ 1;
        if (sibling < tree->widths[level] && i-- == 0)
            return merkle_at(tree, level, sibling);
    }
    return NULL;
}

size_t tc_merkle_path(const TcMerkle *tree, size_t index, uint8_t path[TC_MERKLE_MAX_PATH * TC_MERKLE_LEN])
{
    size_t nodes = 0;
    g_assert(index < tree->widths[0]);
    for (size_t level = 0; level + 1 < tree->levels; level++, index /= 2) {
        size_t sibling = index ^ 1;
        if (sibling < tree->widths[level])
            memcpy(path + TC_MERKLE_LEN * nodes++, merkle_at(tree, level, sibling), TC_MERKLE_LEN);
    }
    return nodes;
}

size_t tc_merkle_path_len(uint64_t index, uint64_t count)
{
    size_t nodes = 0;
    for (uint64_t last = count - 1; last > 0; last /= 2, index /= 2)
        if ((index ^ 1) <= last)
            nodes++;
    return nodes;
}

bool tc_merkle_climb(const uint8_t leaf[TC_MERKLE_LEN], uint64_t index, uint64_t count, const uint8_t *path,
                     size_t nodes, uint8_t root[TC_MERKLE_LEN])
{
    if (count == 0 || index >= count || nodes != tc_merkle_path_len(index, count))
        return false;
    merkle_leaf(leaf, root);
    for (uint64_t last = count - 1; last > 0; last /= 2, index /= 2) {
        if ((index ^ 1) > last)
            continue;
        if (index & 1)
            merkle_node(path, root, root);
        else
            merkle_node(root, path, root);
        path += TC_MERKLE_LEN;
    }
    return true;
}
