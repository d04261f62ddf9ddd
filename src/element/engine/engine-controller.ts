/**
 * Connects an engine to the element: creates one unless the page sets one, listens to its events, and requests at most
 * a dozen renderings a second, however many events there are.
 *
 * Uploads outlive the element. It keeps listening to its own engine after it was removed, so that moving it in the
 * document changes nothing; if it stays away, the engine is closed as soon as it is idle. Until then the next element
 * for the same uploads adopts the engine. The element listens to an engine of the page only while it is in the
 * document, because that engine may live longer.
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

/** Shown by an element without an engine. */
const NOTHING = new UploadList();

/** Minimum time between renderings, in milliseconds: with thousands of small files something changes in every frame. */
const FLUSH_MS = 80;
/** Maximum wait for a frame, in milliseconds: a hidden page gets none, even if it requested one before. */
const FRAME_MS = 250;

/** Two engines with the same key send new uploads to the same place. */
const keyOf = ({ endpoint, protocol, listName, workspaceId, folderId }: EngineOptions): string =>
  [endpoint, protocol, listName, workspaceId, folderId].join(' ');

/** Controllers whose elements were removed while their own engines may have work left. */
const away = new Set<EngineController>();
/** Loaded with the view. Without it the device may sleep, and uploads continue when it wakes. */
let wakeLock: Promise<typeof import('../view/uploads-view.js')> | null = null;
/** Engines that the page has set on an element, including an element's own; the page closes them. */
const brought = new WeakSet<EngineCore>();

export class EngineController implements ReactiveController {
  readonly #host: LitElement;
  readonly #onEvent: EngineEventHandler;
  #engine: EngineCore | null = null;
  /** The current options of the engine, so that only changes are passed on. */
  #configured: EngineOptions = DEFAULT_OPTIONS;
  /** The key for which unfinished uploads and limits were requested; empty before. */
  #preparedFor = '';
  #isResumeOff = false;
  /** Settles when the element's own engine has restored the uploads of earlier pages. */
  #restored: Promise<void> = Promise.resolve();
  #listeners: AbortController | null = null;
  #flush: Promise<void> | null = null;
  #flushedAt = Number.NEGATIVE_INFINITY;
  /** Whether there is news that no rendering has shown. */
  #isStale = false;

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

  /** True when the engine has reported that uploads cannot be resumed after a reload. */
  get isResumeOff(): boolean {
    return this.#isResumeOff;
  }

  /** Resolves once a rendering was requested for all events so far. */
  get flushed(): Promise<void> {
    return this.#flush ?? Promise.resolve();
  }

  /** Uses the page's engine; null returns to an own one. The previous engine continues its uploads. */
  bring(engine: EngineCore | null): void {
    if (engine && engine === this.#engine) return;
    const left = this.#own;
    // An engine that is still restoring does not know yet whether it is idle.
    void this.#restored.then(() => left && !brought.has(left) && left.close());
    if (engine) brought.add(engine);
    this.#use(engine);
  }

  /** Returns the engine with these options applied; adopts or creates one when there is none. */
  ready(wanted: EngineOptions): EngineCore {
    const isFresh = this.#preparedFor === '' && this.uploads.length === 0 && this.#engine === this.#own;
    if (isFresh && this.#host.isConnected) this.#adoptEngine(keyOf(wanted));
    const engine = this.#engine ?? new UploadEngine();
    if (engine !== this.#engine) this.#use(engine);
    // `listName` decides where records are kept, which is up to the owner of the engine.
    const next = this.#own ? wanted : { ...wanted, listName: '' };
    const changed = changedOptions(this.#configured, next);
    if (changed) {
      this.#configured = next;
      engine.configure(changed);
    }
    return engine;
  }

  /** Requests unfinished uploads and the backend's limits once, for the element's own engine. */
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

  hostUpdate(): void {
    this.#isStale = false;
  }

  hostDisconnected(): void {
    document.removeEventListener('visibilitychange', this.#onShown);
    if (this.#own) {
      away.add(this);
      // By the next task an element that is moved in the document has been inserted again.
      setTimeout(() => this.#settle());
    } else {
      this.#unlisten();
      this.#protect();
    }
  }

  /** The element's own engine, unless the page has set it on another element. */
  get #own(): EngineCore | null {
    return this.#engine && !brought.has(this.#engine) ? this.#engine : null;
  }

  /** Changes the engine, with the state of the controller `from` which it was adopted. */
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

  /** Adopts the engine of a removed element if it has uploads for the same list and endpoint. */
  #adoptEngine(key: string): void {
    for (const other of away) {
      other.#settle();
      if (other.#preparedFor !== key) continue;
      this.#use(other.#engine, other);
      // It may still be restoring when this element is removed as well.
      this.#restored = other.#restored.then(() => this.#settle());
      away.delete(other);
      other.#use(null);
      const uploads = this.uploads.filter(({ state }) => state !== 'done' && state !== 'canceled');
      this.#engine?.emit('uploads-restored', { uploads: Object.freeze(uploads) });
      // A page that shows a new element may have a new user.
      this.#discover();
      return;
    }
  }

  /** Another user may have signed in in another tab. */
  readonly #onShown = () => {
    if (!document.hidden && this.#preparedFor !== '') this.#discover();
  };

  #discover(): void {
    if (this.#configured.protocol === 'auto') void this.#own?.discover();
  }

  /** Closes the engine of a removed element once it is idle. */
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

  /** Empty for an engine without listeners: nothing is known of it, and its page is responsible for it. */
  readonly #seen = () => (this.#listeners === null ? NOTHING.snapshots : this.uploads);

  #schedule(): void {
    this.#isStale = true;
    this.#flush ??= this.#nextFlush().then(() => {
      this.#flush = null;
      this.#flushedAt = performance.now();
      this.#settle();
      this.#protect();
      if (this.#isStale) this.#host.requestUpdate();
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
