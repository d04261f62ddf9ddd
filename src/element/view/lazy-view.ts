/**
 * Loads the view after the first rendering, and queues messages to it until then. If loading fails, uploads and events
 * work without it, and loading is tried again.
 */

import type { ReactiveController } from 'lit';
import { learnEnglish } from '../language/language.js';
import type { UploadsView, ViewHost, ViewParts } from './uploads-view.js';

/** Time before loading is tried again, in milliseconds. */
const AGAIN_MS = 5_000;
/** Maximum number of queued events and messages; the list shows the rest. */
const MAX_KEPT = 2_000;

export class LazyView implements ReactiveController {
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

  /** Null until the view is loaded. */
  get view(): UploadsView | null {
    return this.#view;
  }

  /** Settles when loading succeeded or failed; never rejects. */
  get loaded(): Promise<void> | null {
    return this.#view === null ? this.#loading : null;
  }

  /** Passes the message to the view, now or once it is loaded. */
  tell(message: (view: UploadsView) => void): void {
    if (this.#view) message(this.#view);
    else if (this.#untold.length < MAX_KEPT) this.#untold.push(message);
  }

  /** Not earlier, because the first rendering must equal that of a server. */
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

  /** Inserts the sheets before the last one, which adapts all others to the user's settings. */
  #adopt(sheets: readonly CSSStyleSheet[]): void {
    const { renderRoot } = this.#host;
    if (!(renderRoot instanceof ShadowRoot)) return;
    const own = renderRoot.adoptedStyleSheets;
    renderRoot.adoptedStyleSheets = [...own.slice(0, -1), ...sheets, ...own.slice(-1)];
  }
}
