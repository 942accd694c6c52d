/* The Merkle tree against RFC 9162's own recursive definition, written out here, for every small size. */
#include "unit.h"

#include "proto/hash.h"
#include "proto/merkle.h"

enum { LEN = TC_MERKLE_LEN, LARGEST = 70 };

/* MTH of RFC 9162 2.1.1, split at the largest power of two below count. */
static void slow_root(const uint8_t *leaves, size_t count, uint8_t *root)
{
    TcHash hash;
    uint8_t left[LEN], right[LEN];
    size_t split = 1;
    while (split * 2 < count)
        split *= 2;
    if (count > 1) {
        slow_root(leaves, split, left);
        slow_root(leaves + split * LEN, count - split, right);
    }
    tc_hash_begin_bare(&hash);
    tc_hash_u8(&hash, count > 1);
    tc_hash_bare(&hash, count > 1 ? left : leaves, LEN);
    tc_hash_bare(&hash, right, count > 1 ? LEN : 0);
    tc_hash_end(&hash, root);
}

static void fill_leaves(uint8_t leaves[LARGEST * LEN])
{
    for (size_t i = 0; i < LARGEST; i++) {
        uint8_t number = (uint8_t)i;
        tc_hash_once("leaf", &number, 1, leaves + i * LEN);
    }
}

static void test_root_is_the_rfcs(void **state)
{
    uint8_t leaves[LARGEST * LEN], expected[LEN];
    (void)state;
    fill_leaves(leaves);
    for (size_t count = 1; count <= LARGEST; count++) {
        g_autoptr(TcMerkle) tree = tc_merkle_new(leaves, count);
        slow_root(leaves, count, expected);
        assert_memory_equal(tc_merkle_root(tree), expected, LEN);
        assert_int_equal(tc_merkle_count(tree), count);
    }
}

static void test_every_path_climbs_to_the_root(void **state)
{
    uint8_t leaves[LARGEST * LEN], path[TC_MERKLE_MAX_PATH * LEN], root[LEN];
    (void)state;
    fill_leaves(leaves);
    for (size_t count = 1; count <= LARGEST; count++) {
        g_autoptr(TcMerkle) tree = tc_merkle_new(leaves, count);
        for (size_t i = 0; i < count; i++) {
            size_t nodes = tc_merkle_path(tree, i, path);
            assert_int_equal(nodes, tc_merkle_path_len(i, count));
            assert_true(tc_merkle_climb(leaves + i * LEN, i, count, path, nodes, root));
            assert_memory_equal(root, tc_merkle_root(tree), LEN);
            for (size_t n = 0; n < nodes; n++)
                assert_memory_equal(tc_merkle_path_node(tree, i, n), path + n * LEN, LEN);
            assert_null(tc_merkle_path_node(tree, i, nodes));
        }
    }
}

static void test_wrong_climbs(void **state)
{
    uint8_t leaves[LARGEST * LEN], path[TC_MERKLE_MAX_PATH * LEN], root[LEN];
    (void)state;
    fill_leaves(leaves);
    g_autoptr(TcMerkle) tree = tc_merkle_new(leaves, 7);
    size_t nodes = tc_merkle_path(tree, 4, path);
    assert_false(tc_merkle_climb(leaves, 0, 0, path, 0, root));
    assert_false(tc_merkle_climb(leaves, 7, 7, path, nodes, root));
    assert_false(tc_merkle_climb(leaves, 4, 7, path, nodes - 1, root));
    assert_false(tc_merkle_climb(leaves, 4, 7, path, nodes + 1, root));
    assert_false(tc_merkle_climb(leaves, UINT64_MAX, UINT64_MAX, path, nodes, root));
    assert_true(tc_merkle_climb(leaves + 5 * LEN, 4, 7, path, nodes, root));
    assert_memory_not_equal(root, tc_merkle_root(tree), LEN);
    assert_true(tc_merkle_climb(leaves + 4 * LEN, 5, 7, path, nodes, root));
    assert_memory_not_equal(root, tc_merkle_root(tree), LEN);
    path[LEN] ^= 1;
    assert_true(tc_merkle_climb(leaves + 4 * LEN, 4, 7, path, nodes, root));
    assert_memory_not_equal(root, tc_merkle_root(tree), LEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_root_is_the_rfcs),
        cmocka_unit_test(test_every_path_climbs_to_the_root),
        cmocka_unit_test(test_wrong_climbs),
    };
    return cmocka_run_group_tests_name("merkle", tests, NULL, NULL);
}
