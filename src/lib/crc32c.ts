/**
 * CRC-32C (Castagnoli), eight bytes per step. A value can be continued with further bytes, and the values of adjacent
 * slices can be combined without their bytes. Platforms have no such digest.
 */

/** The polynomial, lowest power in the highest bit. */
const POLYNOMIAL = 0x82f63b78 | 0;

const advanceByBit = (crc: number): number => (crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1);

/** Row `n` is the effect of a byte on the value when `n` more bytes follow it. */
const createTables = (): Int32Array[] => {
  const first = Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = advanceByBit(crc);
    return crc;
  });
  const tables = [first];
  for (let row = 1; row < 8; row += 1) {
    const before = tables[row - 1] ?? first;
    tables.push(before.map((crc) => (crc >>> 8) ^ (first[crc & 0xff] ?? 0)));
  }
  return tables;
};

const [T0, T1, T2, T3, T4, T5, T6, T7] = createTables() as [
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
];

/** The value of `bytes`, or of the bytes of `crc` followed by `bytes`. Unsigned; 0 for no bytes. */
export const crc32c = (bytes: Uint8Array, crc = 0): number => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length;
  const wholeEnd = end - (end % 8);
  let state = ~crc;
  let at = 0;
  // Every index is within its table; casts are free, but fallback values would cost time.
  for (; at < wholeEnd; at += 8) {
    const low = state ^ view.getInt32(at, true);
    const high = view.getInt32(at + 4, true);
    state =
      (T7[low & 0xff] as number) ^
      (T6[(low >>> 8) & 0xff] as number) ^
      (T5[(low >>> 16) & 0xff] as number) ^
      (T4[low >>> 24] as number) ^
      (T3[high & 0xff] as number) ^
      (T2[(high >>> 8) & 0xff] as number) ^
      (T1[(high >>> 16) & 0xff] as number) ^
      (T0[high >>> 24] as number);
  }
  for (; at < end; at += 1) state = (state >>> 8) ^ (T0[(state ^ (bytes[at] as number)) & 0xff] as number);
  return ~state >>> 0;
};

/** Product of two polynomials, modulo the one of CRC-32C. */
const multiply = (a: number, b: number): number => {
  let product = 0;
  let shifted = b;
  for (let bit = 31; bit >= 0; bit -= 1) {
    if ((a >>> bit) & 1) product ^= shifted;
    shifted = advanceByBit(shifted);
  }
  return product;
};

const ONE = 1 << 31;
/** x⁸: the effect of one byte on all bytes before it. */
const BYTE = 1 << 23;

const byteShift = (length: number): number => {
  let shift = ONE;
  let power = BYTE;
  for (let rest = length; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) shift = multiply(power, shift);
    power = multiply(power, power);
  }
  return shift;
};

/** The value of A followed by B, from the value of each and the length of B in bytes. */
export const combineCrc32c = (crcA: number, crcB: number, lengthB: number): number =>
  (multiply(byteShift(lengthB), crcA) ^ crcB) >>> 0;

/** Eight lower-case hex digits, as in the API (source: the vendor's client). */
export const toCrc32cHex = (crc: number): string => crc.toString(16).padStart(8, '0');
