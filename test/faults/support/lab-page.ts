/**
 * The page of the laboratory: one `<fastio-upload>` as the address asks for it, and a reporter of all it says. It is made
 * anew from the address after each reload. Reports go to the test at once, so that a page that dies takes none with it.
 */

import { FastioUpload } from '../../../src/index.js';
import { browserClock } from '../../../src/platform/browser-clock.js';
import { browserConnectivity } from '../../../src/platform/browser-connectivity.js';
import type { Transport } from '../../../src/ports/transport.js';
import { ENGINE_EVENTS, UploadEngine, type UploadSnapshot } from '../../../src/preset.js';
import { createBrowserTransport } from '../../../src/transports/browser-transport.js';
import type { LabConfig, LabReport, UploadSummary } from './lab-config.js';

declare global {
  interface Window {
    /** Comes from the test, and only in pages that it watches. */
    labRecord?: (report: string) => void;
    lab: Lab;
  }
}

export interface Lab {
  readonly element: FastioUpload;
  readonly makeElement: (config: LabConfig) => FastioUpload;
  readonly UploadEngine: typeof UploadEngine;
  /** Records and locks of uploads that are still there. */
  readonly leftovers: () => Promise<readonly string[]>;
}

// A second copy of the package on the page finds the name taken.
if (customElements.get('fastio-upload') === undefined) customElements.define('fastio-upload', FastioUpload);

const config = JSON.parse(new URL(location.href).searchParams.get('lab') ?? 'null') as LabConfig | null;

/** Sends reports one after another, and the last ones while the page leaves. */
const createPoster = (url: string): ((body: LabReport) => void) => {
  const page = crypto.randomUUID();
  let waiting: LabReport[] = [];
  let isSending = false;
  const take = (): string => {
    const reports = waiting;
    waiting = [];
    return JSON.stringify({ page, reports });
  };
  const send = async (): Promise<void> => {
    isSending = true;
    while (waiting.length > 0) await fetch(url, { method: 'POST', mode: 'no-cors', body: take() }).catch(() => {});
    isSending = false;
  };
  addEventListener('pagehide', () => navigator.sendBeacon(url, take()));
  return (body) => {
    waiting.push(body);
    if (!isSending) void send();
  };
};

const post = config?.reportTo === undefined ? null : createPoster(config.reportTo);

const report = (body: LabReport): void => (post === null ? window.labRecord?.(JSON.stringify(body)) : post(body));

/** What the tests see of other browsers from outside. */
const reportPage = (): void => {
  addEventListener('error', ({ message }) => report({ name: 'lab-error', code: message }));
  addEventListener('unhandledrejection', ({ reason }) => report({ name: 'lab-error', code: String(reason) }));
  const observer = new PerformanceObserver((list) => {
    for (const { name } of list.getEntries()) {
      if (name !== config?.reportTo) report({ name: 'lab-request', code: name });
    }
  });
  observer.observe({ type: 'resource', buffered: true });
};

/** Time that passes `rate` times as fast, so that ten minutes fit into a test. */
const fastClock = (rate: number): typeof browserClock => {
  const startedAt = Date.now();
  return {
    ...browserClock,
    now: () => browserClock.now() * rate,
    wallNow: () => startedAt + (Date.now() - startedAt) * rate,
    delay: (ms, options) => browserClock.delay(ms / rate, options),
  };
};

const impatient = (transport: Transport, controlMs: number): Transport => ({
  control: (request, options) => transport.control({ ...request, timeoutMs: controlMs }, options),
  send: (request, options) => transport.send(request, options),
});

/** An engine that loses patience sooner than a user would want, or whose time runs faster. */
const makeEngine = ({ timeouts, clockRate = 1 }: LabConfig): UploadEngine => {
  const clock = clockRate === 1 ? browserClock : fastClock(clockRate);
  const transport = createBrowserTransport({
    clock,
    connectivity: browserConnectivity,
    ...(timeouts && { stallTimeoutMs: timeouts.stallMs, responseTimeoutMs: timeouts.responseMs }),
  });
  return new UploadEngine({}, { clock, transport: timeouts ? impatient(transport, timeouts.controlMs) : transport });
};

const summaryOf = ({ id, name, state, reason, ...upload }: UploadSnapshot): UploadSummary => ({
  id,
  name,
  state,
  reason,
  totalBytes: upload.totalBytes,
  sentBytes: upload.sentBytes,
  confirmedBytes: upload.confirmedBytes,
  ratio: upload.ratio,
  bytesPerSecond: upload.bytesPerSecond,
  remainingMs: upload.remainingMs,
  resumesAt: upload.resumesAt,
  fileId: upload.fileId,
  error: upload.error,
});

const reportAll = (element: HTMLElement): void => {
  for (const name of ENGINE_EVENTS) {
    element.addEventListener(name, (event) => {
      const { upload, uploads, previous, part, delayMs, error, code } = (event as CustomEvent).detail ?? {};
      const shared = { name, previous, part, delayMs, error, code };
      if (Array.isArray(uploads)) for (const each of uploads) report({ ...shared, upload: summaryOf(each) });
      else report(upload === undefined ? shared : { ...shared, upload: summaryOf(upload) });
    });
  }
};

const makeElement = (config: LabConfig): FastioUpload => {
  const element = document.createElement('fastio-upload') as FastioUpload;
  for (const [name, value] of Object.entries(config.attributes)) element.setAttribute(name, value);
  if (config.headers !== undefined) element.headers = config.headers;
  reportAll(element);
  const isOwn = config.timeouts === undefined && config.clockRate === undefined;
  if (!isOwn) element.engine = makeEngine(config);
  document.body.append(element);
  // The element does so for an engine of its own.
  if (!isOwn) {
    void element.updateComplete.then(async () => {
      if (config.attributes['no-resume'] === undefined) await element.engine.restore();
      if (config.attributes.protocol === 'auto') await element.engine.discover();
    });
  }
  return element;
};

const DATABASE = 'fastio-upload';
const TABLE = 'uploads';

/** Asked without a version, so that no database is changed by being looked at. */
const recordKeys = async (): Promise<readonly IDBValidKey[]> => {
  const known = await indexedDB.databases().catch(() => []);
  if (!known.some(({ name }) => name === DATABASE)) return [];
  const opening = indexedDB.open(DATABASE);
  // An empty database would be made where there is none yet, and the page would find no table in it.
  opening.onupgradeneeded = () => opening.transaction?.abort();
  const database = await settled(opening).catch(() => null);
  if (database === null) return [];
  try {
    if (!database.objectStoreNames.contains(TABLE)) return [];
    return await settled(database.transaction(TABLE).objectStore(TABLE).getAllKeys());
  } finally {
    database.close();
  }
};

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const leftovers = async (): Promise<readonly string[]> => {
  const locks: LockManager | undefined = navigator.locks;
  const { held = [], pending = [] } = (await locks?.query()) ?? {};
  const names = [...held, ...pending].map(({ name = '' }) => `lock ${name}`).filter((name) => name.includes(DATABASE));
  return [...names, ...(await recordKeys()).map((key) => `record ${String(key)}`)];
};

if (config !== null) {
  report({ name: 'lab-opened' });
  if (post !== null) reportPage();
  window.lab = { element: makeElement(config), makeElement, UploadEngine, leftovers };
}
