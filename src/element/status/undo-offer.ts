/** Offers for some seconds to undo the last canceling or removing. */

import { html, nothing, type TemplateResult } from 'lit';
import type { EngineCore } from '../../engine/engine-core.js';
import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import type { Localizer } from '../language/localizer.js';

/** Shorter than the ten seconds for which the engine can undo, so that a late click still succeeds; in milliseconds. */
const OFFER_MS = 8_000;

export interface UndoHost {
  readonly engine: () => EngineCore;
  /** Announces the offer, or that it was used, and renders. */
  readonly say: (key: 'saidUndo' | 'saidUndone') => void;
  readonly render: () => void;
  /** The list has changed. */
  readonly changed: () => void;
}

interface Offer {
  readonly key: 'filesCanceled' | 'filesRemoved';
  readonly ids: readonly string[];
}

/** The uploads that were removed or canceled between two states of the list. */
const undoable = (before: readonly UploadSnapshot[], after: readonly UploadSnapshot[]): Offer => {
  const states = new Map(after.map(({ id, state }) => [id, state]));
  const canceled = before.filter(({ id, state }) => state !== 'canceled' && states.get(id) === 'canceled');
  const removed = before.filter(({ id }) => !states.has(id));
  const key = removed.length === 0 ? 'filesCanceled' : 'filesRemoved';
  return { key, ids: [...canceled, ...removed].map(({ id }) => id) };
};

export class UndoOffer {
  readonly #host: UndoHost;
  /** The list before the action, which may take several tasks to finish; null without an offer. */
  #before: readonly UploadSnapshot[] | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: UndoHost) {
    this.#host = host;
  }

  /** Runs an action that cancels or removes uploads, and offers to undo it. */
  watch(act: (engine: EngineCore) => void): void {
    const engine = this.#host.engine();
    const before = engine.uploads;
    act(engine);
    if (undoable(before, engine.uploads).ids.length === 0) return;
    this.#set(before);
    this.#timer = setTimeout(() => {
      this.#set(null);
      this.#host.render();
    }, OFFER_MS);
    this.#host.say('saidUndo');
  }

  /** Ends the offer. What was canceled or removed stays so. */
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
    return this.#before && undoable(this.#before, this.#host.engine().uploads);
  }

  #set(before: readonly UploadSnapshot[] | null): void {
    clearTimeout(this.#timer);
    this.#before = before;
  }
}
