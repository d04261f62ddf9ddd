/**
 * Binds an engine to the element: makes one when none is brought, listens with one bag of listeners, and asks for at
 * most a dozen renderings a second, in frames where there are any, however many events come.
 *
 * Uploads outlive the element. Its own engine is listened to while the element is away, too, so that a move in the
 * document goes unnoticed; if it stays away, the engine is closed as soon as nothing is left to do. Until then the next
 * element that would ask for the same uploads takes the engine over. An engine that was brought is listened to while the
 * element is in the document only, because it may live longer than the element.
 */

import type { LitElement, ReactiveController } from 'lit';
import type { EngineCore } from '../../engine/engine-core.js';
import { DEFAULT_OPTIONS, type EngineOptions } from '../../engine/options.js';
import { ENGINE_EVENTS, type EngineEventMap } from '../../engine/upload/events.js';
import type { AggregateProgress, UploadSnapshot } from '../../engine/upload/snapshot.js';
import { UploadList } from '../../engine/upload/upload-list.js';
import { UploadEngine } from '../../preset.js';
import { guardLeaving } from '../page/leave-guard.js';
import { changedOptions } from './engine-options.js';

export type EngineEventHandler = (name: keyof EngineEventMap, event: CustomEvent) => void;

/** What an element without an engine shows. */
const NOTHING = new UploadList();

/** Least time between renderings, in milliseconds: thousands of small files change something in every frame. */
const FLUSH_MS = 80;
/** Longest wait for a frame, in milliseconds: a page that is hidden has none, also when it had asked for one before. */
const FRAME_MS = 250;

/** What has to be the same for uploads that have not begun to go where they were to go. */
const keyOf = ({ endpoint, protocol, listName, workspaceId, folderId }: EngineOptions): string =>
  [endpoint, protocol, listName, workspaceId, folderId].join(' ');

/** Those whose elements are away while their own engines may have something to do. */
const away = new Set<EngineController>();
/** Loaded with what draws the files. Without it the device may sleep, and uploads go on when it wakes. */
let wakeLock: Promise<typeof import('../view/uploads-view.js')> | null = null;
/** Engines that the page looks after, its own and the element's. */
const brought = new WeakSet<EngineCore>();

export class EngineController implements ReactiveController {
  readonly #host: LitElement;
  readonly #onEvent: EngineEventHandler;
  #engine: EngineCore | null = null;
  /** What the engine was configured with, so that only changes are passed on. */
  #configured: EngineOptions = DEFAULT_OPTIONS;
  /** The backend whose unfinished uploads and limits it was asked for. */
  #preparedFor = '';
  #isResumeOff = false;
  /** The element's own engine has looked for what earlier pages left. */
  #restored: Promise<void> = Promise.resolve();
  #listeners: AbortController | null = null;
  #flush: Promise<void> | null = null;
  #flushedAt = Number.NEGATIVE_INFINITY;

  constructor(host: LitElement, onEvent: EngineEventHandler) {
    this.#host = host;
    this.#onEvent = onEvent;
    host.addController(this);
  }

  get uploads(): readonly UploadSnapshot[] {
    return this.#engine?.uploads ?? NOTHING.snapshots;
  }

