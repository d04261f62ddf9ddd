/**
 * Speaks through one polite live region: what happened since the last message, as one message, and never more than one
 * in five seconds, so that a screen reader stays usable while two hundred files go up. What stops all of them until
 * the user acts does not wait here: it stands in an alert.
 */

import type { EngineEventMap } from '../../engine/upload/events.js';
import type { AggregateProgress, UploadSnapshot } from '../../engine/upload/snapshot.js';
import type { Localizer } from '../language/localizer.js';
import { displayName, percent } from './format.js';

const QUIET_MS = 5_000;
/** Time for what belongs together to gather. */
const GATHER_MS = 300;

/** What is told; counted between two messages. */
export type Occurrence = 'progress' | 'added' | 'stored' | 'failed' | 'waiting' | 'restored' | 'ended';

/** More failures are counted instead of named. */
const MAX_NAMES = 3;

const OCCURRENCES: Partial<Record<keyof EngineEventMap, Occurrence>> = {
  'upload-added': 'added',
  'upload-complete': 'stored',
  'upload-failed': 'failed',
  'queue-complete': 'ended',
};

/** Shorter uploads are not told in quarters. */
const LONG_MS = 5_000;

export interface AnnouncerContext {
  readonly texts: () => Localizer;
  readonly progress: () => AggregateProgress;
  /** The message is another one. */
  readonly onMessage: () => void;
}

export class Announcer {
  readonly #context: AnnouncerContext;
  readonly #counts = new Map<Occurrence, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #spokeAt = Number.NEGATIVE_INFINITY;
  #message = '';
  /** Sentences that tell what the user just did. */
  #sentences: string[] = [];
  /** Names of uploads that failed and are still on the list, by id. */
  readonly #failed = new Map<string, string>();
  /** Uploads that were given up, and that left the list, since the last message. */
  readonly #canceled = new Set<string>();
  readonly #removed = new Set<string>();
  /** Quarters of all bytes that are done, and since when anything is to do. */
  #quarters = 0;
  #busySince: number | null = null;

  constructor(context: AnnouncerContext) {
    this.#context = context;
  }

  /** What the live region says. */
  get message(): string {
    return this.#message;
  }

  /** Long uploads are told at a quarter, a half and three quarters. */
  follow({ ratio, pending }: AggregateProgress): void {
    const quarters = Math.floor(ratio * 4);
    this.#busySince = pending === 0 ? null : (this.#busySince ?? performance.now());
    const isLong = this.#busySince !== null && performance.now() - this.#busySince > LONG_MS;
    if (isLong && quarters > this.#quarters) this.note('progress');
    this.#quarters = quarters;
  }

  /** Tells a sentence with the next message. */
  say(sentence: string): void {
    this.#sentences.push(sentence);
    this.#speakSoon();
  }

  /** Takes an engine event; most of them are not worth a word. */
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

  /** Forgets what was not said yet. */
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
    const message = [...this.#sentences, this.#departures(), this.#compose()].filter(Boolean).join(' ');
    this.#forget();
    if (message === '') return;
    this.#spokeAt = performance.now();
    // A message that equals the last one must still be a change of the region, or it is not spoken.
    this.#message = message === this.#message ? `${message}\u00a0` : message;
    this.#context.onMessage();
  }

  /** What was given up and still stands on the list, and what left it. */
  #departures(): string {
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
