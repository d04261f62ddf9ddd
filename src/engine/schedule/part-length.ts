/** Chooses the lengths of parts that are cut one after the other. */

import { KiB } from '../../lib/byte-size.js';
import type { PartLimits } from '../../ports/protocol.js';

/** Cut parts are a multiple of this many bytes long, where the limits allow it. */
export const GRAIN = 64 * KiB;
/** A rest of at most this many times a part is not split. */
const TAIL = 1.25;

export interface CutRequest {
  /** Number of the part, from 1. */
  readonly number: number;
  /** Bytes of the file before the part. */
  readonly start: number;
  /** Bytes of the file from `start` on. */
  readonly rest: number;
  /** Wished bytes. */
  readonly wish: number;
  readonly limits: PartLimits;
  /** Ends of the parts in each cut that was given up. */
  readonly former: readonly (readonly number[])[];
}

/**
 * The length nearest to the wish that the limits allow. A part never gets the number and length that one at another
 * place had in a former cut: when the store fails, the record keeps that cut, and a later page compares only these two
 * with the server's list.
 */
export const lengthOfPart = ({ number, start, rest, wish, limits, former }: CutRequest): number => {
  const { minPartSize = 1, maxPartSize = Infinity, maxParts = Infinity } = limits;
  const least = Math.max(minPartSize, Math.ceil(rest / Math.max(maxParts - number + 1, 1)));
  const raised = Math.max(Math.ceil(wish), least);
  const even = Math.min(raised > GRAIN ? Math.ceil(raised / GRAIN) * GRAIN : raised, maxPartSize);
  let length = rest <= Math.min(even * TAIL, maxPartSize) ? rest : Math.min(even, rest);
  const step = length > least ? -1 : 1;
  const isAmbiguous = (index: number, from: number, bytes: number) =>
    former.some((ends) => {
      const formerStart = ends[index - 1] ?? 0;
      return formerStart !== from && (ends[index] ?? Number.NaN) - formerStart === bytes;
    });
  // The rest may become the last part, whose length cannot be chosen.
  while (isAmbiguous(number - 1, start, length) || isAmbiguous(number, start + length, rest - length)) length += step;
  return length;
};