  get progress(): AggregateProgress {
    return this.#engine?.progress ?? NOTHING.aggregate(0);
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
    if (engine && engine === this.#engine) return;
    const left = this.#own;
    // One that is just being restored has to know first what it has to do.
    void this.#restored.then(() => left && !brought.has(left) && left.close());
    if (engine) brought.add(engine);
    this.#use(engine);
  }

  /** The engine in use, with these options in force; takes one over or makes one when there is none. */
  ready(wanted: EngineOptions): EngineCore {
    const isFresh = this.#preparedFor === '' && this.uploads.length === 0 && this.#engine === this.#own;
    if (isFresh && this.#host.isConnected) this.#takeOver(keyOf(wanted));
    const engine = this.#engine ?? new UploadEngine();
    if (engine !== this.#engine) this.#use(engine);
    // Where the records of a brought engine are is not the element's to change.
    const next = this.#own ? wanted : { ...wanted, listName: '' };
    const changed = changedOptions(this.#configured, next);
    if (changed) {
      this.#configured = next;
      engine.configure(changed);
    }
    return engine;
  }

  /** Asks the element's own engine once for what earlier pages left and for the backend's limits. */
  prepare(): void {
    const { endpoint, resume } = this.#configured;
    const key = keyOf(this.#configured);
    if (!this.#host.isConnected || !this.#own || endpoint === '' || key === this.#preparedFor) return;
    this.#preparedFor = key;
    if (resume) this.#restored = this.#own.restore().then(() => this.#settle());
    this.#discover();
  }

  hostConnected(): void {
    document.addEventListener('visibilitychange', this.#onShown);
    away.delete(this);
    if (this.#engine && !this.#listeners) this.#listen(this.#engine);
    this.#protect();
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    document.removeEventListener('visibilitychange', this.#onShown);
    if (this.#own) {
      away.add(this);
      // What is moved in the document is back by then.
      setTimeout(() => this.#settle());
    } else {
      this.#unlisten();
      this.#protect();
    }
  }

  /** The element's own engine, unless the page has brought it to another element. */
  get #own(): EngineCore | null {
    return this.#engine && !brought.has(this.#engine) ? this.#engine : null;
  }

  /** Changes the engine; what was done with it comes along `from` the element that had it. */
  #use(engine: EngineCore | null, from?: EngineController): void {
    this.#unlisten();
    this.#engine = engine;
    this.#configured = from ? from.#configured : DEFAULT_OPTIONS;
    this.#preparedFor = from ? from.#preparedFor : '';
    this.#isResumeOff = from ? from.#isResumeOff : false;
    if (engine && (this.#own || this.#host.isConnected)) this.#listen(engine);
    this.#protect();
    this.#host.requestUpdate();
  }

  /** Takes the engine of an element that is away, if it has something to do for the same list and place. */
  #takeOver(key: string): void {
    for (const other of away) {
      other.#settle();
      if (other.#preparedFor !== key) continue;
      this.#use(other.#engine, other);
      away.delete(other);
      other.#use(null);
      const uploads = this.uploads.filter(({ state }) => state !== 'done' && state !== 'canceled');
      this.#engine?.emit('uploads-restored', { uploads: Object.freeze(uploads) });
      // A page that shows another element may have another user by now.
      this.#discover();
      return;
    }
  }

  /** Another user may have signed in, in another tab. */
  readonly #onShown = () => {
    if (!document.hidden && this.#preparedFor !== '') this.#discover();
  };

  #discover(): void {
    if (this.#configured.protocol === 'auto') void this.#own?.discover();
  }

  /** Closes the engine of an element that is away, once nothing is left to do. */
  #settle(): void {
    if (this.#host.isConnected || !this.#own) return;
    if (this.#own.close()) {
      this.#preparedFor = '';
      away.delete(this);
    } else away.add(this);
  }

  #unlisten(): void {
    this.#listeners?.abort();
    this.#listeners = null;
  }

  #listen(engine: EngineCore): void {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    for (const name of ENGINE_EVENTS) {
      const listener = (event: CustomEvent) => {
        if (name === 'resume-unavailable') this.#isResumeOff = true;
        this.#onEvent(name, event);
        this.#schedule();
      };
      engine.addEventListener(name, listener, { signal });
    }
  }

  #protect(): void {
    const uploads = this.#seen();
    guardLeaving(this, this.#seen);
    if (uploads.length > 0) wakeLock ??= import('../view/uploads-view.js');
    wakeLock?.then(({ keepAwake }) => keepAwake(this, uploads)).catch(() => (wakeLock = null));
  }

  /** Of an engine that is not listened to nothing is known; the page that brought it looks after it. */
  readonly #seen = () => (this.#listeners === null ? NOTHING.snapshots : this.uploads);

  #schedule(): void {
    this.#flush ??= this.#nextFlush().then(() => {
      this.#flush = null;
      this.#flushedAt = performance.now();
      this.#settle();
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
