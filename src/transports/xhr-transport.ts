/**
 * Data by `XMLHttpRequest`, because only it tells of upload progress; control by `fetch`.
 *
 * A data request passes three phases, each with a deadline: `silent` until the first progress event, `sending` while
 * events come, `sent` until the answer. It settles once, at `loadend`. What it was aborted for is the reason of the
 * signal that did it; an `abort` without such a signal is the browser's own (Safari drops connections that way) and
 * counts as no answer.
 *
 * Redirects of data are refused, wherever they lead: bytes go to the URL that was named, or nowhere. `fetch` can refuse one
 * before it is followed, so a body that leaves in one go, and has no progress to tell of, goes by `fetch`. `XMLHttpRequest`
 * follows redirects and cannot be told not to: there it is found out afterwards; to keep the bytes of large bodies from
 * going elsewhere at all, a page restricts `connect-src` in its content security policy.
 *
 * Safari 26 may report every byte of a slice of a file as sent and then wait for ever, because the request never ended on
 * the wire. After such a silence the bodies that follow are read into memory first, which that fault does not touch; if
 * one of those meets the same silence, it was the server's, and bodies are streamed from the file again.
 */

import { KiB, MiB } from '../lib/byte-size.js';
import { joinSignals } from '../lib/joint-signal.js';
import { hasServiceWorker } from '../lib/page/service-worker.js';
import type { Clock } from '../ports/clock.js';
import { UploadError } from '../ports/errors.js';
import type { DataRequest, SendOptions, WireResponse } from '../ports/transport.js';
import { bareUrl } from './bare-url.js';
import { buildRequest } from './build-request.js';
import { type DataTimeouts, dataTimeouts, sizeOf } from './data-timeouts.js';
import { Deadline } from './deadline.js';
import { dataByFetch } from './fetch-data.js';
import { FetchTransport } from './fetch-transport.js';
import { redirected } from './redirected.js';

type Phase = 'silent' | 'sending' | 'sent';

/** Up to here a body leaves in one go. */
const IN_ONE_GO = 64 * KiB;

/** Larger bodies are never read into memory: several are on their way at once. */
const MOST_IN_MEMORY = 64 * MiB;

/** What all transports of the page have learnt: the browser left a streamed body without an end. */
let distrustsBlobs = false;

export class XhrTransport extends FetchTransport {
  override send(request: DataRequest, options: SendOptions): Promise<WireResponse> {
    const { body } = request;
    if (sizeOf(body) > IN_ONE_GO) return this.#sendWithProgress(request, options);
    const { briefMs: timeoutMs } = dataTimeouts(body, this.options);
    return dataByFetch(request, { signal: options.signal, timeoutMs }, this.tools);
  }

  async #sendWithProgress(request: DataRequest, { signal, onProgress }: SendOptions): Promise<WireResponse> {
    signal.throwIfAborted();
    const { clock, diagnosis } = this.tools;
    const { url } = request;
    const body = await trustworthy(request.body);
    signal.throwIfAborted();
    const xhr = buildRequest(() => openXhr(request), 'protocol');
    const { origin } = new URL(url);
    const startedAt = clock.now();
    const deadline = new Deadline(clock);
    const { signal: stop, release } = joinSignals(signal, deadline.signal);
    try {
      const phase = await exchange(xhr, body, {
        timeouts: dataTimeouts(body, this.options),
        deadline,
        clock,
        startedAt,
        stop,
        onProgress,
      });
      if (deadline.signal.aborted && phase === 'sent') {
        distrustsBlobs = body === request.body && !(body instanceof ArrayBuffer);
      }
      stop.throwIfAborted();
      if (xhr.status === 0) {
        // Bytes flow only once the server has permitted the request, so CORS is out of the question until its answer.
        throw phase === 'sending'
          ? new UploadError('network', `${origin} cut the connection`)
          : await diagnosis.explain({ url, startedAt }, { signal });
      }
      diagnosis.acquit(origin);
      if (xhr.responseURL !== withoutFragment(url)) throw redirected(url);
      if (phase !== 'sent' && !mayHideProgress() && xhr.status >= 200 && xhr.status < 300) {
        throw new UploadError('network', `${origin} answered before it had all bytes`);
      }
      return toWireResponse(xhr);
    } finally {
      release();
      deadline.clear();
    }
  }
}

