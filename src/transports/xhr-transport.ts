/**
 * Data requests by `XMLHttpRequest`, because `fetch` reports no upload progress; control requests by `fetch`.
 *
 * A data request has three phases, each with a deadline: `silent` until the first progress event, `sending` during the
 * events, `sent` until the answer. It settles once, at `loadend`. The error of an aborted request is its signal's
 * reason; an `abort` without an aborted signal comes from the browser (Safari drops connections that way) and is
 * `network`.
 *
 * Redirects of data are errors, because bytes must be sent only to the given URL. `fetch` can refuse a redirect before
 * it is followed, so small bodies, whose progress does not matter, are sent by `fetch`. `XMLHttpRequest` always follows
 * redirects, so there the redirect is detected afterwards; a page can prevent it by `connect-src` in its content
 * security policy. Only `XMLHttpRequest` tells whether a body was sent when its answer came: with HTTP/2 a success may
 * precede the bytes. So fewer bodies go by `fetch` to a server that has answered before.
 *
 * Safari 26 may report every byte of a slice of a file as sent and then wait forever, because the request never ended
 * on the wire. After such a timeout the next bodies are read into memory first, which avoids the fault; if one of those
 * times out too, the server was the cause, and bodies are streamed from the file again.
 */

import { KiB, MiB } from '../lib/byte-size.js';
import { hasServiceWorker } from '../lib/page/service-worker.js';
import type { Clock } from '../ports/clock.js';
import { isUploadError, UploadError } from '../ports/errors.js';
import type { DataRequest, SendOptions, WireResponse } from '../ports/transport.js';
import { bareUrl } from './bare-url.js';
import { buildRequest } from './build-request.js';
import { type DataTimeouts, dataTimeouts, sizeOf } from './data-timeouts.js';
import { Deadline } from './deadline.js';
import { dataByFetch } from './fetch-data.js';
import { FetchTransport } from './fetch-transport.js';
import { redirected } from './redirected.js';

type Phase = 'silent' | 'sending' | 'sent';

/** Bodies up to this size are sent by `fetch` to a server that has not answered yet. */
const MAX_FETCH_BYTES = 64 * KiB;

/** Smaller bodies Chromium has handed to the network before any answer can come. */
const MAX_FETCH_BYTES_IF_TRUSTED = 32 * KiB;

/** Larger bodies are never read into memory, because several are sent at once. */
const MAX_BUFFERED_BYTES = 64 * MiB;

/** Whether bodies are read into memory first, for all transports of the page (see Safari 26 above). */
let buffersBodies = false;

export class XhrTransport extends FetchTransport {
  /** Origins that have answered a data request, and have not redirected one since. */
  readonly #trusted = new Set<string>();

  override async send(request: DataRequest, options: SendOptions): Promise<WireResponse> {
    const origin = originOf(request.url);
    const limit = this.#trusted.has(origin) ? MAX_FETCH_BYTES_IF_TRUSTED : MAX_FETCH_BYTES;
    const isLarge = sizeOf(request.body) > limit;
    try {
      const answer = await (isLarge ? this.#sendWithProgress(request, options) : this.#sendByFetch(request, options));
      this.#trusted.add(origin);
      return answer;
    } catch (error) {
      if (isUploadError(error) && error.code === 'protocol') this.#trusted.delete(origin);
      throw error;
    }
  }

  #sendByFetch(request: DataRequest, { signal }: SendOptions): Promise<WireResponse> {
    const { briefMs: timeoutMs } = dataTimeouts(request.body, this.options);
    return dataByFetch(request, { signal, timeoutMs }, this.tools);
  }

  async #sendWithProgress(request: DataRequest, { signal, onProgress }: SendOptions): Promise<WireResponse> {
    signal.throwIfAborted();
    const { clock, diagnosis } = this.tools;
    const { url } = request;
    const body = await bufferIfNeeded(request.body);
    signal.throwIfAborted();
    const xhr = buildRequest(() => openXhr(request), 'protocol');
    const { origin } = new URL(url);
    const startedAt = clock.now();
    const deadline = new Deadline(clock, signal);
    const stop = deadline.signal;
    try {
      const phase = await exchange(xhr, body, {
        timeouts: dataTimeouts(body, this.options),
        deadline,
        clock,
        startedAt,
        onProgress,
      });
      if (stop.aborted && !signal.aborted && phase === 'sent') {
        buffersBodies = body === request.body && !(body instanceof ArrayBuffer);
      }
      stop.throwIfAborted();
      if (xhr.status === 0) {
        // Bytes are sent only after a successful preflight, so CORS is not the cause in this phase.
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
      deadline.release();
    }
  }
}

/** @throws UploadError `network` when the file cannot be read, as for a failed request; the engine finds the cause. */
const bufferIfNeeded = async (body: DataRequest['body']): Promise<DataRequest['body']> => {
  if (!buffersBodies || body instanceof ArrayBuffer || sizeOf(body) > MAX_BUFFERED_BYTES) return body;
  return (body instanceof Blob ? body.arrayBuffer() : inMemory(body)).catch((cause: unknown) => {
    throw new UploadError('network', 'the file can no longer be read', { cause });
  });
};

/** A copy of the form with its files in memory. */
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

/** Of a URL that may be invalid. */
const originOf = (url: string): string => url.split('/', 3).join('/');

/** The form of `responseURL`. */
const withoutFragment = (url: string): string => new URL(url).href.replace(/#.*/, '');

interface ExchangeParts {
  readonly timeouts: DataTimeouts;
  readonly deadline: Deadline;
  readonly clock: Clock;
  /** Time of `clock.now()`. */
  readonly startedAt: number;
  readonly onProgress: SendOptions['onProgress'];
}

/** Resolves at `loadend`, also after a failure, with the phase that the request reached. */
const exchange = (
  xhr: XMLHttpRequest,
  body: DataRequest['body'],
  { timeouts: { stallMs, responseMs, wholeMs }, deadline, clock, startedAt, onProgress }: ExchangeParts,
): Promise<Phase> =>
  new Promise((resolve) => {
    const cleanup = new AbortController();
    const { signal } = cleanup;
    let phase: Phase = 'silent';

    const onLoadEnd = () => {
      cleanup.abort();
      resolve(phase);
    };
    // Not the upload's `load`: Firefox fires it with the answer, or at once when a service worker handles the request.
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
    deadline.signal.addEventListener('abort', () => xhr.abort(), { signal });

    deadline.allow(mayHideProgress() ? wholeMs : stallMs, 'no byte was accepted');
    xhr.send(body);
  });

/**
 * A service worker that controls the page hides upload progress (w3c/ServiceWorker issue 1141), and a worker cannot
 * detect whether it is controlled. A missing progress event is then no sign of a stall.
 */
const mayHideProgress = (): boolean => !('document' in globalThis) || hasServiceWorker();

/** Reads all headers, because reading a single one that CORS hides logs an error in the console. */
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
