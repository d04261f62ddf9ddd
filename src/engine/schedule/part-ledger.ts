/**
 * The parts of one upload: their boundaries, and which of them are being sent. Where the protocol allows any sizes, a
 * part is cut when a lane takes it, so that its size uses the newest measurements; otherwise all parts have one size.
 */

import { UploadError } from '../../ports/errors.js';
import type { Part, PartLimits, Receipt } from '../../ports/protocol.js';
import { MIN_PART_BYTES } from './line-model.js';
import { GRAIN, lengthOfPart } from './part-length.js';
import { type PartPlan, partOf } from './part-plan.js';

type Receipts = Pick<ReadonlyMap<number, Receipt>, 'has' | 'size'>;

export interface TakeOptions {
  readonly receipts: Receipts;
  /** Returns the wished size of the next part, given the bytes that no part covers yet. */
  readonly wish: (rest: number) => number;
  /** True when the last part must be sent after all others have receipts. */
  readonly lastAlone: boolean;
  readonly now: number;
}

/** The form in a record: the size of all parts, or the end of each cut part. */
export type PartLayout = number | readonly number[];

export const partLength = ({ start, end }: Part): number => end - start;

export class PartLedger {
  /** Bytes of the source. */
  readonly size: number;
  #plan: PartPlan | null;
  /** Plans again with the newest measurements; null where the size is fixed. */
  readonly #replan: (() => PartPlan) | null;
  /** End of each cut part, in bytes. */
  readonly #ends: number[];
  /** Ends of the parts in each cut that was given up. */
  readonly #former: number[][] = [];
  /** Length of the last part in each plan that was given up; see `lengthOfPart`. */
  readonly #rests = new Set<number>();
  /** The limits of the session. */
  limits: PartLimits;
  /** Parts that are being sent, with the time at which they were taken. */
  readonly #taken = new Map<number, number>();
  /** Parts that failed and may not be sent again yet, by number. */
  readonly #aside = new Map<number, Part>();
  /** All parts with lower numbers have a receipt or are being sent. */
  #next = 1;
  /**
   * From this number on the server may hold other bytes than the part has now, because it was cut again after it had
   * been sent; only receipts held locally are reliable there. Null when no part was cut again.
   */
  doubtedFrom: number | null = null;

  /** Parts of one size, which `replan` may reduce as long as no part is confirmed. */
  static uniform(plan: PartPlan, replan: (() => PartPlan) | null = null): PartLedger {
    return new PartLedger(plan.size, plan, [], {}, replan);
  }

  /** Parts of any size within the limits. @throws UploadError `too-large` when they cannot hold the file. */
  static free(size: number, limits: PartLimits, ends: readonly number[] = []): PartLedger {
    const { maxParts = Infinity, maxPartSize = Infinity } = limits;
    if (maxParts * maxPartSize < size) {
      const message = `${size} bytes do not fit into ${maxParts} parts of at most ${maxPartSize} bytes`;
      throw new UploadError('too-large', message);
    }
    return new PartLedger(size, null, [...ends], limits);
  }

  private constructor(
    size: number,
    plan: PartPlan | null,
    ends: number[],
    limits: PartLimits,
    replan: (() => PartPlan) | null = null,
  ) {
    this.size = size;
    this.#plan = plan;
    this.#replan = replan;
    this.#ends = ends;
    this.limits = limits;
  }

  get layout(): PartLayout {
    return this.#plan?.partSize ?? [...this.#ends];
  }

  /** True when parts are cut as they are taken. */
  get isGrowing(): boolean {
    return this.#plan === null;
  }

  /** Number of parts that have boundaries. */
  get count(): number {
    return this.#plan?.count ?? this.#ends.length;
  }

  /** True when one part holds the whole file, whatever the line is like. */
  get isSingle(): boolean {
    return this.#plan?.count === 1;
  }

  /** Bytes that no part covers yet. */
  get rest(): number {
    return this.#plan === null ? this.size - this.#cutEnd : 0;
  }

  /** Estimated number of all parts. */
  get expectedCount(): number {
    const last = this.part(this.count);
    if (this.rest === 0 && last !== null) return this.count;
    return this.count + Math.max(1, Math.ceil(this.rest / Math.max(last === null ? this.rest : partLength(last), 1)));
  }

