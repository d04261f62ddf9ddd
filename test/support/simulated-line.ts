/**
 * A line in virtual time with a server of numbered parts behind it. Requests share its rate, each connection has one of
 * its own, and it may break now and then: then every request on it fails at once. It notes what was sent and what arrived.
 */

import { joinSignals } from '../../src/lib/joint-signal.js';
import { isObject } from '../../src/lib/json.js';
import { UploadError } from '../../src/ports/errors.js';
import type { ControlRequest, DataRequest, SendOptions, Transport, WireResponse } from '../../src/ports/transport.js';
import type { FakeClock } from './fake-clock.js';
import { type Answer, wireResponse } from './scripted-transport.js';

export interface LineProfile {
  /** Bytes per second of all connections together. */
  readonly rate: number;
  /** Bytes per second of one. @default Infinity */
  readonly connectionRate?: number;
  readonly roundTripMs: number;
  /** Milliseconds between two breaks. @default Infinity */
  readonly breaksEveryMs?: number;
  /** Connections of others that share the rate. @default 0 */
  readonly neighbours?: number;
  /** Connections that the browser opens. @default 6 */
  readonly connections?: number;
  /** How long a body of so many bytes may take until its answer. @default Infinity */
  readonly deadlineMs?: (size: number) => number;
  /** What the server says when it opens a session. */
  readonly limits?: object;
}

/** A file of which only the boundaries of its slices matter, so that it may be of any size. */
export const hollowFile = (name: string, size: number): File => {
  const sliceOf = (start: number, end: number) => ({
    size: end - start,
    start,
    end,
    type: '',
    arrayBuffer: async () => new ArrayBuffer(Math.min(end - start, 16)),
  });
  const file = {
    ...sliceOf(0, size),
    name,
    lastModified: 1_700_000_000_000,
    webkitRelativePath: '',
    slice: (start = 0, end = size) => sliceOf(start, Math.min(end, size)),
  };
  return file as unknown as File;
};

interface Body {
  readonly size: number;
  readonly start: number;
  readonly end: number;
}

interface Transfer {
  readonly size: number;
  left: number;
  readonly onProgress: SendOptions['onProgress'];
  readonly arrive: () => void;
}

interface Session {
  readonly size: number;
  readonly parts: Map<number, Body>;
  fileId: string | null;
}

export class SimulatedLine implements Transport {
  /** Bytes that left the browser, lost or not. */
  sentBytes = 0;
  requests = 0;
  mostInFlight = 0;
  breaks = 0;
  /** What must not happen, in words. */
  readonly violations: string[] = [];
  /** Sizes of the parts that arrived, in the order of their arrival. */
  readonly arrivals: number[] = [];
  readonly #clock: FakeClock;
  readonly #profile: Required<LineProfile>;
  readonly #sessions = new Map<string, Session>();
  readonly #transfers = new Set<Transfer>();
  readonly #cuts = new Set<() => void>();
  readonly #queue: (() => void)[] = [];
  #connections = 0;
  #movedAt = 0;
  /** Ends the wait for the next moment at which something arrives. */
  #wait = new AbortController();

