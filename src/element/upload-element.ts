/**
 * The API of the element for scripts: engine, list, value and methods. Everything works before the element is connected
 * and before the first rendering. `fastio-upload.ts` renders.
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
import { fileIdsOf, readFormState, toFormState, validityOf } from './form/form-value.js';
import { type StoredChanges, StoredFiles } from './form/stored-files.js';
import { Language } from './language/language.js';
import type { Localizer } from './language/localizer.js';
import { isOnServer } from './page/is-on-server.js';
import { countUploads } from './status/counts.js';
import { type Limits, limitsOf } from './zone/drop-zone.js';

/** The finding when the doctor's file cannot be loaded. */
const undiagnosed = async (): Promise<readonly Finding[]> => [
  { code: 'file-missing', message: 'The files beside this one cannot be loaded: publish the whole folder dist/cdn.' },
];

/** Events that occur several times for each of thousands of files. */
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
   * Texts that replace the built-in ones. Their language is `lang` among them, otherwise the nearest `lang` of the
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
  /** Whether the first rendering has started. */
  #isRendering = false;
  /** Whether the form knows that uploads are running. */
  #isWaiting = false;

  constructor() {
    super();
    new FallbackInput(this);
    // A property set before the tag was defined; Lit handles only those that it declares.
    const early = Object.getOwnPropertyDescriptor(this, 'engine');
    if (!early) return;
    Reflect.deleteProperty(this, 'engine');
    this.engine = early.value;
  }

  /**
   * The engine of the element. The element creates its own; a page may set another, for example one that it shares or
   * keeps longer than the element. To an engine of the page the element passes only options that its attributes change
   * from the defaults. It does not restore its uploads, request its limits or change its list name.
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

  /** Totals of all uploads. */
  get progress(): AggregateProgress {
    this.#readyStored();
    return this.#controller.progress;
  }

  /** The chosen files, without those that have to be chosen again. */
  get files(): readonly File[] {
    const engine = this.ready();
    const files = this.uploads.map(({ id }) => engine.fileOf(id));
    return files.filter((file): file is File => file instanceof File);
  }

  /** File ids of finished uploads, which are the form's value. */
  get value(): readonly string[] {
    return fileIdsOf(this.uploads);
  }

  /** @internal Ids of removed `stored` files have a name of their own: `files-removed` for `files`. */
  protected get formEntries(): readonly (readonly [name: string, value: string])[] {
    const { name, value, changes } = this;
    return [
      ...value.map((id) => [name, id] as const),
      ...changes.removed.map((id) => [`${name}-removed`, id] as const),
    ];
  }

  /** The user's changes of the `stored` files. */
  get changes(): StoredChanges {
    return this.#stored.changes;
  }

  /** @internal */
  protected get storedEntries(): StoredFiles['entries'] {
    return this.#stored.entries;
  }

  /** Checks the set-up; empty when nothing is wrong. Never rejects. */
  async diagnose(): Promise<readonly Finding[]> {
    const { diagnose } = await import('./doctor/doctor.js').catch(() => ({ diagnose: undiagnosed }));
    return diagnose(this, PROTOCOLS);
  }

  /** @internal Handles an engine event after the form was updated. */
  protected abstract onEngineEvent(name: keyof EngineEventMap, event: CustomEvent): void;

  /** @internal The doctor's source about backend and storage. */
  abstract get metErrors(): readonly UploadErrorInfo[];

  /** @internal Texts in the element's language. */
  protected get texts(): Localizer {
    return this.language.texts;
  }

  /** @internal Whether uploads cannot be resumed after a reload. */
  protected get isResumeOff(): boolean {
    return this.#controller.isResumeOff;
  }

  /** @internal The narrower limits of attributes and backend. */
  protected get limits(): Limits {
    if (isOnServer()) return limitsOf(engineOptionsOf(this), null);
    const { options, limits } = this.ready();
    return limitsOf(options, limits);
  }

  /** @internal Renders at once the first time, because properties may have been set before the class was defined. */
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
    // A server renders the empty element, without an engine.
    if (!isOnServer()) this.ready();
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    this.#controller.prepare();
    this.updateForm();
  }

  /** Waits for the renderings that engine events have requested. */
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
    this.setState(this.name && toFormState(uploads), validityOf(facts, this.texts));
  }

  /** @internal Uploads of other tabs continue there. */
  formResetCallback(): void {
    this.act((engine) => {
      engine.remove(engine.uploads.map(({ id }) => id));
      this.#stored.reset(engine);
    });
    this.fieldError = '';
    this.updateForm();
  }

  /** @internal The browser cannot restore files, but finished uploads can be shown without them. */
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

  /** Adds the `stored` files to the list as soon as they are set, even before the first rendering. */
  #readyStored(): void {
    if (this.#stored.isStale && !isOnServer()) this.ready();
  }

  /**
   * Tells the form at once when uploads have ended. Several events of one task update it once, before the next task can
   * submit it; while uploads are running, most events change nothing, and the next rendering updates the rest.
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