  /** The part with this number, from 1; null while it has no boundaries. */
  part(number: number): Part | null {
    if (!(number >= 1 && number <= this.count)) return null;
    if (this.#plan !== null) return partOf(this.#plan, number);
    return { number, start: this.#ends[number - 2] ?? 0, end: this.#ends[number - 1] ?? 0 };
  }

  /** True when the receipt has the size of the part as it is cut now. */
  matches({ number, size }: Receipt): boolean {
    const part = this.part(number);
    return part !== null && partLength(part) === size;
  }

  isComplete(receipts: Receipts): boolean {
    return this.count > 0 && this.rest === 0 && receipts.size === this.count;
  }

  /** Takes the next part to send; null when none can be sent now. */
  take(options: TakeOptions): Part | null {
    const { receipts } = options;
    if (receipts.size + this.#taken.size === 0) this.#divide();
    while (receipts.has(this.#next) || this.#taken.has(this.#next)) this.#next += 1;
    const part = this.#nextCut(options) ?? this.#cut(options);
    const mustWait = options.lastAlone && part?.end === this.size && receipts.size < part.number - 1;
    if (part === null || mustWait) return null;
    this.#taken.set(part.number, options.now);
    return part;
  }

  /** Lower bound of the number of parts that can be taken now. */
  takeableCount(receipts: Receipts): number {
    const waiting = this.count - receipts.size - this.heldCount;
    if (this.#plan !== null || (this.rest === 0 && this.count > 0)) return waiting;
    return waiting + Math.max(1, Math.ceil(this.rest / GRAIN));
  }

  /** Parts that are being sent, or failed and may not be sent again yet. */
  get heldCount(): number {
    return this.#taken.size + this.#aside.size;
  }

  /** Smallest size of a part other than the last, in bytes. */
  get leastPart(): number {
    return this.#plan?.partSize ?? Math.max(this.limits.minPartSize ?? 0, MIN_PART_BYTES);
  }

  /** All parts that have boundaries, in order. */
  *all(): Generator<Part, void> {
    for (let number = 1; number <= this.count; number++) {
      const part = this.part(number);
      if (part !== null) yield part;
    }
  }

  /** The next `count` parts after `part` that have boundaries and no receipt. */
  upcoming(receipts: Receipts, { number: first }: Part, count: number): Part[] {
    const upcoming: Part[] = [];
    for (let number = first + 1; number <= this.count && upcoming.length < count; number++) {
      const part = receipts.has(number) ? null : this.part(number);
      if (part !== null) upcoming.push(part);
    }
    return upcoming;
  }

  /** Marks the parts from this number on: the server may list other bytes under their numbers. */
  doubt(number: number): void {
    this.doubtedFrom = Math.min(this.doubtedFrom ?? number, number);
  }

  isDoubted(number: number): boolean {
    return this.doubtedFrom !== null && number >= this.doubtedFrom;
  }

  /** Searches from the first part again, because receipts may have been removed. */
  rewind(): void {
    this.#next = 1;
  }

  /** Lowers the limit after the server rejected the part as too large. False when smaller parts are not possible. */
  shrink(part: Part, receipts: Receipts): boolean {
    const { minPartSize = 1, maxPartSize = Infinity, maxParts = Infinity } = this.limits;
    const most = Math.min(Math.floor(partLength(part) / 2), maxPartSize);
    const first = this.isGrowing ? part : { number: 1, start: 0 };
    const isRoomy = most * (maxParts - first.number + 1) >= this.size - first.start;
    const isFixed = this.#plan !== null && this.#replan === null;
    if (isFixed || !isRoomy || most < Math.max(minPartSize, GRAIN)) return false;
    for (let number = first.number; number <= this.count; number++) if (receipts.has(number)) return false;
    this.limits = { ...this.limits, maxPartSize: most };
    return true;
  }

  /** Sum of `bytesOf` over the parts that are being sent, each with the time at which it was taken. */
  takenBytes(bytesOf: (part: Part, takenAt: number) => number): number {
    let bytes = 0;
    for (const [number, takenAt] of this.#taken) {
      const part = this.part(number);
      if (part !== null) bytes += bytesOf(part, takenAt);
    }
    return bytes;
  }

  /** The part is no longer being sent. */
  giveBack({ number }: Part): void {
    this.#taken.delete(number);
    this.#next = Math.min(this.#next, number);
  }

  /** The part failed, and is not taken again before `bringBack`. */
  setAside(part: Part): void {
    this.giveBack(part);
    this.#aside.set(part.number, part);
  }

  /** The part may be taken again, unless it was cut again meanwhile. */
  bringBack(part: Part): void {
    if (this.#aside.get(part.number) === part) this.#aside.delete(part.number);
  }

  /** Divides the file again when the newest measurements ask for smaller parts. */
  #divide(): void {
    if (this.#plan === null || this.#replan === null) return;
    const { size } = this;
    let partSize = Math.min(this.#replan().partSize, this.limits.maxPartSize ?? Infinity);
    this.#rests.add(size % this.#plan.partSize);
    while (this.#rests.has(partSize)) partSize += 1;
    if (partSize >= this.#plan.partSize) return;
    this.#plan = { size, partSize, count: Math.ceil(size / partSize) };
    this.#aside.clear();
    this.#next = 1;
    this.doubt(1);
  }

  /** The first part that is cut, unconfirmed and not being sent. */
  #nextCut({ receipts, wish }: TakeOptions): Part | null {
    for (let number = this.#next; number <= this.count; number++) {
      if (receipts.has(number) || this.#taken.has(number)) continue;
      const part = this.part(number);
      if (part !== null && this.#plan === null && this.#isUntouched(number, receipts)) {
        // The part failed, and no later part has arrived, so it can be cut smaller.
        if (partLength(part) > this.#lengthAt(part, wish)) {
          this.#uncut(number);
          return null;
        }
      }
      if (!this.#aside.has(number)) return part;
    }
    return null;
  }

  /** Removes the boundaries from this part on. */
  #uncut(number: number): void {
    this.#former.push([...this.#ends]);
    this.#ends.length = number - 1;
    for (const aside of this.#aside.keys()) if (aside >= number) this.#aside.delete(aside);
    this.doubt(number);
  }

  /** True when no part from `first` on is confirmed or being sent. */
  #isUntouched(first: number, receipts: Receipts): boolean {
    for (let number = first; number <= this.count; number++) {
      if (receipts.has(number) || this.#taken.has(number)) return false;
    }
    return true;
  }

  #cut({ wish }: TakeOptions): Part | null {
    const start = this.#cutEnd;
    if (this.#plan !== null || (start === this.size && this.#ends.length > 0)) return null;
    this.#ends.push(start + this.#lengthAt({ number: this.#ends.length + 1, start }, wish));
    return this.part(this.#ends.length);
  }

  #lengthAt({ number, start }: Omit<Part, 'end'>, wish: TakeOptions['wish']): number {
    const rest = this.size - start;
    return lengthOfPart({ number, start, rest, wish: wish(rest), limits: this.limits, former: this.#former });
  }

  get #cutEnd(): number {
    return this.#ends.at(-1) ?? 0;
  }
}
