/** What parts may be that a browser sends, and what they have to make up. */

import { badRequest, HttpError } from '../http/http-error.js';
import type { Ticket } from '../tickets/ticket.js';

/** More parts than any storage takes. */
const MAX_PARTS = 100_000;

/** From 1, in plain decimal digits. @throws HttpError 400 */
export const readPartNumber = (text: string | null, name: string): number => {
  const number = text !== null && /^[1-9]\d{0,5}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > MAX_PARTS) throw badRequest(`${name} is a whole number from 1`);
  return number;
};

/** @throws HttpError 400 for a part that the file does not have, 413 for one that is longer than the file. */
export const checkPart = (part: { readonly number: number; readonly size: number }, ticket: Ticket): void => {
  const { size, rules = {} } = ticket;
  const { maxParts = MAX_PARTS, minPartSize = 1 } = rules;
  // All but the last are at least of the least size.
  const most = Math.min(maxParts, Math.floor(size / minPartSize) + 1);
  if (part.number > most) throw badRequest(`the file has at most ${most} parts`);
  if (part.size > size) throw new HttpError(413, 'too-large', 'the part is longer than the file');
};

/**
 * Parts 1, 2, 3 and so on, which together are as long as the file.
 * @param sizes Bytes of the parts that the storage has; null where it does not tell.
 * @throws HttpError 409, upon which browsers look again at which parts are there.
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

/** Upon it browsers look again at which parts are there. */
export const partsDiffer = (): HttpError =>
  new HttpError(409, 'bad-request', 'the list of parts differs from what is stored');
