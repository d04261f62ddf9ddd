/**
 * The view of the files: rows or tiles, summary, messages and announcements. Loaded as soon as an element is on the
 * page; uploads work without it.
 */

import { html, type LitElement, nothing, type TemplateResult } from 'lit';
import type { EngineEventMap } from '../../engine/upload/events.js';
import type { AggregateProgress, UploadSnapshot } from '../../engine/upload/snapshot.js';
import type { StringKey } from '../../locales/table.js';
import type { UploadErrorInfo } from '../../ports/errors.js';
import { ErrorLog } from '../doctor/error-log.js';
import { type EditsHost, UserEdits } from '../engine/user-edits.js';
import { FieldReport, type ReportHost } from '../form/field-report.js';
import type { Localizer, Values } from '../language/localizer.js';
import { ListView, type ViewContext } from '../list/list-view.js';
import { type ExtrasHost, RowExtras } from '../list/row-extras.js';
import { Motion } from '../motion/motion.js';
import { FocusKeeper } from '../page/focus-keeper.js';
import { Thumbnails } from '../picture/thumbnails.js';
import { Announcer } from '../status/announcer.js';
import { type Counts, countUploads } from '../status/counts.js';
import { Notices, renderNotices } from '../status/notices.js';
import { FRESH_MS, ProgressWatch, STILL_MS } from '../status/progress-watch.js';
import { failuresOf } from '../status/summary.js';
import { isUnreadable, type Limits } from '../zone/drop-zone.js';
import { pickWithHandles } from '../zone/handle-picker.js';
import { StripKeeper } from '../zone/strip-keeper.js';

export interface ViewHost extends LitElement, ExtrasHost, ReportHost {
  readonly progress: AggregateProgress;
}

export interface ViewParts extends Omit<EditsHost, 'notices' | 'say' | 'render'> {
  readonly texts: () => Localizer;
  readonly limits: () => Limits;
}

export type ViewFacts = Pick<
  ViewContext,
  'view' | 'stored' | 'errorText' | 'isResumeOff' | 'startable' | 'inForm' | 'isField'
> & {
  readonly list: 'full' | 'summary' | 'none';
  readonly takesMany: boolean;
};

export class UploadsView {
  readonly #host: ViewHost;
  readonly #parts: ViewParts;
  readonly #list: ListView;
  readonly #extras: RowExtras;
  readonly #announcer: Announcer;
  readonly #watch = new ProgressWatch();
  #nextLook: ReturnType<typeof setTimeout> | undefined;
  readonly errors = new ErrorLog();
  readonly notices: Notices;
  readonly edits: UserEdits;
  readonly pick = pickWithHandles;

  constructor(host: ViewHost, parts: ViewParts) {
    const render = () => host.requestUpdate();
    this.#host = host;
    this.#parts = parts;
    this.#list = new ListView(host);
    this.#extras = new RowExtras(host);
    this.#announcer = new Announcer({ texts: parts.texts, progress: () => host.progress, onMessage: render });
    this.notices = new Notices(render);
    this.edits = new UserEdits({
      ...parts,
      notices: this.notices,
      say: (key, values) => this.say(key, values),
      render,
    });
    new FieldReport(host);
    new FocusKeeper(host);
    new StripKeeper(host);
    new Thumbnails(host, (id) => parts.engine().fileOf(id));
    // After the focus keeper, which must not move the focus to a row that is fading out.
    new Motion(host);
  }

  /** The text of the polite live region. */
  get message(): string {
    return this.#announcer.message;
  }

  /** The text of the alert. */
  get alert(): string | typeof nothing {
    const { stop } = failuresOf(this.#host.uploads);
    return stop === null ? nothing : this.#parts.texts().text(stop);
  }

  /** Handles an engine event. */
  hear(name: keyof EngineEventMap, event: CustomEvent): void {
    if (name === 'upload-rejected') {
      const { file, code } = event.detail as EngineEventMap['upload-rejected'];
      this.notices.reject(file, code, this.#parts.limits());
      if (isUnreadable(this.#parts.limits())) this.errors.unreadableLimit();
    }
    const { error } = event.detail as { readonly error?: UploadErrorInfo };
    if (error && name === 'upload-failed') this.errors.failed(error);
    if (error && name === 'upload-retry') this.errors.retried(error);
    this.#watch.hear(name, event);
    if (this.#host.isConnected) this.#announcer.hear(name, event);
  }

  say(key: StringKey, values?: Values): void {
    this.#announcer.say(this.#parts.texts().text(key, values));
    this.#host.requestUpdate();
  }

  /** Whether every queued file has the fields that the page requires. */
  checkComplete(): boolean {
    return this.#extras.checkComplete();
  }

  render(facts: ViewFacts): TemplateResult {
    const { takesMany, list } = facts;
    const { uploads, isDisabled: disabled } = this.#host;
    const texts = this.#parts.texts();
    const context = { texts, limits: this.#parts.limits(), takesMany, disabled };
    if (list === 'full') this.#list.prepare(facts.view);
    return html`${renderNotices(this.notices, context, this.edits.answer)}
      ${uploads.length > 0 && list !== 'none' ? this.#renderFiles(facts, uploads) : nothing}
      ${this.edits.undo.render(texts)}`;
  }

  #renderFiles(facts: ViewFacts, uploads: readonly UploadSnapshot[]): TemplateResult {
    const failures = failuresOf(uploads);
    this.#watch.isOffline = failures.isOffline;
    return this.#list.render({
      ...facts,
      texts: this.#parts.texts(),
      now: Date.now(),
      retryWindowMs: this.#parts.engine().options.retryWindowMs,
      extras: this.#extras,
      disabled: this.#host.isDisabled,
      uploads,
      progress: this.#host.progress,
      counts: countUploads(uploads),
      failures,
      hasRows: facts.list !== 'summary',
      isCancelTold: this.edits.undo.saidKey === 'filesCanceled',
      watch: this.#watch,
      onAll: (action) => this.edits.performAll(action),
      onAction: (action, id) => this.edits.perform(action, id),
      onMove: (id, index) => this.edits.move(id, index),
      onTell: (key, values) => this.#announcer.answer(this.#parts.texts().text(key, values)),
    });
  }

  /** Called after each rendering: schedules another one where texts change with time. */
  follow(progress: AggregateProgress, counts: Counts): void {
    this.#announcer.follow(progress);
    clearTimeout(this.#nextLook);
    if (counts.active === 0 || !this.#host.isConnected) return;
    const wait = this.#watch.hasFresh ? FRESH_MS : counts.counting ? 1000 : STILL_MS + 50;
    this.#nextLook = setTimeout(() => this.#host.requestUpdate(), wait);
  }

  /** The element was removed from the page. */
  stop(): void {
    this.#announcer.stop();
    this.edits.undo.stop();
    clearTimeout(this.#nextLook);
  }
}

export { ENGLISH } from '../../locales/en.js';
export { keepAwake } from '../page/wake-lock.js';
export { viewStyles } from './uploads-view.styles.js';
