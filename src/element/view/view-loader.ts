/**
 * Brings what tells of files as soon as the element was rendered. What it has to hear by then is kept for it. When its
 * file cannot be loaded, uploads and events go on without it, and it is asked for again.
 */

import type { ReactiveController } from 'lit';
import { learnEnglish } from '../language/language.js';
import type { UploadsView, ViewHost, ViewParts } from './uploads-view.js';

/** Before the file is asked for again, in milliseconds. */
const AGAIN_MS = 5_000;
/** Most events and messages that are kept; later ones are told by the list itself. */
const MAX_KEPT = 2_000;

export class ViewLoader implements ReactiveController {
  readonly #host: ViewHost;
  readonly #parts: ViewParts;
  readonly #import: () => Promise<typeof import('./uploads-view.js')>;
  #view: UploadsView | null = null;
  #loading: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #untold: ((view: UploadsView) => void)[] = [];

  constructor(host: ViewHost, parts: ViewParts, load = () => import('./uploads-view.js')) {
    this.#host = host;
    this.#parts = parts;
    this.#import = load;
    host.addController(this);
  }

  /** Null until its file is there. */
  get view(): UploadsView | null {
    return this.#view;
  }

  /** Settles once the file is there or was not to be had; never rejects. */
  get loaded(): Promise<void> | null {
    return this.#view === null ? this.#loading : null;
  }

  /** Tells it now, or once it is there. */
  tell(message: (view: UploadsView) => void): void {
    if (this.#view) message(this.#view);
    else if (this.#untold.length < MAX_KEPT) this.#untold.push(message);
  }

  /** Not before: the first rendering has to be the one of a server. */
  hostUpdated(): void {
    this.#loading ??= this.#load();
  }

  hostConnected(): void {
    if (this.#host.hasUpdated && this.#view === null) this.hostUpdated();
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    if (this.#timer !== undefined) this.#loading = null;
    this.#timer = undefined;
    this.#view?.stop();
  }

  async #load(): Promise<void> {
    try {
      const { ENGLISH, UploadsView, viewStyles } = await this.#import();
      learnEnglish(ENGLISH);
      this.#adopt(viewStyles.flatMap(({ styleSheet }) => styleSheet ?? []));
      this.#view = new UploadsView(this.#host, this.#parts);
      for (const message of this.#untold) message(this.#view);
      this.#untold = [];
      this.#host.requestUpdate();
    } catch {
      if (!this.#host.isConnected) this.#loading = null;
      else this.#timer = setTimeout(() => this.#tryAgain(), AGAIN_MS);
    }
  }

  #tryAgain(): void {
    this.#timer = undefined;
    this.#loading = this.#load();
  }

  /** Before the last sheet, which adapts all others to what the user has set. */
  #adopt(sheets: readonly CSSStyleSheet[]): void {
    const { renderRoot } = this.#host;
    if (!(renderRoot instanceof ShadowRoot)) return;
    const own = renderRoot.adoptedStyleSheets;
    renderRoot.adoptedStyleSheets = [...own.slice(0, -1), ...sheets, ...own.slice(-1)];
  }
}
