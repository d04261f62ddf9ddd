/**
 * Collects small files into batches. A batch is sent when it is full, or when no file has joined for a moment and none
 * is expected. A member may leave before that; one that leaves later only stops listening and may rejoin. When all
 * members have left, the request is aborted.
 */

import type { Clock } from '../../../ports/clock.js';
import { isUploadError } from '../../../ports/errors.js';
import type { ProgressOptions } from '../../../ports/protocol.js';
import { BATCH_MAX_FILES } from '../../../wire/fastio-batch.js';
import { BatchSize } from './batch-size.js';

/** Milliseconds without a new member after which a batch is sent; longer while another is in flight. */
const QUIET_MS = { alone: 50, busy: 500 } as const;
/** Longest wait for an announced file, in milliseconds. */
const EXPECTED_MS = 2000;

/** Sends the files; resolves with the outcome of each, in order. Rejects when the whole request failed. */
export type SendBatch<Item, Outcome> = (
  items: readonly Item[],
  options: ProgressOptions,
) => Promise<readonly Outcome[]>;

type Progress = ProgressOptions['onProgress'];

/** A file that is in a batch or waits for one. */
export class Member<Item, Outcome> {
  readonly item: Item;
  /** Bytes. */
  readonly size: number;
  /** Stays pending if the member leaves before its batch is sent. Rejects when the whole request does. */
  readonly outcome: Promise<Outcome>;
  /** Called with the sent bytes of this file. */
  onProgress: Progress;
  /** Used by the batcher only, like the fields below. */
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
  readonly #size = new BatchSize();
  #waiting: Member<Item, Outcome>[] = [];
  #underWay = 0;
  /** Announced files, each with the time of the announcement. */
  readonly #expected = new Map<object, number>();
  /** Aborts the wait for a quiet moment. */
  #quiet = new AbortController();

  constructor(clock: Clock, send: SendBatch<Item, Outcome>) {
    this.#clock = clock;
    this.#send = send;
  }

  /** Announces a file that is still being opened; call the returned function before it joins. */
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

  /** Whether a file of this size should join a batch now. */
  takes(size: number): boolean {
    return this.#size.takes(size);
  }

  join(item: Item, size: number, onProgress: Progress): Member<Item, Outcome> {
    const member = new Member<Item, Outcome>(item, size, onProgress);
    this.#waiting.push(member);
    for (let count = this.#fullCount(); count > 0; count = this.#fullCount()) this.#start(count);
    this.#sendWhenQuiet();
    return member;
  }

  /** True when the file is not sent; false when it may arrive all the same, and the member may rejoin. */
  leave(member: Member<Item, Outcome>): boolean {
    this.#waiting = this.#waiting.filter((other) => other !== member);
    member.hasLeft = true;
    const { batch } = member;
    if (batch?.members.every(({ hasLeft }) => hasLeft)) batch.stop.abort(new DOMException('all left', 'AbortError'));
    return batch === null || batch.stop.signal.aborted;
  }

  /** Listens again; false when the batch was aborted meanwhile. */
  rejoin(member: Member<Item, Outcome>, onProgress: Progress): boolean {
    member.hasLeft = false;
    member.onProgress = onProgress;
    return member.batch?.stop.signal.aborted !== true;
  }

  /** Number of waiting files that fill a batch; 0 when they do not fill one. */
  #fullCount(): number {
    let bytes = 0;
    for (const [index, { size }] of this.#waiting.entries()) {
      bytes += size;
      if (bytes > this.#size.bytes) return Math.max(1, index);
      if (index + 1 === BATCH_MAX_FILES) return BATCH_MAX_FILES;
    }
    return 0;
  }

  #sendWhenQuiet(): void {
    this.#quiet.abort();
    this.#quiet = new AbortController();
    if (this.#waiting.length === 0) return;
    const quietMs = this.#underWay > 0 ? QUIET_MS.busy : QUIET_MS.alone;
    this.#clock.delay(quietMs, { signal: this.#quiet.signal }).then(
      () => (this.#isExpecting() ? this.#sendWhenQuiet() : this.#start(this.#waiting.length)),
      () => {},
    );
  }

  #isExpecting(): boolean {
    const longest = this.#clock.now() - EXPECTED_MS;
    for (const [file, since] of this.#expected) if (since < longest) this.#expected.delete(file);
    return this.#expected.size > 0;
  }

  #start(count: number): void {
    const members = this.#waiting.splice(0, count);
    if (members.length > 0) void this.#run({ members, stop: new AbortController() });
  }

  async #run(batch: Batch<Item, Outcome>): Promise<void> {
    const { members, stop } = batch;
    this.#underWay += 1;
    for (const member of members) member.batch = batch;
    const items = members.map(({ item }) => item);
    const onProgress = (sentBytes: number) => spread(members, sentBytes);
    const outcomes = this.#send(items, { signal: stop.signal, onProgress });
    members.forEach(({ settle }, index) => {
      settle(outcomes.then((all) => all[index] as Outcome));
    });
    await this.#learn(members, outcomes);
    this.#underWay -= 1;
    this.#sendWhenQuiet();
  }

  async #learn(members: readonly Member<Item, Outcome>[], outcomes: Promise<unknown>): Promise<void> {
    const startedAt = this.#clock.now();
    try {
      await outcomes;
      // A single file is not sent as a batch.
      if (members.length === 1) return;
      const bytes = members.reduce((sum, { size }) => sum + size, 0);
      this.#size.arrived(bytes, this.#clock.now() - startedAt);
    } catch (error) {
      if (isUploadError(error) && (error.code === 'network' || error.code === 'timeout')) this.#size.broke();
    }
  }
}

/** Divides the sent bytes among the members: the body contains the files in order. */
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
