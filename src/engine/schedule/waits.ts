/**
 * The lanes of one upload wait on their own: for backoff, for the network. The upload itself is `waiting` only while
 * every lane is, and shows the wait that ends first.
 */

import type { Clock } from '../../ports/clock.js';
import type { WaitReason } from '../upload/snapshot.js';
import type { Upload } from '../upload/upload.js';

export interface Wait {
  readonly reason: WaitReason;
  /** Milliseconds since 1970; null while unknown. */
  readonly resumesAt: number | null;
}

/** A wait for others is shown when it takes longer than this, in milliseconds: most are over at once. */
const LONG_MS = 1_000;

export class Waits {
  readonly #upload: Upload;
  readonly #waits = new Set<Wait>();
  #lanes = 0;

  constructor(upload: Upload) {
    this.#upload = upload;
  }

  /** Runs `work` as a lane. */
  async lane(work: () => Promise<void>): Promise<void> {
    this.#lanes += 1;
    await work().finally(() => {
      this.#lanes -= 1;
    });
    // Not after a failure: it stops the other lanes, whose waits are over in the same moment.
    this.#show();
  }

  /** Shows `wait` until `until` settles. */
  async during(wait: Wait, until: Promise<void>): Promise<void> {
    this.#waits.add(wait);
    this.#show();
    try {
      await until;
    } finally {
      this.#waits.delete(wait);
      this.#show();
    }
  }

  /** Shows what `wait` then gives, if `until` takes long. */
  whenLong<T>(until: Promise<T>, clock: Clock, wait: () => Wait): Promise<T> {
    const bag = new AbortController();
    const shown = clock.delay(LONG_MS, bag).then(
      () =>
        this.during(
          wait(),
          until.then(() => {}),
        ),
      () => {},
    );
    shown.catch(() => {});
    return until.finally(() => bag.abort());
  }

  #show(): void {
    if (this.#waits.size === 0 || this.#waits.size < this.#lanes) {
      this.#upload.dispatch({ type: 'proceed' });
      return;
    }
    const first = [...this.#waits].reduce((a, b) => ((a.resumesAt ?? Infinity) <= (b.resumesAt ?? Infinity) ? a : b));
    const { state } = this.#upload;
    const isShown = state.kind === 'waiting' && state.reason === first.reason && state.resumesAt === first.resumesAt;
    if (!isShown) this.#upload.dispatch({ type: 'wait', ...first });
  }
}
