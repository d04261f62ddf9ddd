/** Checks the browser's parts and its list of parts against the ticket. */

import { badRequest, HttpError } from '../http/http-error.js';
import type { Ticket } from '../tickets/ticket.js';

/** Above the limit of every storage. */
const MAX_PARTS = 100_000;

/** From 1, in plain decimal digits. @throws HttpError 400 */
export const readPartNumber = (text: string | null, name: string): number => {
  const number = text !== null && /^[1-9]\d{0,5}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > MAX_PARTS) throw badRequest(`${name} must be a whole number from 1`);
  return number;
};

/** @throws HttpError 400 for a part number beyond the file's end, 413 for a part longer than the file. */
export const checkPart = (part: { readonly number: number; readonly size: number }, ticket: Ticket): void => {
  const { size, rules = {} } = ticket;
  const { maxParts = MAX_PARTS, minPartSize = 1 } = rules;
  // All parts but the last have at least the minimum size.
  const most = Math.min(maxParts, Math.floor(size / minPartSize) + 1);
  if (part.number > most) throw badRequest(`the file has at most ${most} parts`);
  if (part.size > size) throw new HttpError(413, 'too-large', 'the part is longer than the file');
};

/**
 * Checks that the parts are 1, 2, 3 and so on, and add up to the file's size.
 * @param sizes Bytes of the storage's parts; null when it does not report them.
 * @throws HttpError 409, after which browsers list the stored parts again.
 */
export const checkPartSum = (
  numbers: readonly number[],
  sizes: ReadonlyMap<number, number> | null,
  { size }: Ticket,
): void => {
  if (numbers.length === 0) throw partsDiffer();
  if (numbers.some((number, index) => number !== index + 1)) throw partsDiffer();
  if (sizes === null) return;
  const sum = numbers.reduce((bytes, number) => bytes + (sizes.get(number) ?? Number.NaN), 0);
  if (sum !== size) throw partsDiffer();
};

/** After a 409 browsers list the stored parts again. */
export const partsDiffer = (): HttpError =>
  new HttpError(409, 'bad-request', 'the list of parts differs from what is stored');
