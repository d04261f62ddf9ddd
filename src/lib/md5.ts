/**
 * MD5 (RFC 1321), a check against accidents and no protection against attackers. Written out here because the libraries
 * in JavaScript are several times as slow, and a part cannot be sent before its digest is known.
 */

import { toHex } from './hex.js';

const BLOCK = 64;

/** Bytes behind the message: at least the byte that ends it, and its length in bits. */
const MIN_PADDING = 9;

/** The constants of the 64 steps. */
const SINES = Int32Array.from({ length: 64 }, (_, step) => Math.floor(2 ** 32 * Math.abs(Math.sin(step + 1))));

/** Of the block that is being digested. */
const words = new Int32Array(16);

/**
 * Digests the block at `start` into `state`, four steps at a time, so that no words change places. A function of one
 * block, because engines optimize what is called often better than a loop that runs for long; calls and arrays within
 * would take most of the time. Casts are free, and every index is within its table.
 */
const digest = (state: Int32Array, bytes: DataView, start: number): void => {
  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  for (let i = 0; i < 16; i++) words[i] = bytes.getInt32(start + i * 4, true);
  for (let i = 0; i < 16; i += 4) {
    a += (d ^ (b & (c ^ d))) + (words[i] as number) + (SINES[i] as number);
    a = (((a << 7) | (a >>> 25)) + b) | 0;
    d += (c ^ (a & (b ^ c))) + (words[i + 1] as number) + (SINES[i + 1] as number);
    d = (((d << 12) | (d >>> 20)) + a) | 0;
    c += (b ^ (d & (a ^ b))) + (words[i + 2] as number) + (SINES[i + 2] as number);
    c = (((c << 17) | (c >>> 15)) + d) | 0;
    b += (a ^ (c & (d ^ a))) + (words[i + 3] as number) + (SINES[i + 3] as number);
    b = (((b << 22) | (b >>> 10)) + c) | 0;
  }
  for (let i = 0; i < 16; i += 4) {
    a += (c ^ (d & (b ^ c))) + (words[(5 * i + 1) & 15] as number) + (SINES[i + 16] as number);
    a = (((a << 5) | (a >>> 27)) + b) | 0;
    d += (b ^ (c & (a ^ b))) + (words[(5 * i + 6) & 15] as number) + (SINES[i + 17] as number);
    d = (((d << 9) | (d >>> 23)) + a) | 0;
    c += (a ^ (b & (d ^ a))) + (words[(5 * i + 11) & 15] as number) + (SINES[i + 18] as number);
    c = (((c << 14) | (c >>> 18)) + d) | 0;
    b += (d ^ (a & (c ^ d))) + (words[(5 * i) & 15] as number) + (SINES[i + 19] as number);
    b = (((b << 20) | (b >>> 12)) + c) | 0;
  }
  for (let i = 0; i < 16; i += 4) {
    a += (b ^ c ^ d) + (words[(3 * i + 5) & 15] as number) + (SINES[i + 32] as number);
    a = (((a << 4) | (a >>> 28)) + b) | 0;
    d += (a ^ b ^ c) + (words[(3 * i + 8) & 15] as number) + (SINES[i + 33] as number);
    d = (((d << 11) | (d >>> 21)) + a) | 0;
    c += (d ^ a ^ b) + (words[(3 * i + 11) & 15] as number) + (SINES[i + 34] as number);
    c = (((c << 16) | (c >>> 16)) + d) | 0;
    b += (c ^ d ^ a) + (words[(3 * i + 14) & 15] as number) + (SINES[i + 35] as number);
    b = (((b << 23) | (b >>> 9)) + c) | 0;
  }
  for (let i = 0; i < 16; i += 4) {
    a += (c ^ (b | ~d)) + (words[(7 * i) & 15] as number) + (SINES[i + 48] as number);
    a = (((a << 6) | (a >>> 26)) + b) | 0;
    d += (b ^ (a | ~c)) + (words[(7 * i + 7) & 15] as number) + (SINES[i + 49] as number);
    d = (((d << 10) | (d >>> 22)) + a) | 0;
    c += (a ^ (d | ~b)) + (words[(7 * i + 14) & 15] as number) + (SINES[i + 50] as number);
    c = (((c << 15) | (c >>> 17)) + d) | 0;
    b += (d ^ (c | ~a)) + (words[(7 * i + 5) & 15] as number) + (SINES[i + 51] as number);
    b = (((b << 21) | (b >>> 11)) + c) | 0;
  }
  state[0] = (state[0] as number) + a;
  state[1] = (state[1] as number) + b;
  state[2] = (state[2] as number) + c;
  state[3] = (state[3] as number) + d;
};

export class Md5 {
  readonly #state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  /** Bytes that do not fill a block yet. */
  #rest = new Uint8Array(0);
  #length = 0;

  update(bytes: Uint8Array): void {
    this.#length += bytes.length;
    let data = bytes;
    if (this.#rest.length > 0) {
      data = new Uint8Array(this.#rest.length + bytes.length);
      data.set(this.#rest);
      data.set(bytes, this.#rest.length);
    }
    const whole = data.length - (data.length % BLOCK);
    const view = new DataView(data.buffer, data.byteOffset, whole);
    for (let start = 0; start < whole; start += BLOCK) digest(this.#state, view, start);
    this.#rest = data.slice(whole);
  }

  /** Lower-case hex of all bytes; nothing may be added afterwards. */
  hex(): string {
    const length = this.#length;
    const padding = new Uint8Array(BLOCK - ((length + MIN_PADDING - 1) % BLOCK) + MIN_PADDING - 1);
    padding[0] = 0x80;
    const bits = new DataView(padding.buffer, padding.length - 8);
    bits.setUint32(0, length * 8, true);
    bits.setUint32(4, Math.floor(length / 2 ** 29), true);
    this.update(padding);
    const digested = new DataView(new ArrayBuffer(16));
    this.#state.forEach((word, index) => {
      digested.setInt32(index * 4, word, true);
    });
    return toHex(new Uint8Array(digested.buffer));
  }
}
