/**
 * Tracks the waits of one upload's lanes, for example for a backoff or for the network. The upload is `waiting` only
 * while all lanes wait, and shows the wait that ends first.
 */

import type { Clock } from '../../ports/clock.js';
import type { WaitReason } from '../upload/snapshot.js';
import type { Upload } from '../upload/upload.js';

export interface Wait {
  readonly reason: WaitReason;
  /** Milliseconds since 1970; null while unknown. */
  readonly resumesAt: number | null;
}

/**
 * A wait for a slot is shown only after this many milliseconds: most of them end at once, and those of a batch of small
 * files after a second or so.
 */
const LONG_MS = 2_000;

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
    // Skipped after a failure, which aborts the other lanes and ends their waits.
    this.#show();
  }

  /** Shows `wait` until `until` settles. */
  async during(wait: Wait, until: Promise<unknown>): Promise<void> {
    this.#waits.add(wait);
    this.#show();
    try {
      await until;
    } finally {
      this.#waits.delete(wait);
      this.#show();
    }
  }

  /** Calls `wait` and shows its result if `until` is still pending after `LONG_MS`. */
  whenLong<T>(until: Promise<T>, clock: Clock, wait: () => Wait): Promise<T> {
    const cleanup = new AbortController();
    clock
      .delay(LONG_MS, cleanup)
      .then(() => this.during(wait(), until))
      .catch(() => {});
    return until.finally(() => cleanup.abort(null));
  }

  #show(): void {
    if (this.#waits.size === 0 || this.#waits.size < this.#lanes) {
      // The state machine ignores `proceed` unless the upload is waiting.
      this.#upload.dispatch({ type: 'proceed' });
      return;
    }
    const first = [...this.#waits].reduce((a, b) => ((a.resumesAt ?? Infinity) <= (b.resumesAt ?? Infinity) ? a : b));
    const { state } = this.#upload;
    const isShown = state.kind === 'waiting' && state.reason === first.reason && state.resumesAt === first.resumesAt;
    if (!isShown) this.#upload.dispatch({ type: 'wait', ...first });
  }
}
