/* SHA-256 with domain separation: the one way this protocol hashes anything.
 *
 * Every digest is SHA-256( lp(context) | field | field ... ), where lp is a 4-byte big-endian length
 * followed by the bytes, fixed integers are big-endian, and the context is a constant string that no
 * other kind of digest uses. So no two different field lists can ever give the same input.
 *
 * A TcHash lives on the caller's stack between tc_hash_begin and tc_hash_end and owns nothing after
 * tc_hash_end. Nothing here fails: the only possible fault is lack of memory, which aborts as GLib does.
 * A TcHash belongs to one thread; different ones are independent.
 * OpenSSL does the work because it uses the processor's SHA instructions; libsodium 1.0.18 does not. */
#ifndef PROTO_HASH_H
#define PROTO_HASH_H

#include <stddef.h>
#include <stdint.h>

#define TC_HASH_LEN 32

typedef struct TcHash {
    void *state; /* EVP_MD_CTX */
} TcHash;

/* Starts a digest of the given context. Must be ended by tc_hash_end. */
void tc_hash_begin(TcHash *hash, const char *context);

/* Starts a digest with no context. Only for formats fixed by others, such as the Merkle tree. */
void tc_hash_begin_bare(TcHash *hash);

/* Fields. bytes may be NULL when len is 0; text may be NULL, and then counts as empty. */
void tc_hash_u8(TcHash *hash, uint8_t value);
void tc_hash_u32(TcHash *hash, uint32_t value);
void tc_hash_u64(TcHash *hash, uint64_t value);
void tc_hash_i64(TcHash *hash, int64_t value);
void tc_hash_lp(TcHash *hash, const void *bytes, size_t len);
void tc_hash_text(TcHash *hash, const char *text);

/* Bytes without a length before them. Only after tc_hash_begin_bare. */
void tc_hash_bare(TcHash *hash, const void *bytes, size_t len);

/* Writes the digest and frees the state. */
void tc_hash_end(TcHash *hash, uint8_t out[TC_HASH_LEN]);

/* The common case of a context and one length-prefixed field. */
void tc_hash_once(const char *context, const void *bytes, size_t len, uint8_t out[TC_HASH_LEN]);

#endif
