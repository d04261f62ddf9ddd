/**
 * Binds an engine to the element: makes one when none is brought, listens with one bag of listeners, and asks for at
 * most a dozen renderings a second, in frames where there are any, however many events come.
 *
 * The element's own engine is listened to as long as both exist, so that uploads and their events outlive a move in the
 * document. An engine that was brought is listened to while the element is in the document only, because it may live
 * longer than the element.
 */

import type { LitElement, ReactiveController } from 'lit';
import type { EngineCore } from '../engine/engine-core.js';
import { ENGINE_EVENTS, type EngineEventMap } from '../engine/events.js';
import type { AggregateProgress, UploadSnapshot } from '../engine/snapshot.js';
import { UploadEngine } from '../preset.js';
import { guardLeaving } from './leave-guard.js';
import { keepAwake } from './wake-lock.js';

export type EngineEventHandler = (name: keyof EngineEventMap, event: CustomEvent) => void;

const NO_UPLOADS: readonly UploadSnapshot[] = Object.freeze([]);
const NO_PROGRESS: AggregateProgress = Object.freeze({
  total: 0,
  done: 0,
  failed: 0,
  canceled: 0,
  pending: 0,
  totalBytes: 0,
  sentBytes: 0,
  confirmedBytes: 0,
  ratio: 0,
  bytesPerSecond: 0,
  remainingMs: null,
});

/** Least time between renderings, in milliseconds: thousands of small files change something in every frame. */
const FLUSH_MS = 80;
/** Longest wait for a frame, in milliseconds: a page that is hidden has none, also when it had asked for one before. */
const FRAME_MS = 250;

export class EngineController implements ReactiveController {
  readonly #host: LitElement;
  readonly #onEvent: EngineEventHandler;
  #engine: EngineCore | null = null;
  #isBrought = false;
  #isResumeOff = false;
  #bag: AbortController | null = null;
  #flush: Promise<void> | null = null;
  #flushedAt = Number.NEGATIVE_INFINITY;

  constructor(host: LitElement, onEvent: EngineEventHandler) {
    this.#host = host;
    this.#onEvent = onEvent;
    host.addController(this);
  }

  /** The engine in use, or null while none was needed yet. */
  get current(): EngineCore | null {
    return this.#engine;
  }

  /** The engine in use; makes one when there is none. */
  get engine(): EngineCore {
    if (this.#engine) return this.#engine;
    const own = new UploadEngine();
    this.#engine = own;
    this.#listen(own);
    return own;
  }

  /** True when the page brought the engine. */
  get isBrought(): boolean {
    return this.#isBrought;
  }

  get uploads(): readonly UploadSnapshot[] {
    return this.#engine?.uploads ?? NO_UPLOADS;
  }

  get progress(): AggregateProgress {
    return this.#engine?.progress ?? NO_PROGRESS;
  }

  /** The engine in use has said that nothing of its uploads outlives the page. */
  get isResumeOff(): boolean {
    return this.#isResumeOff;
  }

  /** Resolves once what has happened so far was asked to be rendered. */
  get flushed(): Promise<void> {
    return this.#flush ?? Promise.resolve();
  }

  /** Takes the page's engine, or goes back to one of its own with null. The engine left behind goes on working. */
  bring(engine: EngineCore | null): void {
    if (engine === this.#engine) return;
    this.#bag?.abort();
    this.#bag = null;
    this.#engine = engine;
    this.#isBrought = engine !== null;
    this.#isResumeOff = false;
    if (engine && this.#host.isConnected) this.#listen(engine);
    this.#protect();
    this.#host.requestUpdate();
  }

  hostConnected(): void {
    if (this.#engine && !this.#bag) this.#listen(this.#engine);
    this.#protect();
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    if (!this.#isBrought) return;
    this.#bag?.abort();
    this.#bag = null;
    this.#protect();
  }

  #listen(engine: EngineCore): void {
    this.#bag = new AbortController();
    for (const name of ENGINE_EVENTS) {
      const listener = (event: CustomEvent) => {
        if (name === 'resume-unavailable') this.#isResumeOff = true;
        this.#onEvent(name, event);
        this.#schedule();
      };
      engine.addEventListener(name, listener, { signal: this.#bag.signal });
    }
  }

  /** Of an engine that is not listened to nothing is known; the page that brought it looks after it. */
  #protect(): void {
    const uploads = this.#bag === null ? NO_UPLOADS : this.uploads;
    guardLeaving(this, uploads);
    keepAwake(this, uploads);
  }

  #schedule(): void {
    this.#flush ??= this.#nextFlush().then(() => {
      this.#flush = null;
      this.#flushedAt = performance.now();
      this.#protect();
      this.#host.requestUpdate();
    });
  }

  async #nextFlush(): Promise<void> {
    const rest = this.#flushedAt + FLUSH_MS - performance.now();
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
    await new Promise<void>((resolve) => {
      requestAnimationFrame(() => resolve());
      setTimeout(resolve, FRAME_MS);
    });
  }
}
