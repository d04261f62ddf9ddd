/** An element bound to a fake engine, and small ways to look into it. */

import { fixture, html } from '@open-wc/testing';
import '../../src/define.js';
import type { FastioUpload } from '../../src/index.js';
import { until } from '../support/until.js';
import { FakeEngine } from './fake-engine.js';

export interface Bound {
  readonly element: FastioUpload;
  readonly engine: FakeEngine;
}

/** An element in the page, with the markup given and a fake engine. */
export const bind = async (markup = html`<fastio-upload multiple></fastio-upload>`): Promise<Bound> => {
  const root = await fixture<HTMLElement>(markup);
  const element = root.matches('fastio-upload') ? root : root.querySelector('fastio-upload');
  const engine = new FakeEngine();
  (element as FastioUpload).engine = engine.asEngine();
  await (element as FastioUpload).updateComplete;
  return { element: element as FastioUpload, engine };
};

export const find = <T extends HTMLElement = HTMLElement>(element: FastioUpload, selector: string): T => {
  const found = element.shadowRoot?.querySelector<T>(selector);
  if (!found) throw new Error(`nothing matches ${selector}`);
  return found;
};

export const findAll = (element: FastioUpload, selector: string): HTMLElement[] => [
  ...(element.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? []),
];

/** Names on the list. */
export const namesOf = ({ uploads }: FastioUpload): string[] => uploads.map(({ name }) => name);

/** All that waits for this task to end has run. */
export const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** Counts how often the browser's picker is asked for; it stays shut. */
export const openingsOf = (element: FastioUpload, selector = '.files-input'): { count: number } => {
  const openings = { count: 0 };
  find(element, selector).addEventListener('click', (event) => {
    event.preventDefault();
    openings.count += 1;
  });
  return openings;
};

/** What a row says, without the blanks of its template. */
export const textOf = (node: HTMLElement): string => node.textContent?.replace(/\s+/g, ' ').trim() ?? '';

export const fileNamed = (name: string, size = 3, type = 'text/plain'): File =>
  new File(['x'.repeat(size)], name, { type, lastModified: 1_760_000_000_000 });

/** A drag event with files, as a script can make it. */
export const dragEvent = (
  name: string,
  files: readonly File[],
  relatedTarget: EventTarget | null = null,
): DragEvent => {
  const dataTransfer = new DataTransfer();
  for (const file of files) dataTransfer.items.add(file);
  return new DragEvent(name, { dataTransfer, relatedTarget, bubbles: true, composed: true, cancelable: true });
};

/** Chooses files as the picker does. */
export const pick = (element: FastioUpload, files: readonly File[], selector = '.files-input'): void => {
  const input = find<HTMLInputElement>(element, selector);
  const data = new DataTransfer();
  for (const file of files) data.items.add(file);
  input.files = data.files;
  input.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  input.dispatchEvent(new Event('change', { bubbles: true }));
};

/** A handle of the browser's own, to a file of no bytes in the origin's private files; null where there are none. */
export const realHandle = async (name: string): Promise<FileSystemFileHandle | null> => {
  const folder = await navigator.storage?.getDirectory?.().catch(() => null);
  return folder?.getFileHandle(name, { create: true }) ?? null;
};

/** Everything stands where it will stay: what moves has come to its end. */
export const settle = async (element: FastioUpload): Promise<void> => {
  await element.updateComplete;
  const moves = element.shadowRoot?.getAnimations() ?? [];
  for (const move of moves) if (Number.isFinite(move.effect?.getComputedTiming().endTime)) move.finish();
  await until(() => findAll(element, '.leaving, .full').length === 0, 'what has left is gone');
};
