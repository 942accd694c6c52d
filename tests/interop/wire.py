"""The bytes of PROTOCOL.md section 1 in Python: digests, tree, sealing, HPKE, linkage tokens.

Written from the page alone, on python3-cryptography; it shares no code with the C side, so that each can be held against the other.
"""
import hashlib
import hmac
import os
import struct
import time
import uuid

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ZERO_NONCE = bytes(12)


class Refused(Exception):
    """Something did not verify, or the other side said no; the first word is a code."""


def lp(data):
    if isinstance(data, str):
        data = data.encode()
    return struct.pack(">I", len(data)) + data


def u8(value):
    return struct.pack(">B", value)


def u32(value):
    return struct.pack(">I", value)


def u64(value):
    return struct.pack(">Q", value)


def i64(value):
    return struct.pack(">q", value)


def digest(context, *fields):
    return hashlib.sha256(lp(context) + b"".join(fields)).digest()


# ---- ids and times ----

def now_us():
    return time.time_ns() // 1000


def uuid7(at_us=None):
    at_ms = (at_us if at_us is not None else now_us()) // 1000
    raw = bytearray(at_ms.to_bytes(6, "big") + os.urandom(10))
    raw[6] = 0x70 | (raw[6] & 0x0F)
    raw[8] = 0x80 | (raw[8] & 0x3F)
    return bytes(raw)


def uuid_text(raw):
    return str(uuid.UUID(bytes=bytes(raw)))


# ---- the tree of RFC 9162 ----

def _leaf(data):
    return hashlib.sha256(b"\x00" + data).digest()


def _node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(count):
    half = 1
    while half * 2 < count:
        half *= 2
    return half


def tree_root(leaves):
    if len(leaves) == 1:
        return _leaf(leaves[0])
    half = _split(len(leaves))
    return _node(tree_root(leaves[:half]), tree_root(leaves[half:]))


def tree_climb(leaf, index, count, path):
    """The root that a leaf and its path (nearest the leaf first) lead to; Refused when their shapes do not fit."""
    if not 0 <= index < count:
        raise Refused("path: index outside the tree")
    value, place, last = _leaf(leaf), index, count - 1
    for sibling in path:
        if last == 0:
            raise Refused("path: too long")
        if place & 1 or place == last:
            value = _node(sibling, value)
            while place and not place & 1:
                place >>= 1
                last >>= 1
        else:
            value = _node(value, sibling)
        place >>= 1
        last >>= 1
    if last:
        raise Refused("path: too short")
    return value


# ---- signatures ----

def signing_key(seed):
    return Ed25519PrivateKey.from_private_bytes(seed)


def public_bytes(private):
    return private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def verify(public, signature, over):
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, over)
    except InvalidSignature:
        raise Refused("bad_signature") from None


# ---- the digests by name ----

def item_digest(item_type, body):
    return digest("throughcare item 1", u8(item_type), lp(body))


def submission_digest(authority, broker, session, root):
    return digest("throughcare submission 1", lp(authority), lp(broker), lp(session), lp(root))


def content_digest(content):
    return digest("throughcare content 1", lp(content or b""))


def commitment(part_key, message, part):
    return digest("throughcare commitment 1", lp(part_key), lp(message), u8(part))


def tokens_digest(salt, tokens):
    return digest("throughcare tokens 1", lp(salt), *(lp(strong) + lp(born) for strong, born in tokens))


def directory_digest(snapshot):
    return digest("throughcare directory 1", lp(snapshot))


def audit_hash(sequence, at, event, service, conversation, message, item, detail, previous):
    return digest("throughcare audit 1", u64(sequence), i64(at), u32(event), lp(service), lp(conversation), lp(message),
                  lp(item), lp(detail), lp(previous))


def head_digest(authority, broker, head):
    return digest("throughcare head 1", lp(authority), lp(broker), u64(head.batch), u64(head.last_sequence), i64(head.at),
                  lp(head.root), lp(head.previous), lp(head.last_hash))


# ---- HPKE (RFC 9180), base mode, single shot ----

_KEM = b"KEM" + struct.pack(">H", 0x0020)
_SUITE = b"HPKE" + struct.pack(">HHH", 0x0020, 0x0001, 0x0002)


def _extract(suite, salt, label, ikm):
    return hmac.new(salt or bytes(32), b"HPKE-v1" + suite + label + ikm, hashlib.sha256).digest()


def _expand(suite, prk, label, info, length):
    labelled = struct.pack(">H", length) + b"HPKE-v1" + suite + label + info
    out, block, counter = b"", b"", 1
    while len(out) < length:
        block = hmac.new(prk, block + labelled + bytes([counter]), hashlib.sha256).digest()
        out += block
        counter += 1
    return out[:length]


def _shared_secret(dh, enc, recipient):
    prk = _extract(_KEM, b"", b"eae_prk", dh)
    return _expand(_KEM, prk, b"shared_secret", enc + recipient, 32)


def _key_and_nonce(secret, info):
    context = b"\x00" + _extract(_SUITE, b"", b"psk_id_hash", b"") + _extract(_SUITE, b"", b"info_hash", info)
    prk = _extract(_SUITE, secret, b"secret", b"")
    return _expand(_SUITE, prk, b"key", context, 32), _expand(_SUITE, prk, b"base_nonce", context, 12)


def hpke_seal(recipient, info, plain):
    ephemeral = X25519PrivateKey.generate()
    enc = public_bytes(ephemeral)
    secret = _shared_secret(ephemeral.exchange(X25519PublicKey.from_public_bytes(recipient)), enc, recipient)
    key, nonce = _key_and_nonce(secret, info)
    return enc, AESGCM(key).encrypt(nonce, plain, b"")


def hpke_open(private, enc, info, sealed):
    own = X25519PrivateKey.from_private_bytes(private)
    secret = _shared_secret(own.exchange(X25519PublicKey.from_public_bytes(enc)), enc, public_bytes(own))
    key, nonce = _key_and_nonce(secret, info)
    try:
        return AESGCM(key).decrypt(nonce, sealed, b"")
    except InvalidTag:
        raise Refused("wrap: does not open with this key") from None


# ---- parts, wraps, linkage ----

def _part_data(authority, message, part):
    return lp("throughcare part 1") + lp(authority) + lp(message) + u8(part)


def part_seal(authority, message, part, key, plain):
    return AESGCM(key).encrypt(ZERO_NONCE, plain, _part_data(authority, message, part))


def part_open(authority, message, part, key, sealed):
    try:
        return AESGCM(key).decrypt(ZERO_NONCE, sealed, _part_data(authority, message, part))
    except InvalidTag:
        raise Refused("part: damaged or forged") from None


def wrap_info(authority, message, part, content, recipient_key):
    return lp("throughcare wrap 1") + lp(authority) + lp(message) + u8(part) + lp(content) + lp(recipient_key)


def linkage_info(authority, service, recipient_key):
    return lp("throughcare linkage 1") + lp(authority) + lp(service) + lp(recipient_key)


def linkage_token(linkage_key, kind, number, born):
    number = "".join(c for c in number.upper() if c.isascii() and c.isalnum())
    strong = hmac.new(linkage_key, lp("throughcare strong 1") + lp(kind) + lp(number), hashlib.sha256).digest()
    full = hmac.new(linkage_key, lp("throughcare born 1") + lp(kind) + lp(number) + lp(born), hashlib.sha256).digest()
    return strong, full
