/**
 * What a page can do with the element by script: engine, list, value and acts. Everything is safe before the element is
 * in a document and before it was rendered. How it looks is `fastio-upload.ts`.
 */

import type { PropertyDeclarations, PropertyValues } from 'lit';
import type { EngineCore } from '../engine/engine-core.js';
import type { EngineEventMap } from '../engine/upload/events.js';
import type { AggregateProgress, UploadSnapshot } from '../engine/upload/snapshot.js';
import type { Strings } from '../locales/table.js';
import type { UploadErrorInfo } from '../ports/errors.js';
import { PROTOCOLS } from '../preset.js';
import type { Finding } from './doctor/doctor.js';
import { EngineController } from './engine/engine-controller.js';
import { engineOptionsOf } from './engine/engine-options.js';
import { UploadActions } from './engine/upload-actions.js';
import type { FastioUploadEventMap } from './events.js';
import { FallbackInput } from './form/fallback-input.js';
import { fileIdsOf, judge, readFormState, toFormState } from './form/form-value.js';
import { type StoredChanges, StoredFiles } from './form/stored-files.js';
import { Language } from './language/language.js';
import type { Localizer } from './language/localizer.js';
import { isOnServer } from './page/is-on-server.js';
import { countUploads } from './status/counts.js';
import { type Limits, limitsOf } from './zone/drop-zone.js';

/** The doctor's file is missing from the folder. */
const undiagnosed = async (): Promise<readonly Finding[]> => [
  { code: 'file-missing', message: 'The files beside this one cannot be loaded: publish the whole folder dist/cdn.' },
];

/** What happens several times to each of thousands of files. */
const FREQUENT = new Set<keyof EngineEventMap>([
  'upload-added',
  'upload-state',
  'upload-progress',
  'part-complete',
  'upload-complete',
]);

export abstract class UploadElement extends UploadActions {
  static override properties: PropertyDeclarations = { strings: { attribute: false } };

  /**
   * Texts that replace the built-in ones. `lang` among them names their language, which is else the nearest `lang` of the
   * page: English, German, French, Spanish, Portuguese, Japanese, Chinese (simplified), Arabic and Hebrew are built in.
   */
  strings: Partial<Strings> = {};

