/** The element's events as they come, the newest first. */

import { html, render, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { ENGINE_EVENTS } from '../src/engine/upload/events.js';
import type { UploadSnapshot } from '../src/engine/upload/snapshot.js';

const MAX_ENTRIES = 200;
/** Thousands of events a second are drawn together. */
const DRAW_MS = 200;

interface Entry {
  readonly time: string;
  readonly type: string;
  readonly text: string;
}

/** What the details of all events have in common: nothing is certain. */
interface AnyDetail {
  readonly upload?: UploadSnapshot;
  readonly uploads?: readonly UploadSnapshot[];
  readonly completed?: readonly UploadSnapshot[];
  readonly failed?: readonly UploadSnapshot[];
  readonly canceled?: readonly UploadSnapshot[];
  readonly file?: { readonly name: string };
  readonly error?: { readonly code: string };
  readonly code?: string;
  readonly part?: number;
  readonly previous?: string;
  readonly delayMs?: number;
}

const describe = (type: string, detail: AnyDetail): string => {
  const { upload, error, part, previous, delayMs } = detail;
  const words = [upload?.name ?? detail.file?.name];
  if (previous !== undefined && upload) words.push(`${previous} → ${upload.state}`, upload.reason ?? undefined);
  if (part !== undefined) words.push(`part ${part} of ${upload?.parts?.total ?? '?'}`);
  if (type === 'upload-progress' && upload) words.push(`${(upload.ratio * 100).toFixed(1)} %`);
  if (delayMs !== undefined) words.push(`again in ${Math.round(delayMs)} ms`);
  words.push(error?.code ?? detail.code);
  if (detail.uploads) words.push(`${detail.uploads.length} to finish`);
  if (detail.completed) {
    const count = (list: readonly unknown[] | undefined): number => list?.length ?? 0;
    words.push(`${count(detail.completed)} done, ${count(detail.failed)} failed, ${count(detail.canceled)} canceled`);
  }
  return words.filter((word) => word !== undefined).join(' · ');
};

const row = ({ time, type, text }: Entry): TemplateResult =>
  html`<p class=${/failed|rejected/.test(type) ? 'bad' : ''}><time>${time}</time><b>${type}</b><span title=${text}>${text}</span></p>`;

export interface EventPlaces {
  readonly list: HTMLElement;
  readonly clear: HTMLButtonElement;
}

export const showEvents = (target: EventTarget, { list, clear }: EventPlaces): void => {
  let lines: Entry[] = [];
  let isPlanned = false;

  const draw = (): void => {
    isPlanned = false;
    render(
      lines.length > 0 ? repeat(lines, (line) => line, row) : html`<p class="empty">Nothing has happened yet.</p>`,
      list,
    );
    clear.disabled = lines.length === 0;
  };
  const log = (event: Event): void => {
    const detail: AnyDetail = event instanceof CustomEvent ? (event.detail ?? {}) : {};
    const time = new Date().toISOString().slice(11, 23);
    lines = [{ time, type: event.type, text: describe(event.type, detail) }, ...lines.slice(0, MAX_ENTRIES - 1)];
    if (isPlanned) return;
    isPlanned = true;
    setTimeout(draw, DRAW_MS);
  };

  for (const type of [...ENGINE_EVENTS, 'input', 'change']) target.addEventListener(type, log);
  clear.addEventListener('click', () => {
    lines = [];
    draw();
  });
  draw();
};
