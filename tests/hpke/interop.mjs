// HPKE both ways between proto/hpke.c (through hpke_peer) and @hpke/core: what one seals the other opens, and what was
// touched neither opens. Part wraps are built here from PROTOCOL.md section 1 alone.
// Usage: node interop.mjs PEER, from the folder that holds node_modules.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes, webcrypto } from 'node:crypto';
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

globalThis.crypto ??= webcrypto; // Node 18 has it only under a flag

const load = async (name) => import(pathToFileURL(createRequire(`${process.cwd()}/`).resolve(name)));
const { CipherSuite, HkdfSha256, Aes256Gcm } = await load('@hpke/core');
const { DhkemX25519HkdfSha256 } = await load('@hpke/dhkem-x25519');

const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const hex = (bytes) => (bytes.byteLength === 0 ? '-' : Buffer.from(bytes).toString('hex'));
const unhex = (text) => (text === '-' ? Buffer.alloc(0) : Buffer.from(text, 'hex'));
const buffer = (bytes) => new Uint8Array(bytes).buffer;
const lp = (value) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(value));
  return Buffer.concat([length, Buffer.from(value)]);
};

class Peer {
  constructor(program) {
    this.child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    this.ended = new Promise((resolve) => this.child.on('exit', resolve));
  }
  async ask(verb, ...values) {
    this.child.stdin.write([verb, ...values.map(hex)].join(' ') + '\n');
    const { value, done } = await this.lines.next();
    assert.ok(!done, `the peer ended at ${verb}`);
    return value.split(' ');
  }
  async end() {
    this.child.stdin.end();
    assert.equal(await this.ended, 0, 'the peer failed');
  }
}

const touched = (bytes) => {
  const copy = Buffer.from(bytes);
  copy[copy.length - 1] ^= 1;
  return copy;
};

const jsSeal = async (publicKey, info, aad, plain) => {
  const recipientPublicKey = await suite.kem.deserializePublicKey(buffer(publicKey));
  const { ct, enc } = await suite.seal({ recipientPublicKey, info: buffer(info) }, buffer(plain), buffer(aad));
  return [Buffer.from(enc), Buffer.from(ct)];
};

const jsOpen = async (secretKey, enc, info, aad, sealed) => {
  const recipientKey = await suite.kem.deserializePrivateKey(buffer(secretKey));
  return Buffer.from(await suite.open({ recipientKey, enc: buffer(enc), info: buffer(info) }, buffer(sealed), buffer(aad)));
};

async function cSealsJsOpens(peer, [publicKey, secretKey], { info, aad, plain }) {
  const [enc, sealed] = (await peer.ask('seal', publicKey, info, aad, plain)).map(unhex);
  assert.deepEqual(await jsOpen(secretKey, enc, info, aad, sealed), plain);
  await assert.rejects(jsOpen(secretKey, enc, info, aad, touched(sealed)));
  await assert.rejects(jsOpen(secretKey, enc, Buffer.concat([info, Buffer.of(0)]), aad, sealed));
}

async function jsSealsCOpens(peer, [publicKey, secretKey], { info, aad, plain }) {
  const [enc, sealed] = await jsSeal(publicKey, info, aad, plain);
  assert.deepEqual((await peer.ask('open', secretKey, enc, info, aad, sealed)).map(unhex), [plain]);
  assert.deepEqual(await peer.ask('open', secretKey, enc, info, aad, touched(sealed)), ['refused']);
  assert.deepEqual(await peer.ask('open', secretKey, enc, info, Buffer.concat([aad, Buffer.of(0)]), sealed), ['refused']);
}

async function partWraps(peer, [publicKey, secretKey]) {
  const [authority, message, content, key] = [32, 16, 32, 32].map((length) => randomBytes(length));
  const part = Buffer.of(3);
  const info = Buffer.concat([lp('throughcare wrap 1'), lp(authority), lp(message), part, lp(content), lp(publicKey)]);
  const none = Buffer.alloc(0);
  const [enc, wrapped] = (await peer.ask('wrap', authority, message, part, content, publicKey, key)).map(unhex);
  assert.deepEqual(await jsOpen(secretKey, enc, info, none, wrapped), key);
  const [jsEnc, jsWrapped] = await jsSeal(publicKey, info, none, key);
  const ask = (...values) => peer.ask('unwrap', authority, message, part, content, publicKey, secretKey, ...values);
  assert.deepEqual((await ask(jsEnc, jsWrapped)).map(unhex), [key]);
  assert.deepEqual(await ask(jsEnc, touched(jsWrapped)), ['refused']);
}

const lengths = [0, 1, 16, 32, 1000, 70000];
const peer = new Peer(process.argv[2]);
for (const length of lengths) {
  const keys = (await peer.ask('key')).map(unhex);
  const text = { info: randomBytes(length % 300), aad: randomBytes(length % 70), plain: randomBytes(length) };
  await cSealsJsOpens(peer, keys, text);
  await jsSealsCOpens(peer, keys, text);
  await partWraps(peer, keys);
}
await peer.end();
console.log(`hpke: ${lengths.length} key pairs, both ways and as part wraps, against @hpke/core`);
