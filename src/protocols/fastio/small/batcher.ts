/**
 * Collects small files into batches. A batch departs when it is full, or when no file has joined for a moment and none is
 * expected. A member may leave before that; one that leaves later only stops listening and may come back, and when all
 * have left, the request ends.
 */

import type { Clock } from '../../../ports/clock.js';
import type { ProgressOptions } from '../../../ports/protocol.js';
import { BATCH_MAX_FILES } from '../../../wire/fastio-batch.js';

/** Milliseconds without a newcomer after which a batch leaves, however small; more while another is under way. */
const QUIET_MS = { alone: 50, busy: 500 } as const;
/** How long a file that was announced is waited for, in milliseconds. */
const EXPECTED_MS = 2000;
/** Bytes of files. The API takes 100 MB, but a broken request costs all that it carried. */
const FULL_BYTES = 16 * 2 ** 20;

/** Sends the files and answers what became of each, in order. Rejects when the whole request failed. */
export type SendBatch<Item, Outcome> = (
  items: readonly Item[],
  options: ProgressOptions,
) => Promise<readonly Outcome[]>;

type Progress = ProgressOptions['onProgress'];

/** A file on its way. */
export class Member<Item, Outcome> {
  readonly item: Item;
  /** Bytes. */
  readonly size: number;
  /** Settles even without a listener, unless the member left in time. Rejects as the whole request does. */
  readonly outcome: Promise<Outcome>;
  /** Told how much of the file has left. */
  onProgress: Progress;
  /** The rest is the batcher's. */
  settle: (outcome: Promise<Outcome>) => void = () => {};
  batch: Batch<Item, Outcome> | null = null;
  hasLeft = false;

  constructor(item: Item, size: number, onProgress: Progress) {
    this.item = item;
    this.size = size;
    this.onProgress = onProgress;
    this.outcome = new Promise((resolve) => {
      this.settle = resolve;
    });
    this.outcome.catch(() => {});
  }
}

interface Batch<Item, Outcome> {
  readonly members: readonly Member<Item, Outcome>[];
  readonly stop: AbortController;
}

export class Batcher<Item, Outcome> {
  readonly #clock: Clock;
  readonly #send: SendBatch<Item, Outcome>;
  #waiting: Member<Item, Outcome>[] = [];
  #underWay = 0;
  /** Files that have been announced, with the moment of that. */
  readonly #expected = new Map<object, number>();
  /** Ends the wait for a quiet moment. */
  #quiet = new AbortController();

  constructor(clock: Clock, send: SendBatch<Item, Outcome>) {
    this.#clock = clock;
    this.#send = send;
  }

  /** Announces a file that is still being opened; what is returned has to be called before it joins. */
  expect(signal: AbortSignal): () => void {
    const file = {};
    const settled = () => {
      signal.removeEventListener('abort', settled);
      this.#expected.delete(file);
    };
    signal.addEventListener('abort', settled, { once: true });
    this.#expected.set(file, this.#clock.now());
    return settled;
  }

  join(item: Item, size: number, onProgress: Progress): Member<Item, Outcome> {
    const member = new Member<Item, Outcome>(item, size, onProgress);
    this.#waiting.push(member);
    for (let count = this.#fullCount(); count > 0; count = this.#fullCount()) this.#depart(count);
    this.#departWhenQuiet();
    return member;
  }

  /** True when the member is out for good; false when its file may arrive nevertheless, and it may come back. */
  leave(member: Member<Item, Outcome>): boolean {
    this.#waiting = this.#waiting.filter((other) => other !== member);
    member.hasLeft = true;
    const { batch } = member;
    if (batch?.members.every(({ hasLeft }) => hasLeft)) batch.stop.abort(new DOMException('all left', 'AbortError'));
    return batch === null || batch.stop.signal.aborted;
  }

  /** Listens again; false when the batch has been ended since. */
  comeBack(member: Member<Item, Outcome>, onProgress: Progress): boolean {
    member.hasLeft = false;
    member.onProgress = onProgress;
    return member.batch?.stop.signal.aborted !== true;
  }

  /** How many of those who wait fill a batch; 0 when they do not. */
  #fullCount(): number {
    let bytes = 0;
    for (const [index, { size }] of this.#waiting.entries()) {
      bytes += size;
      if (bytes > FULL_BYTES) return Math.max(1, index);
      if (index + 1 === BATCH_MAX_FILES) return BATCH_MAX_FILES;
    }
    return 0;
  }

  #departWhenQuiet(): void {
    this.#quiet.abort();
    this.#quiet = new AbortController();
    if (this.#waiting.length === 0) return;
    const quietMs = this.#underWay > 0 ? QUIET_MS.busy : QUIET_MS.alone;
    this.#clock.delay(quietMs, { signal: this.#quiet.signal }).then(
      () => (this.#isExpecting() ? this.#departWhenQuiet() : this.#depart(this.#waiting.length)),
      () => {},
    );
  }

  #isExpecting(): boolean {
    const longest = this.#clock.now() - EXPECTED_MS;
    for (const [file, since] of this.#expected) if (since < longest) this.#expected.delete(file);
    return this.#expected.size > 0;
  }

  #depart(count: number): void {
    const members = this.#waiting.splice(0, count);
    if (members.length > 0) void this.#travel({ members, stop: new AbortController() });
  }

  async #travel(batch: Batch<Item, Outcome>): Promise<void> {
    const { members, stop } = batch;
    this.#underWay += 1;
    for (const member of members) member.batch = batch;
    const items = members.map(({ item }) => item);
    const onProgress = (sentBytes: number) => spread(members, sentBytes);
    const outcomes = this.#send(items, { signal: stop.signal, onProgress });
    members.forEach(({ settle }, index) => {
      settle(outcomes.then((all) => all[index] as Outcome));
    });
    await outcomes.catch(() => {});
    this.#underWay -= 1;
    this.#departWhenQuiet();
  }
}

/** The body carries the files in order, so the first are through while the last have not begun. */
const spread = (
  members: readonly Pick<Member<unknown, never>, 'size' | 'onProgress' | 'hasLeft'>[],
  sentBytes: number,
): void => {
  let left = sentBytes;
  for (const { size, onProgress, hasLeft } of members) {
    if (!hasLeft) onProgress(Math.min(left, size));
    left -= size;
    if (left <= 0) return;
  }
};
