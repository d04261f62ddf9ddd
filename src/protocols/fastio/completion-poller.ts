/**
 * Waits with long polls until the server has assembled and stored a file (source: the official upload reference). Only
 * two sessions poll at once, because browsers open six connections to an origin and other files need them.
 */

import type { Clock } from '../../ports/clock.js';
import { UploadError } from '../../ports/errors.js';
import type { CallOptions } from '../../ports/protocol.js';
import {
  FAILED_STATUSES,
  parseSessionDetails,
  type SessionDetails,
  type SessionId,
  STORED_STATUSES,
} from '../../wire/fastio.js';
import type { FastioApi } from './api.js';
import { Semaphore } from './semaphore.js';

const POLLS = 2;
/** Seconds that the server may hold a poll: below the 30 seconds after which proxies and gateways time out. */
const WAIT_ALONE_S = 25;
const WAIT_SHARED_S = 2;
/** Shortest time between two polls, in milliseconds; doubles up to the longest. */
const PAUSE_MS = { shortest: 200, longest: 2000 } as const;
/** Interval at which a stored session without a file id is looked up, in milliseconds. */
const UNNAMED_MS = 60_000;
/** Longest time in one status, in milliseconds. There are few statuses, so this limits the whole wait. */
const STUCK_MS = 15 * 60_000;

/** Looks up the file of a stored session without a file id. */
type LookUp = (options: CallOptions) => Promise<string | null>;

export type StoredSession = SessionDetails & { readonly fileId: string };

export class CompletionPoller {
  readonly #api: FastioApi;
  readonly #clock: Clock;
  #sessions = 0;
  readonly #polls = new Semaphore(POLLS);

  constructor(api: FastioApi, clock: Clock) {
    this.#api = api;
    this.#clock = clock;
  }

  /** @throws UploadError `session-lost` when the session does not exist on the server. */
  async inspect(id: SessionId, options: CallOptions): Promise<SessionDetails> {
    return this.#details(id, 0, options);
  }

  /**
   * Older servers end at `stored`, newer ones at `complete`. Either counts once it contains the file id, or once
   * `lookUp` finds the file. Unknown statuses are waited through.
   * @throws UploadError `assembly-failed`, `checksum-mismatch`; `timeout` when nothing changes for a quarter of an
   * hour.
   */
  async untilStored(id: SessionId, lookUp: LookUp, options: CallOptions): Promise<StoredSession> {
    this.#sessions += 1;
    try {
      return await this.#poll(id, lookUp, options);
    } finally {
      this.#sessions -= 1;
    }
  }

  async #poll(id: SessionId, lookUp: LookUp, { signal }: CallOptions): Promise<StoredSession> {
    const clock = this.#clock;
    let status = '';
    let since = clock.now();
    let lookedAt = since;
    let pauseMs: number = PAUSE_MS.shortest;
    for (;;) {
      const askedAt = clock.now();
      const details = await this.#inTurn(id, { signal });
      const isStored = STORED_STATUSES.has(details.status);
      const mustLookUp = isStored && details.status === status && clock.now() - lookedAt >= UNNAMED_MS;
      if (mustLookUp) lookedAt = clock.now();
      const fileId = details.fileId ?? (mustLookUp ? await lookUp({ signal }) : null);
      if (isStored && fileId !== null) return { ...details, fileId };
      if (FAILED_STATUSES.has(details.status)) throw failureOf(details);
      const now = clock.now();
      if (details.status !== status) {
        ({ status } = details);
        since = now;
        lookedAt = now;
        pauseMs = PAUSE_MS.shortest;
      } else if (now - since > STUCK_MS) {
        throw new UploadError('timeout', `the server has been at "${status}" for ${STUCK_MS / 60_000} minutes`);
      }
      const restMs = askedAt + pauseMs - now;
      if (restMs > 0) await clock.delay(restMs, { signal });
      pauseMs = Math.min(pauseMs * 2, PAUSE_MS.longest);
    }
  }

  #inTurn(id: SessionId, options: CallOptions): Promise<SessionDetails> {
    const ask = () => this.#details(id, this.#sessions > 1 ? WAIT_SHARED_S : WAIT_ALONE_S, options);
    return this.#polls.run(ask, options);
  }

  async #details(id: SessionId, waitSeconds: number, options: CallOptions): Promise<SessionDetails> {
    const payload = await this.#api.control(
      {
        method: 'GET',
        path: `upload/${id}/details/`,
        ofSession: true,
        timeoutMs: 30_000 + waitSeconds * 1000,
        ...(waitSeconds > 0 && { query: { wait: String(waitSeconds) } }),
      },
      options,
    );
    const details = parseSessionDetails(payload);
    if (details === null) throw new UploadError('protocol', 'the details of the session name no status');
    return details;
  }
}

const failureOf = ({ status, statusMessage, isCorrupt }: SessionDetails): UploadError =>
  new UploadError(
    isCorrupt ? 'checksum-mismatch' : 'assembly-failed',
    `the server ended at "${status}"${statusMessage === '' ? '' : `: ${withoutTokens(statusMessage)}`}`,
  );

/** Hides words that are long enough to be a ticket or a signature. */
const withoutTokens = (text: string): string => text.replace(/\S{24,}/g, '…').slice(0, 200);
