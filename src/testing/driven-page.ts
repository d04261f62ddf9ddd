/** User actions on the element, in a page that a driver has opened, or in the page that runs the test. */

import type { UploadSnapshot } from '../engine/upload/snapshot.js';

/** A page of Playwright or Puppeteer, or `thisPage`. */
export interface DrivenPage {
  /** Evaluates an expression in the page, and awaits its value. */
  evaluate(expression: string): Promise<unknown>;
}

/** The page in which the test itself runs, as in Web Test Runner and in Vitest's browser mode. */
export const thisPage: DrivenPage = {
  evaluate: () => Promise.reject(new Error('thisPage is for the functions of this module')),
};

/** @param act Must not use variables of this module, because drivers get its source text. */
const runIn = async <Argument, Result>(
  page: DrivenPage,
  act: (argument: Argument) => Result,
  argument: Argument,
): Promise<Result> =>
  page === thisPage ? act(argument) : ((await page.evaluate(`(${act})(${JSON.stringify(argument)})`)) as Result);

/** A file that is created in the page, so that large ones need not be sent through the driver. */
export interface MadeFile {
  readonly name: string;
  /** Bytes; the content is always the same. @default 1 */
  readonly size?: number;
  /** @default '' */
  readonly type?: string;
}

/** The members of the element that these functions use. */
interface Element {
  readonly uploads: readonly UploadSnapshot[];
  addFiles(files: readonly File[]): readonly UploadSnapshot[];
}

const TAG = 'fastio-upload';
const POLL_MS = 50;

/**
 * Adds files to the list of the element.
 * @param selector CSS selector of the element, outside of shadow roots.
 */
export const addFiles = async (page: DrivenPage, files: readonly MadeFile[], selector = TAG): Promise<void> => {
  await runIn(
    page,
    ([made, where]) => {
      const element = document.querySelector(where) as Element | null;
      if (element === null) throw new Error(`There is no ${where} in the page.`);
      element.addFiles(
        made.map(({ name, size = 1, type = '' }) => {
          const bytes = new Uint8Array(size);
          for (let at = 0; at < size; at += 1) bytes[at] = (at * 2_654_435_761) >>> 24;
          return new File([bytes], name, { type });
        }),
      );
    },
    [files, selector] as const,
  );
};

/** Snapshots of all uploads of the element; empty before the element is defined. */
export const uploadsOf = (page: DrivenPage, selector = TAG): Promise<readonly UploadSnapshot[]> =>
  runIn(
    page,
    (where) => {
      const element = document.querySelector(where) as Element | null;
      return JSON.parse(JSON.stringify(element?.uploads ?? [])) as readonly UploadSnapshot[];
    },
    selector,
  );

const FINAL: ReadonlySet<string> = new Set(['done', 'failed', 'canceled']);

/**
 * Waits until all uploads have ended.
 * @param timeoutMs Timeout in milliseconds. @default 30000
 * @returns all uploads, which are stored.
 * @throws Error that names uploads which failed, were canceled, or did not end in time.
 */
export const waitForUploads = async (
  page: DrivenPage,
  { selector = TAG, timeoutMs = 30_000 }: { readonly selector?: string; readonly timeoutMs?: number } = {},
): Promise<readonly UploadSnapshot[]> => {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const uploads = await uploadsOf(page, selector);
    if (uploads.length > 0 && uploads.every(({ state }) => FINAL.has(state))) return allDone(uploads);
    if (Date.now() > until) throw new Error(`Not over after ${timeoutMs} ms: ${describe(uploads)}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
};

const allDone = (uploads: readonly UploadSnapshot[]): readonly UploadSnapshot[] => {
  const others = uploads.filter(({ state }) => state !== 'done');
  if (others.length > 0) throw new Error(`Not stored: ${describe(others)}`);
  return uploads;
};

const describe = (uploads: readonly UploadSnapshot[]): string =>
  uploads
    .map(({ name, state, reason, error }) => `${name} ${state} ${reason ?? error?.code ?? ''}`.trim())
    .join(', ') || 'no uploads';
