/**
 * Handles drags over the element or the page, drops and pastes. Enter and leave events come in pairs for every element
 * under the pointer; a leave counts only for the element entered last, so that the feedback never flickers.
 */

import type { LitElement, ReactiveController } from 'lit';
import { type Collected, collectFromClipboard, collectFromDrop } from './collect-files.js';

/** What is being dragged over the drop area. */
export interface Drag {
  /** Files and folders; null when the browser reveals it only with the drop. */
  readonly count: number | null;
  /** False when an item may be a folder. */
  readonly onlyFiles: boolean;
}

export interface DragHost extends LitElement {
  readonly pageDrop: boolean;
  readonly paste: boolean;
  readonly isDisabled: boolean;
}

/** After this time, in milliseconds, reading a folder is shown. */
const READING_MS = 300;

/** A drag sends an event at least every 350 ms; without any, a leave was lost with its element. */
const SILENCE_MS = 1_500;

/** Safari may reveal no types before the drop, so none counts as files. */
const carriesFiles = (data: DataTransfer): boolean => data.types.length === 0 || data.types.includes('Files');

const describeDrag = (data: DataTransfer): Drag => {
  const items = [...data.items].filter(({ kind }) => kind === 'file');
  return { count: items.length > 0 ? items.length : null, onlyFiles: items.every(({ type }) => type !== '') };
};

/** The focused element is not focusable itself, so it must be the host of a closed shadow root. */
const hidesFocus = (target: HTMLElement): boolean => {
  const { activeElement } = target.getRootNode() as Document | ShadowRoot;
  return activeElement === target && target.shadowRoot === null && target.tabIndex < 0 && !target.matches('html, body');
};

/**
 * Whether the paste belongs to an editor. Rich text accepts pictures itself; a text field accepts the text that office
 * programs copy beside a picture. In a closed shadow root either may have the focus, and only the host is visible.
 */
const isForEditor = ({ types }: DataTransfer, [target]: EventTarget[]): boolean => {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || hidesFocus(target)) return true;
  return target.matches('input, textarea') && types.some((type) => type.startsWith('text/'));
};

/** The document sees only the host of a shadow root. */
const innermost = (event: Event): EventTarget | null => event.composedPath()[0] ?? null;

/** Whether the target itself accepts dropped files. A closed shadow root may contain such a target. */
const takesFiles = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches('input[type=file]') ||
    (target.localName.includes('-') && target.shadowRoot === null));

export class DragController implements ReactiveController {
  readonly #host: DragHost;
  readonly #onFiles: (collected: Collected) => void;
  #drag: Drag | null = null;
  #isReading = false;
  #listeners: AbortController | null = null;
  /** The settings for which the current listeners were added. */
  #listening = '';
  #entered: EventTarget | null = null;
  /** Whether a drag that started in this page is in progress. */
  #isOwn = false;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(host: DragHost, onFiles: (collected: Collected) => void) {
    this.#host = host;
    this.#onFiles = onFiles;
    host.addController(this);
  }

  /** What is being dragged over the drop area; null without a drag. */
  get drag(): Drag | null {
    return this.#drag;
  }

  /** Whether a dropped folder is being read. */
  get isReading(): boolean {
    return this.#isReading;
  }

  hostConnected(): void {
    if (this.#host.hasUpdated) this.#listen();
  }

  hostUpdated(): void {
    if (this.#host.isConnected) this.#listen();
  }

  hostDisconnected(): void {
    this.#listeners?.abort();
    this.#listeners = null;
    this.#listening = '';
    this.#end();
  }

  #listen(): void {
    const wanted = `${this.#host.pageDrop} ${this.#host.paste}`;
    if (wanted === this.#listening) return;
    this.#listeners?.abort();
    this.#listeners = new AbortController();
    this.#listening = wanted;
    const { signal } = this.#listeners;
    // The padding of the host is outside its shadow root; a second call for one event has no effect.
    const areas: EventTarget[] = this.#host.pageDrop ? [document] : [this.#host.renderRoot, this.#host];
    const on = (name: string, listener: (event: DragEvent) => void) => {
      for (const area of areas) area.addEventListener(name, (event) => listener(event as DragEvent), { signal });
    };
    document.addEventListener('dragstart', this.#start, { signal, capture: true });
    document.addEventListener('dragend', this.#finish, { signal, capture: true });
    on('dragenter', this.#enter);
    on('dragover', this.#over);
    on('dragleave', this.#leave);
    on('drop', this.#drop);
    for (const name of ['dragover', 'drop'] as const) window.addEventListener(name, this.#swallow, { signal });
    if (this.#host.paste) document.addEventListener('paste', this.#paste, { signal });
  }

  /** What is dragged out of the page itself, such as a picture, is not meant for uploading. */
  readonly #start = (): void => {
    this.#isOwn = true;
  };

  readonly #finish = (): void => {
    this.#isOwn = false;
  };

  /** Whether the event is about files from outside that no other listener has handled. */
  #concerns({ dataTransfer, defaultPrevented }: DragEvent): boolean {
    return dataTransfer !== null && !this.#isOwn && !defaultPrevented && carriesFiles(dataTransfer);
  }

  readonly #enter = (event: DragEvent): void => {
    this.#entered = innermost(event);
    this.#over(event);
  };

  readonly #over = (event: DragEvent): void => {
    const data = event.dataTransfer;
    if (!data || !this.#concerns(event)) return;
    // Also when disabled, because the browser would leave the page to show the file.
    event.preventDefault();
    data.dropEffect = this.#host.isDisabled ? 'none' : 'copy';
    if (this.#host.isDisabled) return;
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#end(), SILENCE_MS);
    this.#setDrag(describeDrag(data));
  };

  readonly #leave = (event: DragEvent): void => {
    if (innermost(event) === this.#entered) this.#end();
  };

  readonly #drop = (event: DragEvent): void => {
    this.#end();
    const data = event.dataTransfer;
    if (!data || !this.#concerns(event)) return;
    event.preventDefault();
    if (!this.#host.isDisabled) void this.#read(data);
  };

  /** A file dropped beside the zone would replace the page, and end its uploads. */
  readonly #swallow = (event: DragEvent): void => {
    const data = event.dataTransfer;
    if (!data?.types.includes('Files') || !this.#concerns(event) || takesFiles(innermost(event))) return;
    event.preventDefault();
    data.dropEffect = 'none';
  };

  readonly #paste = (event: ClipboardEvent): void => {
    const data = event.clipboardData;
    if (!data || data.files.length === 0 || event.defaultPrevented || this.#host.isDisabled) return;
    if (isForEditor(data, event.composedPath())) return;
    event.preventDefault();
    this.#onFiles(collectFromClipboard(data));
  };

  #end(): void {
    clearTimeout(this.#silence);
    this.#entered = null;
    this.#setDrag(null);
  }

  #setDrag(drag: Drag | null): void {
    if (drag?.count === this.#drag?.count && drag?.onlyFiles === this.#drag?.onlyFiles) return;
    this.#drag = drag;
    this.#host.requestUpdate();
  }

  async #read(data: DataTransfer): Promise<void> {
    const late = setTimeout(() => this.#setReading(true), READING_MS);
    try {
      const collected = await collectFromDrop(data);
      if (!this.#host.isDisabled) this.#onFiles(collected);
    } finally {
      clearTimeout(late);
      this.#setReading(false);
    }
  }

  #setReading(isReading: boolean): void {
    if (isReading === this.#isReading) return;
    this.#isReading = isReading;
    this.#host.requestUpdate();
  }
}
