/**
 * Announces what happened since the last message in one polite live region, at most every five seconds, so that a
 * screen reader stays usable during two hundred uploads. Problems that stop all uploads are announced at once, in an
 * alert.
 */

import type { EngineEventMap } from '../../engine/upload/events.js';
import type { AggregateProgress, UploadSnapshot } from '../../engine/upload/snapshot.js';
import type { Localizer } from '../language/localizer.js';
import { displayName, percent } from './format.js';

const QUIET_MS = 5_000;
/** Time to gather events that belong together. */
const GATHER_MS = 300;

/** The kinds of events to announce; counted between two messages. */
export type Occurrence = 'progress' | 'added' | 'stored' | 'failed' | 'waiting' | 'restored' | 'ended';

/** With more failures, their number is announced instead of their names. */
const MAX_NAMES = 3;

const OCCURRENCES: Partial<Record<keyof EngineEventMap, Occurrence>> = {
  'upload-added': 'added',
  'upload-complete': 'stored',
  'upload-failed': 'failed',
  'queue-complete': 'ended',
};

/** Shorter uploads are not announced in quarters. */
const LONG_MS = 5_000;

export interface AnnouncerContext {
  readonly texts: () => Localizer;
  readonly progress: () => AggregateProgress;
  /** The message has changed. */
  readonly onMessage: () => void;
}

export class Announcer {
  readonly #context: AnnouncerContext;
  readonly #counts = new Map<Occurrence, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #spokeAt = Number.NEGATIVE_INFINITY;
  #message = '';
  /** Sentences about what the user just did. */
  #sentences: string[] = [];
  /** Names of failed uploads that are still on the list, by id. */
  readonly #failed = new Map<string, string>();
  /** Ids of uploads that were canceled or removed since the last message. */
  readonly #canceled = new Set<string>();
  readonly #removed = new Set<string>();
  /** How many quarters of all bytes are done, and since when uploads are running. */
  #quarters = 0;
  #busySince: number | null = null;

  constructor(context: AnnouncerContext) {
    this.#context = context;
  }

  /** The text of the live region. */
  get message(): string {
    return this.#message;
  }

  /** Long uploads are announced at a quarter, a half and three quarters. */
  follow({ ratio, pending }: AggregateProgress): void {
    const quarters = Math.floor(ratio * 4);
    this.#busySince = pending === 0 ? null : (this.#busySince ?? performance.now());
    const isLong = this.#busySince !== null && performance.now() - this.#busySince > LONG_MS;
    if (isLong && quarters > this.#quarters) this.note('progress');
    this.#quarters = quarters;
  }

  /** Adds a sentence to the next message. */
  say(sentence: string): void {
    this.#sentences.push(sentence);
    this.#speakSoon();
  }

  /** Speaks at once, because the answer to a key must not wait. What waits to be spoken follows later. */
  answer(sentence: string): void {
    const isWaiting = this.#timer !== undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#speak(sentence);
    if (isWaiting) this.#speakSoon();
  }

  /** Handles an engine event; most of them are not announced. */
  hear(name: keyof EngineEventMap, { detail }: CustomEvent): void {
    if (name === 'uploads-restored') {
      const { uploads } = detail as EngineEventMap['uploads-restored'];
      if (uploads.length > 0) this.note('restored', uploads.length);
      return;
    }
    const { upload } = detail as { readonly upload?: UploadSnapshot };
    if (upload) this.#hearOf(upload, name);
    const occurrence = OCCURRENCES[name];
    if (occurrence) this.note(occurrence);
  }

  note(occurrence: Occurrence, count = 1): void {
    this.#counts.set(occurrence, (this.#counts.get(occurrence) ?? 0) + count);
    this.#speakSoon();
  }

  /** Drops what was not announced yet. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#forget();
  }

  #hearOf({ id, name, state, reason }: UploadSnapshot, event: keyof EngineEventMap): void {
    if (event === 'upload-failed') this.#failed.set(id, displayName(name));
    else if (event === 'upload-removed' || state !== 'failed') this.#failed.delete(id);
    if (event === 'upload-state' && state === 'waiting' && reason === 'offline') this.note('waiting');
    if (event === 'upload-canceled') this.#canceled.add(id);
    if (event === 'upload-removed') this.#removed.add(id);
    if (event === 'upload-canceled' || event === 'upload-removed') this.#speakSoon();
  }

  #forget(): void {
    this.#counts.clear();
    this.#canceled.clear();
    this.#removed.clear();
    this.#sentences = [];
  }

  #speakSoon(): void {
    const wait = Math.max(GATHER_MS, this.#spokeAt + QUIET_MS - performance.now());
    this.#timer ??= setTimeout(() => this.#flush(), wait);
  }

  #flush(): void {
    this.#timer = undefined;
    const message = [...this.#sentences, this.#removals(), this.#compose()].filter(Boolean).join(' ');
    this.#forget();
    if (message !== '') this.#speak(message);
  }

  #speak(message: string): void {
    this.#spokeAt = performance.now();
    // A message equal to the last one must still change the region, or it is not spoken.
    this.#message = message === this.#message ? `${message}\u00a0` : message;
    this.#context.onMessage();
  }

  /** The canceled uploads that are still on the list, and the removed ones. */
  #removals(): string {
    const texts = this.#context.texts();
    const canceled = [...this.#canceled].filter((id) => !this.#removed.has(id)).length;
    return [
      canceled > 0 && texts.text('saidCanceled', { count: canceled }),
      this.#removed.size > 0 && texts.text('saidRemoved', { count: this.#removed.size }),
    ]
      .filter(Boolean)
      .join(' ');
  }

  /** Up to three by name. */
  #failures(failed: number): string | false {
    const texts = this.#context.texts();
    if (failed === 0) return false;
    const names = [...this.#failed.values()];
    return names.length === failed && failed <= MAX_NAMES
      ? texts.text('saidFailedNames', { count: failed, names: texts.list(names) })
      : texts.text('saidFailed', { count: failed });
  }

  #compose(): string {
    const { total, done, failed, canceled, pending, ratio } = this.#context.progress();
    const texts = this.#context.texts();
    const count = (occurrence: Occurrence) => this.#counts.get(occurrence) ?? 0;
    const failures = this.#failures(failed);
    const join = (...parts: readonly (string | false)[]) => parts.filter(Boolean).join(' ');
    if (pending === 0 && done + failed > 0 && count('stored') + count('failed') + count('ended') > 0) {
      const all = failed === 0 && canceled === 0;
      return join(done > 0 && texts.text(all ? 'saidAllStored' : 'saidEnd', { count: done }), failures);
    }
    return join(
      count('restored') > 0 && texts.text('saidToFinish', { count: count('restored') }),
      count('added') > 0 && texts.text('saidAdded', { count: count('added') }),
      count('stored') > 0
        ? texts.text('saidStored', { done, total: total - canceled })
        : count('progress') > 0 && texts.text('saidProgress', { percent: percent(texts, ratio) }),
      count('failed') > 0 && failures,
      count('waiting') > 0 && texts.text('saidWaiting'),
    );
  }
}
