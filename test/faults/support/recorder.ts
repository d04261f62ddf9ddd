/** What all pages of a scenario said and did, kept where no crash of a page can reach it. */

import { HAS_DEVTOOLS } from '../../support/browsers/browser-name.js';
import type { TabDriver } from '../../support/browsers/tab-driver.js';
import type { LabEvent, LabPost, LabReport } from './lab-config.js';
import { TooLate } from './too-late.js';

const LOOK_MS = 25;
/** Of waits that do not say otherwise. Machines of tests are slow and shared; only what is in vain takes so long. */
export const PATIENCE_MS = 90_000;

/** A request as a page sent it, before any line delayed it. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  /** Number of events that were recorded before it. */
  readonly after: number;
}

export class Recorder {
  readonly events: LabEvent[] = [];
  /** Only of pages with DevTools. */
  readonly sent: SentRequest[] = [];
  /** Uncaught errors and unhandled rejections. */
  readonly errors: string[] = [];
  /** Hosts that pages sent requests to. */
  readonly hosts = new Set<string>();
  #lives = 0;
  /** Lives of pages that report by requests, by the name that each page gives itself. */
  readonly #pages = new Map<string, number>();

  /** From now on keeps what this tab says, through all its reloads. Without DevTools its pages send it: see `hear`. */
  async watch(tab: TabDriver): Promise<void> {
    if (!HAS_DEVTOOLS) return;
    const { page, cdp } = tab;
    let life = 0;
    cdp.on('Runtime.bindingCalled', ({ payload }) => {
      const report = JSON.parse(payload) as LabReport;
      if (report.name === 'lab-opened') life = this.#begin();
      else this.#keep(report, life);
    });
    // Of the same session as the reports, so that their order is that of the page.
    cdp.on('Network.requestWillBeSent', ({ request: { method, url } }) => {
      this.sent.push({ method, url, after: this.events.length });
    });
    await cdp.send('Network.enable');
    await cdp.send('Runtime.enable');
    await cdp.send('Runtime.addBinding', { name: 'labRecord' });
    page.on('pageerror', (error) => this.errors.push(error instanceof Error ? error.message : String(error)));
    page.on('request', (request) => this.#meet(request.url()));
  }

  /** What a page sent, in its order. */
  hear({ page, reports }: LabPost): void {
    const life = this.#pages.get(page) ?? this.#begin();
    this.#pages.set(page, life);
    for (const report of reports) {
      if (report.name === 'lab-error') this.errors.push(report.code ?? '');
      else if (report.name === 'lab-request') this.#meet(report.code ?? '');
      else if (report.name !== 'lab-opened') this.#keep(report, life);
    }
  }

  #begin(): number {
    this.#lives += 1;
    return this.#lives;
  }

  #keep(report: LabReport, life: number): void {
    this.events.push({ ...report, life, at: Date.now() });
  }

  #meet(url: string): void {
    const { protocol, host } = new URL(url);
    if (protocol.startsWith('http')) this.hosts.add(host);
  }

  /** Until `condition` holds of what was recorded. @param what for the message when it never does. */
  async until(
    what: string,
    condition: (events: readonly LabEvent[]) => boolean,
    timeoutMs = PATIENCE_MS,
  ): Promise<void> {
    const endsAt = Date.now() + timeoutMs;
    while (!condition(this.events)) {
      if (Date.now() > endsAt)
        throw new TooLate(`waited ${timeoutMs} ms in vain for ${what}; last: ${this.#lastStates()}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  #lastStates(): string {
    const last = new Map(
      this.events.flatMap(({ name, life, upload, error }) =>
        upload === undefined
          ? []
          : [[upload.id, [life, name, upload.name, upload.state, upload.reason, upload.ratio, error ?? upload.error]]],
      ),
    );
    return JSON.stringify([...last.values()].slice(0, 10));
  }
}

const ENDS = ['upload-complete', 'upload-failed', 'upload-canceled'];

export const isEnd = ({ name }: LabEvent): boolean => ENDS.includes(name);

/** Uploads that have ended, by id, with the event that ended them last. */
export const endsOf = (events: readonly LabEvent[]): ReadonlyMap<string, LabEvent> => {
  const ends = new Map<string, LabEvent>();
  for (const event of events) {
    if (event.upload === undefined) continue;
    if (isEnd(event)) ends.set(event.upload.id, event);
    else if (event.name === 'upload-state') ends.delete(event.upload.id);
  }
  return ends;
};
