/** Offers for some seconds to undo the last canceling, removing or replacing. */

import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { EngineCore } from '../../engine/engine-core.js';
import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import type { Localizer } from '../language/localizer.js';
import { setStyle } from '../set-style.js';

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
  readonly key: 'filesCanceled' | 'filesRemoved' | 'fileReplaced';
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
  /** The uploads before the action, which may take several tasks to finish; null without an offer. */
  #before: readonly UploadSnapshot[] | null = null;
  /** Ids of the uploads that took the place of removed ones, and have to go when those come back. */
  #instead: readonly string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: UndoHost) {
    this.#host = host;
  }

  /** Runs an action that cancels, removes or replaces uploads, and offers to undo it. */
  watch(act: (engine: EngineCore) => void): void {
    const engine = this.#host.engine();
    const before = engine.uploads;
    act(engine);
    this.#offerSince(before, () => true);
  }

  /**
   * Watches what this task does with the list, and offers to undo that files were replaced: that of a field by any
   * other, and those of a list by others of their paths.
   */
  watchTask(): void {
    const before = this.#host.engine().uploads;
    queueMicrotask(() =>
      this.#offerSince(before, ({ relativePath }, removed) => {
        return removed.length === before.length || removed.some((upload) => upload.relativePath === relativePath);
      }),
    );
  }

  /** Offers to undo what became of these uploads, in place of which those of the ids are on the list. */
  offer(before: readonly UploadSnapshot[], instead: readonly string[]): void {
    if (undoable(before, this.#host.engine().uploads).ids.length === 0) return;
    this.#set(before, instead);
    this.#timer = setTimeout(() => {
      this.#set(null);
      this.#host.render();
    }, OFFER_MS);
    this.#host.say('saidUndo');
  }

  #offerSince(
    before: readonly UploadSnapshot[],
    isInstead: (upload: UploadSnapshot, removed: readonly UploadSnapshot[]) => boolean,
  ): void {
    const { uploads } = this.#host.engine();
    const known = new Set(before.map(({ id }) => id));
    const there = new Set(uploads.map(({ id }) => id));
    const removed = before.filter(({ id }) => !there.has(id));
    const added = removed.length === 0 ? [] : uploads.filter(({ id }) => !known.has(id));
    this.offer(
      before,
      added.filter((upload) => isInstead(upload, removed)).map(({ id }) => id),
    );
  }

  /** Ends the offer. What was canceled or removed stays so. */
  stop(): void {
    this.#set(null);
  }

  /** The text of the offer; null without one. */
  get saidKey(): Offer['key'] | null {
    return this.#offer?.key ?? null;
  }

  render(texts: Localizer): TemplateResult | typeof nothing {
    const offer = this.#offer;
    if (offer === null) return nothing;
    const { key, ids } = offer;
    // The line of each offer begins anew.
    const line = html`<span class="undo-time" aria-hidden="true" ${setStyle({ 'animation-duration': `${OFFER_MS}ms` })}></span>`;
    return html`<div class="undo" part="undo">
      <span>${texts.text(key, { count: ids.length })}</span>
      <button type="button" part="button undo-button" data-action="undo" @click=${this.#undo}>${texts.text('undo')}</button>
      ${keyed(this.#before, line)}
    </div>`;
  }

  readonly #undo = (): void => {
    const { ids = [] } = this.#offer ?? {};
    const engine = this.#host.engine();
    if (this.#instead.length > 0) engine.remove(this.#instead);
    this.#set(null);
    engine.undo(ids);
    this.#host.say('saidUndone');
    this.#host.changed();
  };

  get #offer(): Offer | null {
    const offer = this.#before && undoable(this.#before, this.#host.engine().uploads);
    return offer && this.#instead.length > 0 ? { ...offer, key: 'fileReplaced' } : offer;
  }

  #set(before: readonly UploadSnapshot[] | null, instead: readonly string[] = []): void {
    clearTimeout(this.#timer);
    this.#before = before;
    this.#instead = instead;
  }
}