/** @throws UploadError `network` when the file cannot be read, as a browser calls it; the engine finds out more. */
const trustworthy = async (body: DataRequest['body']): Promise<DataRequest['body']> => {
  if (!distrustsBlobs || body instanceof ArrayBuffer || sizeOf(body) > MOST_IN_MEMORY) return body;
  return (body instanceof Blob ? body.arrayBuffer() : inMemory(body)).catch((cause: unknown) => {
    throw new UploadError('network', 'the file can no longer be read', { cause });
  });
};

/** The same form with files that need no disk. */
const inMemory = async (form: FormData): Promise<FormData> => {
  const copy = new FormData();
  for (const [name, value] of form) {
    if (typeof value === 'string') copy.append(name, value);
    else copy.append(name, new Blob([await value.arrayBuffer()], { type: value.type }), value.name);
  }
  return copy;
};

const openXhr = ({ method, url, headers, credentials }: DataRequest): XMLHttpRequest => {
  const xhr = new XMLHttpRequest();
  xhr.open(method, url);
  for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
  xhr.withCredentials = credentials === 'include';
  return xhr;
};

/** As `responseURL` has it. */
const withoutFragment = (url: string): string => new URL(url).href.replace(/#.*/, '');

interface ExchangeParts {
  readonly timeouts: DataTimeouts;
  readonly deadline: Deadline;
  readonly clock: Clock;
  /** By that clock. */
  readonly startedAt: number;
  /** Ends the request. */
  readonly stop: AbortSignal;
  readonly onProgress: SendOptions['onProgress'];
}

/** Resolves at `loadend`, of whatever kind, with the phase that the request had reached. */
const exchange = (
  xhr: XMLHttpRequest,
  body: DataRequest['body'],
  { timeouts: { stallMs, responseMs, wholeMs }, deadline, clock, startedAt, stop, onProgress }: ExchangeParts,
): Promise<Phase> =>
  new Promise((resolve) => {
    const listening = new AbortController();
    const { signal } = listening;
    let phase: Phase = 'silent';

    const onLoadEnd = () => {
      listening.abort();
      resolve(phase);
    };
    // Not by the `load` of the upload: Firefox fires it with the answer, or at once when a service worker takes the body.
    xhr.upload.addEventListener(
      'progress',
      ({ loaded, total }) => {
        phase = loaded < total ? 'sending' : 'sent';
        if (phase === 'sending') deadline.allow(stallMs, 'the connection stalled');
        else deadline.allow(Math.max(responseMs, clock.now() - startedAt), 'all bytes were sent, but no answer came');
        onProgress?.(loaded);
      },
      { signal },
    );
    xhr.addEventListener('loadend', onLoadEnd, { signal });
    stop.addEventListener('abort', () => xhr.abort(), { signal });

    deadline.allow(mayHideProgress() ? wholeMs : stallMs, 'no byte was accepted');
    xhr.send(body);
  });

/**
 * A service worker that answers for its page hides the progress of uploads (w3c/ServiceWorker issue 1141), and a worker
 * cannot see whether it has one. Then silence is no sign of a stall.
 */
const mayHideProgress = (): boolean => !('document' in globalThis) || hasServiceWorker();

/** Asking for one header that CORS hides makes browsers write an error to the console; reading all does not. */
const toWireResponse = (xhr: XMLHttpRequest): WireResponse => {
  const lines = xhr.getAllResponseHeaders().split('\r\n');
  return {
    status: xhr.status,
    url: bareUrl(xhr.responseURL),
    header: (name) => {
      const start = `${name.toLowerCase()}: `;
      return lines.find((line) => line.startsWith(start))?.slice(start.length) ?? null;
    },
    text: xhr.responseText,
  };
};
