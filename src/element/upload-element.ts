/**
 * What a page can do with the element by script: engine, list, value and acts. Everything is safe before the element is
 * in a document and before it was rendered. How it looks is `fastio-upload.ts`.
 */

import type { PropertyValues } from 'lit';
import type { EngineCore } from '../engine/engine-core.js';
import type { EngineEventMap } from '../engine/upload/events.js';
import type { AggregateProgress, UploadSnapshot } from '../engine/upload/snapshot.js';
import type { Strings } from '../locales/table.js';
import type { FileInput } from '../ports/source.js';
import type { Finding } from './doctor/doctor.js';
import { EngineController } from './engine/engine-controller.js';
import { engineOptionsOf } from './engine/engine-options.js';
import { UploadAttributes } from './engine/upload-attributes.js';
import type { FastioUploadEventMap } from './events.js';
import { fileIdsOf, judge, readFormState, toFormState } from './form/form-value.js';
import { Language } from './language/language.js';
import type { Localizer } from './language/localizer.js';
import { property } from './property.js';
import { takeCensus } from './status/summary.js';
import { type Limits, limitsOf } from './zone/drop-zone.js';

/** The doctor did not come: someone took the one file from the folder. */
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

export abstract class UploadElement extends UploadAttributes {
  /**
   * Texts that replace the built-in ones. `lang` among them names their language, which is else the nearest `lang` of the
   * page: English, German, French, Spanish, Portuguese, Japanese, Chinese (simplified), Arabic and Hebrew are built in.
   */
  @property({ attribute: false }) strings: Partial<Strings> = {};

  readonly #controller = new EngineController(this, (name, event) => {
    this.#keepFormTrue(name);
    this.onEngineEvent(name, event);
  });
  /** @internal */
  protected readonly language = new Language(this);
  #isFormStale = false;
  /** The form knows that it has to wait for uploads. */
  #isWaiting = false;

  constructor() {
    super();
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
    return this.#controller.uploads;
  }

  /** All uploads together. */
  get progress(): AggregateProgress {
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

  /** Puts files on the list; answers with those that came on it. The limits hold, `multiple` does not. */
  addFiles(files: Iterable<FileInput>): readonly UploadSnapshot[] {
    const added = this.ready().addFiles(files);
    this.requestUpdate();
    return added;
  }

  /** Starts what waits for it, with `no-auto`. */
  start(): void {
    this.#act((engine) => engine.start());
  }

  /** Lets an upload that waits for its turn begin before all others that wait. */
  prioritize(id: string): void {
    this.#act((engine) => engine.prioritize(id));
  }

  /** Stops sending; what is confirmed stays. Without an id: all. */
  pause(id?: string): void {
    this.#act((engine) => engine.pause(id));
  }

  /** Goes on after a pause. Without an id: all. */
  resume(id?: string): void {
    this.#act((engine) => engine.resume(id));
  }

  /** Tries again what failed. Without an id: all. */
  retry(id?: string): void {
    this.#act((engine) => engine.retry(id));
  }

  /** Gives up what is not finished. Without an id: all. */
  cancel(id?: string): void {
    this.#act((engine) => engine.cancel(id));
  }

  /** Takes an upload off the list. Without an id it is the platform's `remove()`: the element leaves the document. */
  override remove(id?: string): void {
    if (id === undefined) super.remove();
    else this.#act((engine) => engine.remove(id));
  }

  /** Takes what is finished, failed or canceled off the list. */
  clear(): void {
    this.#act((engine) => engine.clear());
  }

  /** Gives a restored upload its file back; false when it is another file. */
  reattach(id: string, file: FileInput): Promise<boolean> {
    return this.ready().reattach(id, file);
  }

  /** Looks for what keeps uploads from working; empty when nothing is wrong. Never rejects. */
  async diagnose(): Promise<readonly Finding[]> {
    const { diagnose } = await import('./doctor/doctor.js').catch(() => ({ diagnose: undiagnosed }));
    return diagnose(this);
  }

  /** @internal What happens to an engine event beyond the form. */
  protected abstract onEngineEvent(name: keyof EngineEventMap, event: CustomEvent): void;

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
    const { options, limits } = this.ready();
    return limitsOf(options, limits);
  }

  /** @internal The engine with the attributes in force, even those set a moment ago. */
  protected ready(): EngineCore {
    return this.#controller.ready(engineOptionsOf(this));
  }

  protected override willUpdate(): void {
    super.willUpdate();
    this.ready();
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
    const { paused, toFinish } = takeCensus(uploads);
    const count = progress.done;
    const facts = { required, count, progress, paused: paused + toFinish, submitWhenDone, customMessage };
    this.#isWaiting = progress.pending > 0;
    this.setWorth(this.name && toFormState(uploads), judge(facts, this.texts));
  }

  /** @internal What another tab uploads goes on there. */
  formResetCallback(): void {
    this.#act((engine) => {
      for (const { id } of engine.uploads) engine.remove(id);
    });
    this.updateForm();
  }

  /** @internal The browser cannot bring files back, but what is known of those that are stored is enough. */
  formStateRestoreCallback(state: unknown): void {
    this.#act((engine) => engine.restoreStored(readFormState(state)));
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

  #act(act: (engine: EngineCore) => void): void {
    act(this.ready());
    this.requestUpdate();
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
