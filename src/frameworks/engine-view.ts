/**
 * An engine as an external store of a framework: an immutable view of the list, and a call after each change, at most
 * twelve times a second.
 */

import { ENGINE_EVENTS } from '../engine/upload/events.js';
import type { AggregateProgress, UploadSnapshot } from '../engine/upload/snapshot.js';
import { DEFAULT_OPTIONS, type PresetPorts, UploadEngine, type UploadEngineOptions } from '../preset.js';

/** The list at one moment. */
export interface UploadsView {
  /** In the order of the list; the same array until something changes. */
  readonly uploads: readonly UploadSnapshot[];
  /** All uploads together. */
  readonly progress: AggregateProgress;
}

/** Minimum time between two calls, in milliseconds. */
const INTERVAL_MS = 80;

export class EngineView {
  readonly engine: UploadEngine;
  #view: UploadsView;
  /** Called before each request, so that a function which changes with each rendering reconfigures nothing. */
  #headers: UploadEngineOptions['headers'] = {};
  #configured: Partial<UploadEngineOptions> = {};
  readonly #watchers = new Set<() => void>();
  #listeners: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Does nothing before the first `watch()` or the first file, so that it costs a server nothing. */
  constructor(options: Partial<UploadEngineOptions>, ports: Partial<PresetPorts> = {}) {
    this.engine = new UploadEngine({}, ports);
    this.configure(options);
    this.#view = this.#look();
  }

  /** The same object until something changes, as external stores have to answer. */
  get = (): UploadsView => this.#view;

  /** Passes on what differs from the last call. */
  configure(options: Partial<UploadEngineOptions>): void {
    const { headers = {} } = options;
    this.#headers = headers;
    const next = { ...options, ...(typeof headers === 'function' && { headers: this.#readHeaders }) };
    const names = new Set([...Object.keys(this.#configured), ...Object.keys(next)]) as Set<keyof UploadEngineOptions>;
    const changed = [...names].filter((name) => !Object.is(this.#configured[name], next[name]));
    this.#configured = next;
    if (changed.length === 0) return;
    this.engine.configure(Object.fromEntries(changed.map((name) => [name, next[name] ?? DEFAULT_OPTIONS[name]])));
  }

  /**
   * Calls `changed` until the returned function is called. With the first watcher the engine looks for what earlier pages
   * left; without one it goes on with its uploads and is closed as soon as nothing is left to do.
   */
  watch = (changed: () => void): (() => void) => {
    this.#watchers.add(changed);
    if (this.#listeners === null) this.#listen();
    return () => {
      this.#watchers.delete(changed);
      this.#settle();
    };
  };

  readonly #readHeaders = () => (typeof this.#headers === 'function' ? this.#headers() : this.#headers);

  #look(): UploadsView {
    const { uploads, progress } = this.engine;
    return Object.freeze({ uploads, progress });
  }

  #listen(): void {
    if (this.engine.uploads !== this.#view.uploads) this.#view = this.#look();
    this.#listeners = new AbortController();
    for (const name of ENGINE_EVENTS)
      this.engine.addEventListener(name, this.#schedule, { signal: this.#listeners.signal });
    if (this.engine.options.resume) void this.engine.restore();
  }

  readonly #schedule = (): void => {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#view = this.#look();
      for (const changed of this.#watchers) changed();
      this.#settle();
    }, INTERVAL_MS);
  };

  #settle(): void {
    if (this.#watchers.size > 0 || !this.engine.close()) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#listeners?.abort();
    this.#listeners = null;
  }
}
