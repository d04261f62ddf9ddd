/** Checks a part before and while its bytes arrive. */

import { PART_NUMBER_HEADER } from '../../wire/headers.js';
import { ApiError } from '../http/api-error.js';
import type { Exchange } from '../http/exchange.js';
import { readPartNumber } from '../http/part-number.js';
import type { PartRules } from '../options.js';

export interface PartExpectation {
  readonly number: number;
  /** Bytes. */
  readonly maxSize: number;
  /** Bytes; null where the rules do not fix the size. */
  readonly exactSize: number | null;
}

const badPart = (number: number, message: string): ApiError =>
  new ApiError(400, 'bad-part', message, { fields: { part_number: number } });

const tooLarge = (number: number): ApiError =>
  new ApiError(413, 'part-too-large', `part ${number} is too large`, { fields: { part_number: number } });

const expect = (number: number, totalSize: number, rules: PartRules): PartExpectation => {
  const { partSize, maxPartSize, maxParts } = rules;
  const count = partSize === undefined ? maxParts : Math.max(Math.ceil(totalSize / partSize), 1);
  if (number < 1 || number > count) throw badPart(number, `part numbers are 1 to ${count}`);
  const exactSize = partSize === undefined ? null : Math.min(partSize, totalSize - (number - 1) * partSize);
  return { number, exactSize, maxSize: Math.min(maxPartSize, totalSize) };
};

/** @throws ApiError 400, 413, 415 before the first byte is read. */
export const checkPart = (exchange: Exchange, totalSize: number, rules: PartRules): PartExpectation => {
  const number = readPartNumber((name) => exchange.header(name));
  if (number === null) throw new ApiError(400, 'bad-part', `${PART_NUMBER_HEADER} is not a part number`);
  const type = exchange.header('content-type') ?? 'application/octet-stream';
  if (type !== 'application/octet-stream') {
    throw new ApiError(415, 'type-not-allowed', 'parts must be application/octet-stream');
  }
  const expectation = expect(number, totalSize, rules);
  const length = exchange.header('content-length');
  if (length !== null) checkSize(Number(length), expectation);
  return expectation;
};

const checkSize = (size: number, { number, maxSize, exactSize }: PartExpectation): void => {
  if (size > maxSize) throw tooLarge(number);
  if (exactSize !== null && size !== exactSize) throw badPart(number, `part ${number} must have ${exactSize} bytes`);
  if (size === 0 && maxSize > 0) throw badPart(number, `part ${number} is empty`);
};

/** Checks the size while the body streams, because a request may have no `Content-Length`. */
export const enforcePartSize = async function* (chunks: AsyncIterable<Uint8Array>, expectation: PartExpectation) {
  let received = 0;
  for await (const chunk of chunks) {
    received += chunk.length;
    if (received > expectation.maxSize) throw tooLarge(expectation.number);
    yield chunk;
  }
  checkSize(received, expectation);
};