  constructor(clock: FakeClock, profile: LineProfile) {
    this.#clock = clock;
    this.#profile = {
      connectionRate: Number.POSITIVE_INFINITY,
      breaksEveryMs: Number.POSITIVE_INFINITY,
      neighbours: 0,
      connections: 6,
      deadlineMs: () => Number.POSITIVE_INFINITY,
      limits: {},
      ...profile,
    };
    if (Number.isFinite(this.#profile.breaksEveryMs)) void this.#breakNowAndThen();
  }

  async control({ method, url, json }: ControlRequest, { signal }: { readonly signal: AbortSignal }) {
    const answer = await this.#onLine(signal, async (cut) => {
      await this.#clock.delay(this.#profile.roundTripMs, { signal: cut });
      return this.#route(method, url, json);
    });
    return wireResponse(url, answer);
  }

  async send(request: DataRequest, { signal, onProgress }: SendOptions): Promise<WireResponse> {
    const body = request.body as unknown as Body;
    const deadline = new AbortController();
    const { signal: stop, release } = joinSignals(signal, deadline.signal);
    const allowedMs = this.#profile.deadlineMs(body.size);
    if (Number.isFinite(allowedMs)) {
      const late = () => deadline.abort(new UploadError('timeout', 'the body takes too long'));
      this.#clock.delay(allowedMs, { signal: stop }).then(late, () => {});
    }
    try {
      const answer = await this.#onLine(stop, async (cut) => {
        await this.#transfer(body.size, onProgress, cut);
        await this.#clock.delay(this.#profile.roundTripMs, { signal: cut });
        return this.#store(request, body);
      });
      return wireResponse(request.url, answer);
    } finally {
      deadline.abort();
      release();
    }
  }

  /** Waits for a connection, and fails when the line breaks. */
  async #onLine(signal: AbortSignal, exchange: (cut: AbortSignal) => Promise<Answer>): Promise<Answer> {
    signal.throwIfAborted();
    this.requests += 1;
    if (this.#connections >= this.#profile.connections) await new Promise<void>((go) => this.#queue.push(go));
    const bag = new AbortController();
    const cut = () => bag.abort(new UploadError('network', 'the line broke'));
    const stop = () => bag.abort(signal.reason);
    signal.addEventListener('abort', stop);
    this.#cuts.add(cut);
    this.#connections += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.#connections);
    try {
      if (signal.aborted) stop();
      bag.signal.throwIfAborted();
      return await exchange(bag.signal);
    } finally {
      this.#connections -= 1;
      this.#cuts.delete(cut);
      signal.removeEventListener('abort', stop);
      this.#queue.shift()?.();
    }
  }

  #transfer(size: number, onProgress: SendOptions['onProgress'], signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const transfer: Transfer = { size, left: size, onProgress, arrive: resolve };
      this.#move();
      this.#transfers.add(transfer);
      signal.addEventListener('abort', () => {
        this.#move();
        this.#transfers.delete(transfer);
        this.#expect();
        reject(signal.reason);
      });
      this.#expect();
    });
  }

  get #rateOfEach(): number {
    const { rate, connectionRate, neighbours } = this.#profile;
    return Math.min(rate / Math.max(this.#transfers.size + neighbours, 1), connectionRate);
  }

  /** Up to this moment. */
  #move(): void {
    const now = this.#clock.now();
    const bytes = ((now - this.#movedAt) / 1000) * this.#rateOfEach;
    this.#movedAt = now;
    for (const transfer of [...this.#transfers]) {
      const moved = Math.min(bytes, transfer.left);
      this.sentBytes += moved;
      transfer.left -= moved;
      transfer.onProgress?.(Math.floor(transfer.size - transfer.left));
      if (transfer.left > 0.5) continue;
      this.#transfers.delete(transfer);
      transfer.arrive();
    }
  }

  #expect(): void {
    this.#wait.abort();
    if (this.#transfers.size === 0) return;
    this.#wait = new AbortController();
    const least = Math.min(...Array.from(this.#transfers, ({ left }) => left));
    const ms = (least / this.#rateOfEach) * 1000;
    this.#clock.delay(Math.max(ms, 0.01), this.#wait).then(
      () => {
        this.#move();
        this.#expect();
      },
      () => {},
    );
  }

  async #breakNowAndThen(): Promise<void> {
    for (;;) {
      await this.#clock.delay(this.#profile.breaksEveryMs, { signal: new AbortController().signal });
      this.breaks += 1;
      for (const cut of [...this.#cuts]) cut();
    }
  }

  #route(method: string, url: string, json: unknown): Answer {
    const [, , id = '', action = ''] = new URL(url).pathname.split('/');
    if (id === 'init') return this.#open(isObject(json) ? Number(json.total_size) : 0);
    const session = this.#sessions.get(id);
    if (session === undefined) return { status: 404 };
    if (method === 'DELETE') return { status: this.#sessions.delete(id) ? 204 : 404 };
    if (action === 'complete') return this.#complete(session);
    const parts = Array.from(session.parts, ([number, { size }]) => ({
      part_number: number,
      size,
      etag: `e${number}`,
    }));
    return { json: { upload_id: id, total_size: session.size, parts } };
  }

  #open(size: number): Answer {
    const id = `s${this.#sessions.size + 1}`;
    this.#sessions.set(id, { size, parts: new Map(), fileId: null });
    return { json: { upload_id: id, ...this.#profile.limits } };
  }

  #complete(session: Session): Answer {
    let end = 0;
    for (let number = 1; session.parts.has(number); number++) {
      const part = session.parts.get(number);
      if (part?.start !== end) this.violations.push(`part ${number} begins at ${part?.start} and not at ${end}`);
      end = part?.end ?? 0;
    }
    if (end !== session.size) return { status: 409 };
    session.fileId ??= `f${this.#sessions.size}`;
    return { json: { file_id: session.fileId } };
  }

  #store({ url, headers }: DataRequest, body: Body): Answer {
    const session = this.#sessions.get(new URL(url).pathname.split('/')[2] ?? '');
    if (session === undefined) return { status: 404 };
    const number = Number(headers['Fastio-Part-Number']);
    session.parts.set(number, body);
    this.arrivals.push(body.size);
    return { json: { etag: `e${number}` }, headers: { ETag: `"e${number}"` } };
  }
}
