/** Offers for some seconds to take back what was canceled or taken off the list last. */

import { html, nothing, type TemplateResult } from 'lit';
import type { EngineCore } from '../../engine/engine-core.js';
import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import type { Localizer } from '../language/localizer.js';

/** How long the engine keeps what was given up, in milliseconds. */
const OFFER_MS = 8_000;

export interface UndoHost {
  readonly engine: () => EngineCore;
  /** There is an offer, or it was taken: speaks of it and renders. */
  readonly say: (key: 'saidUndo' | 'saidUndone') => void;
  readonly render: () => void;
  /** The list is another one. */
  readonly changed: () => void;
}

interface Offer {
  readonly key: 'filesCanceled' | 'filesRemoved';
  readonly ids: readonly string[];
}

/** Uploads that left the list between two looks at it, or were given up. */
const withdrawn = (before: readonly UploadSnapshot[], after: readonly UploadSnapshot[]): Offer => {
  const states = new Map(after.map(({ id, state }) => [id, state]));
  const canceled = before.filter(({ id, state }) => state !== 'canceled' && states.get(id) === 'canceled');
  const removed = before.filter(({ id }) => !states.has(id));
  const key = removed.length === 0 ? 'filesCanceled' : 'filesRemoved';
  return { key, ids: [...canceled, ...removed].map(({ id }) => id) };
};

export class UndoOffer {
  readonly #host: UndoHost;
  /** The list before the act, whose end may lie some tasks ahead; null when there is no offer. */
  #before: readonly UploadSnapshot[] | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: UndoHost) {
    this.#host = host;
  }

  /** Carries out an act that gives uploads up, and offers to take it back. */
  watch(act: (engine: EngineCore) => void): void {
    const engine = this.#host.engine();
    const before = engine.uploads;
    act(engine);
    if (withdrawn(before, engine.uploads).ids.length === 0) return;
    this.#set(before);
    this.#timer = setTimeout(() => {
      this.#set(null);
      this.#host.render();
    }, OFFER_MS);
    this.#host.say('saidUndo');
  }

  /** Forgets the offer. What was given up stays so. */
  stop(): void {
    this.#set(null);
  }

  render(texts: Localizer): TemplateResult | typeof nothing {
    const offer = this.#offer;
    if (offer === null) return nothing;
    const { key, ids } = offer;
    return html`<div class="undo" part="undo">
      <span>${texts.text(key, { count: ids.length })}</span>
      <button type="button" part="button undo-button" data-action="undo" @click=${this.#undo}>${texts.text('undo')}</button>
    </div>`;
  }

  readonly #undo = (): void => {
    const { ids = [] } = this.#offer ?? {};
    this.#set(null);
    this.#host.engine().undo(ids);
    this.#host.say('saidUndone');
    this.#host.changed();
  };

  get #offer(): Offer | null {
    return this.#before && withdrawn(this.#before, this.#host.engine().uploads);
  }

  #set(before: readonly UploadSnapshot[] | null): void {
    clearTimeout(this.#timer);
    this.#before = before;
  }
}