  readonly #controller = new EngineController(this, (name, event) => {
    this.#keepFormTrue(name);
    this.onEngineEvent(name, event);
  });
  /** @internal */
  protected readonly language = new Language(this);
  readonly #stored = new StoredFiles(this);
  #isFormStale = false;
  /** The first rendering has begun. */
  #isRendering = false;
  /** The form knows that it has to wait for uploads. */
  #isWaiting = false;

  constructor() {
    super();
    new FallbackInput(this);
    // Set on a tag that had no class yet; what Lit declares it takes over itself.
    const early = Object.getOwnPropertyDescriptor(this, 'engine');
    if (!early) return;
    Reflect.deleteProperty(this, 'engine');
    this.engine = early.value;
  }

  /**
   * The engine that does the work. The element makes one of its own; a page may bring another, for example one that it
   * shares or keeps longer than the element. To an engine that was brought the element passes on only what its
   * attributes say differently from the defaults, and it neither restores uploads nor asks for limits on its behalf,
   * and leaves the name of its list alone.
   */
  get engine(): EngineCore {
    return this.ready();
  }

  set engine(engine: EngineCore | null) {
    this.#controller.bring(engine);
  }

  /** Snapshots of all uploads, in the order of the list; a new array after each change. */
  get uploads(): readonly UploadSnapshot[] {
    this.#readyStored();
    return this.#controller.uploads;
  }

  /** All uploads together. */
  get progress(): AggregateProgress {
    this.#readyStored();
    return this.#controller.progress;
  }

  /** The chosen files, without those of uploads whose file has to be chosen again. */
  get files(): readonly File[] {
    const engine = this.ready();
    const files = this.uploads.map(({ id }) => engine.fileOf(id));
    return files.filter((file): file is File => file instanceof File);
  }

  /** File ids of finished uploads: what the form gets. */
  get value(): readonly string[] {
    return fileIdsOf(this.uploads);
  }

  /** @internal Ids of removed `stored` files come under a name of their own: `files-removed` for `files`. */
  protected get formEntries(): readonly (readonly [name: string, value: string])[] {
    const { name, value, changes } = this;
    return [
      ...value.map((id) => [name, id] as const),
      ...changes.removed.map((id) => [`${name}-removed`, id] as const),
    ];
  }

  /** What the user has made of the `stored` files. */
  get changes(): StoredChanges {
    return this.#stored.changes;
  }

  /** @internal */
  protected get storedEntries(): StoredFiles['entries'] {
    return this.#stored.entries;
  }

  /** Looks for what keeps uploads from working; empty when nothing is wrong. Never rejects. */
  async diagnose(): Promise<readonly Finding[]> {
    const { diagnose } = await import('./doctor/doctor.js').catch(() => ({ diagnose: undiagnosed }));
    return diagnose(this, PROTOCOLS);
  }

  /** @internal What happens to an engine event beyond the form. */
  protected abstract onEngineEvent(name: keyof EngineEventMap, event: CustomEvent): void;

  /** @internal What the doctor reads of backend and storage. */
  abstract get metErrors(): readonly UploadErrorInfo[];

  /** @internal Texts in the language that holds for the element. */
  protected get texts(): Localizer {
    return this.language.texts;
  }

  /** @internal Nothing of the uploads outlives the page. */
  protected get isResumeOff(): boolean {
    return this.#controller.isResumeOff;
  }

  /** @internal Limits of the attributes and of the backend. */
  protected get limits(): Limits {
    if (isOnServer()) return limitsOf(engineOptionsOf(this), null);
    const { options, limits } = this.ready();
    return limitsOf(options, limits);
  }

  /** @internal The first rendering comes at once: it takes over the properties that were set before the class was there. */
  protected ready(): EngineCore {
    if (this.isConnected && !this.hasUpdated && !this.#isRendering) this.performUpdate();
    const engine = this.#controller.ready(engineOptionsOf(this));
    this.#stored.sync(engine);
    return engine;
  }

  protected override performUpdate(): void {
    this.#isRendering = true;
    super.performUpdate();
  }

  protected override willUpdate(): void {
    super.willUpdate();
    // A server renders the empty element; it needs no engine for that.
    if (!isOnServer()) this.ready();
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    this.#controller.prepare();
    this.updateForm();
  }

  /** Includes what engine events have asked to be rendered. */
  protected override async getUpdateComplete(): Promise<boolean> {
    await this.#controller.flushed;
    return super.getUpdateComplete();
  }

  protected updateForm(): void {
    const { uploads, required, progress, submitWhenDone, customMessage } = this;
    const { paused, toFinish } = countUploads(uploads);
    const count = progress.done;
    const facts = { required, count, progress, paused: paused + toFinish, submitWhenDone, customMessage };
    this.#isWaiting = progress.pending > 0;
    this.setWorth(this.name && toFormState(uploads), judge(facts, this.texts));
  }

  /** @internal What another tab uploads goes on there. */
  formResetCallback(): void {
    this.act((engine) => {
      engine.remove(engine.uploads.map(({ id }) => id));
      this.#stored.reset(engine);
    });
    this.fieldError = '';
    this.updateForm();
  }

  /** @internal The browser cannot bring files back, but what is known of those that are stored is enough. */
  formStateRestoreCallback(state: unknown): void {
    this.act((engine) => this.#stored.restore(engine, readFormState(state)));
    this.updateForm();
  }

  override addEventListener<Name extends keyof FastioUploadEventMap>(
    name: Name,
    listener: (this: this, event: FastioUploadEventMap[Name]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    name: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    name: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void {
    super.addEventListener(name, listener as EventListener, options);
  }

  override removeEventListener<Name extends keyof FastioUploadEventMap>(
    name: Name,
    listener: (this: this, event: FastioUploadEventMap[Name]) => void,
    options?: boolean | EventListenerOptions,
  ): void;
  override removeEventListener(
    name: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | EventListenerOptions,
  ): void;
  override removeEventListener(
    name: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | EventListenerOptions,
  ): void {
    super.removeEventListener(name, listener as EventListener, options);
  }

  /** What is stored is on the list as soon as the page has set it, also before the first rendering. */
  #readyStored(): void {
    if (this.#stored.isStale && !isOnServer()) this.ready();
  }

  /**
   * Tells a form at once when it need not wait any longer. Other events of one task change it once, before the next task
   * can send it; while it waits anyway, most of them change nothing, and the next rendering brings the rest.
   */
  #keepFormTrue(name: keyof EngineEventMap): void {
    if (this.form === null) return;
    if (name === 'upload-complete' && this.progress.pending === 0) this.updateForm();
    if (this.#isFormStale || (this.#isWaiting && FREQUENT.has(name))) return;
    this.#isFormStale = true;
    queueMicrotask(() => {
      this.#isFormStale = false;
      this.updateForm();
    });
  }
}
